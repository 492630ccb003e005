"""Raises toasts, to which other plugins add words."""
