"""Lists drinks."""
