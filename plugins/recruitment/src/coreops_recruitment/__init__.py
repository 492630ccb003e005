"""Clan recruitment for a gaming community: the clans bucket and the clan card."""
