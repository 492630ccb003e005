"""What happens, told: the event bus, the lines and notices made of its events, and words for both."""
