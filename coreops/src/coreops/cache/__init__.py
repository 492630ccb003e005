"""Buckets: named, typed tables kept fresh in the background and read without waiting."""
