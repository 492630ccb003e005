"""See plugin."""
