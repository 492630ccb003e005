"""Configuration: settings of the process, and the keys that plugins declare."""
