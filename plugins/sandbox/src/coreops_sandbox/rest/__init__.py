"""Discord's HTTP API, version 10, over the sandbox's world."""
