"""Adds cheers to toasts."""
