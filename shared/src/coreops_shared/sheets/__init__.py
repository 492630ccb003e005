"""Spreadsheets: the façade, its backends and typed rows."""
