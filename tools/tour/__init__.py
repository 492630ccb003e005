"""Takes the README's pictures of the tour from a running system: ``python -m tools.tour``."""
