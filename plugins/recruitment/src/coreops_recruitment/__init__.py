"""Clan recruitment for a gaming community: clan cards, a clan search, and a daily report for recruiters."""
