"""Places in clans held for newcomers: reserved, extended and released, reminded of, and never more than are open."""
