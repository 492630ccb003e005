"""What an operator does to a runtime that serves: reload, restart, look at the spreadsheets, tune the buckets."""
