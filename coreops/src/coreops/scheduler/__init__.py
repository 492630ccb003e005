"""Scheduled work: when a job is due, running it, and what is known of its runs."""
