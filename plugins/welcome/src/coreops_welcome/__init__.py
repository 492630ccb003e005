"""Welcomes for a gaming community: clans' texts for recruits, greetings for who joins, and tickets."""
