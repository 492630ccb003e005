"""What the plugin says."""

WORD = "hello"
