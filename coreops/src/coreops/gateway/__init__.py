"""The connection to Discord: unmodified hikari, its life and the signs of it."""
