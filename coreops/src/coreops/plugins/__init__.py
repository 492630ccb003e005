"""Plugins: found, checked, started, guarded, accounted for and taken out again."""
