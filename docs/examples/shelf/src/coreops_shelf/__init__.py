"""Keeps the spreadsheets in one JSON file, and makes sure that one bot of a fleet serves."""
