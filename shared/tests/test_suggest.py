"""Suggestions name the nearest known word or nothing."""

from __future__ import annotations

from coreops_shared.suggest import closest, did_you_mean


def test_the_closest_name_is_suggested_whatever_its_case() -> None:
    assert closest("CLAN_TGA", ["clan_tag", "level"]) == "clan_tag"
    assert did_you_mean("Levle", ["clan_tag", "level"]) == '; did you mean "level"'


def test_nothing_is_suggested_when_nothing_is_near() -> None:
    assert closest("zzz", ["clan_tag", "level"]) is None
    assert did_you_mean("zzz", []) == ""
