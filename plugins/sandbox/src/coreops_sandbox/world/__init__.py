"""The state of the local Discord, what people do in it, and the dispatches that follow."""
