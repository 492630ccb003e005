"""Shows the entries of a spreadsheet's tab."""

__version__ = "0.1.0"
