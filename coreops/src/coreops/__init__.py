"""The runtime spine of a Discord bot whose data lives in Google Sheets."""
