"""Keeps watch: tells over HTTP what the runtime went through, and turns callers away at night."""
