"""Buckets as the operator wants them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from coreops.operations.tuning import Tuning, settings_of, tuned
from coreops_hookspecs.cache import BucketSpec
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.operations import BucketChange
from coreops_shared.config.declared import Resolved


@dataclass(frozen=True)
class Row:
    name: str


SPEC = BucketSpec("my-clans", "BOOK", "Clans", Row, "name", ttl=timedelta(hours=3), max_age=timedelta(days=2))


class Room:
    """The registry's and the cache's part."""

    def __init__(self) -> None:
        self.values: dict[str, Resolved] = {}
        self.specs: dict[str, BucketSpec[Any]] = {}
        self.refused = ""

    def resolved(self) -> dict[str, Resolved]:
        return self.values

    def add(self, plugin: str, item: Any) -> Callable[[], None]:
        if isinstance(item, BucketSpec):
            self.specs[item.name] = item
            return lambda: self.specs.pop(item.name)
        if item.key == self.refused:
            raise DeclarationError(f"{item.key} is taken")
        self.values.setdefault(item.key, Resolved(item.default, "default"))
        return lambda: self.values.pop(item.key)

    def retune(self, spec: BucketSpec[Any]) -> BucketSpec[Any]:
        before, self.specs[spec.name] = self.specs[spec.name], spec
        return before

    def say(self, **values: str) -> None:
        self.values |= {
            f"BUCKET_MY_CLANS_{key}": Resolved(text, "sheet:book!Config!B2") for key, text in values.items()
        }


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def tuning(room: Room, said: list[str]) -> Tuning:
    return Tuning(room, room, said.append)


def test_a_bucket_brings_its_settings_with_its_declaration_as_defaults() -> None:
    assert {setting.key: setting.default for setting in settings_of(SPEC)} == {
        "BUCKET_MY_CLANS_TAB": "Clans",
        "BUCKET_MY_CLANS_TTL": "3 h",
        "BUCKET_MY_CLANS_MAX_AGE": "2 d",
        "BUCKET_MY_CLANS_CRON": "none",
    }


def test_what_the_operator_says_replaces_what_was_declared_and_is_told(tuning: Tuning, room: Room) -> None:
    tuning.add("demo", SPEC)
    room.say(TAB="Clans 2", TTL="1 h 30 min", MAX_AGE="none", CRON="0 6 * * *")
    assert tuning.apply() == (
        BucketChange("my-clans", "tab", "Clans", "Clans 2"),
        BucketChange("my-clans", "ttl", "3 h", "1 h 30 min"),
        BucketChange("my-clans", "max_age", "2 d", "none"),
        BucketChange("my-clans", "cron", "none", "0 6 * * *"),
    )
    spec = room.specs["my-clans"]
    assert (spec.tab, spec.ttl, spec.max_age, spec.cron) == ("Clans 2", timedelta(minutes=90), None, "0 6 * * *")
    assert tuning.apply() == ()


def test_what_the_operator_takes_back_is_as_declared_again(tuning: Tuning, room: Room) -> None:
    room.say(TTL="5 min")
    tuning.add("demo", SPEC)
    assert room.specs["my-clans"].ttl == timedelta(minutes=5)
    room.values["BUCKET_MY_CLANS_TTL"] = Resolved("3 h", "default")
    assert [change.new for change in tuning.apply()] == ["3 h"]
    assert room.specs["my-clans"] == SPEC


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("TTL", "soon", '"soon" is not a length of time such as 15 min or 3 h'),
        ("TTL", "15", '"15" is not a length of time'),
        ("TTL", "3 weeks", '"3 weeks" is not a length of time'),
        ("TTL", "0 s", '"0 s" is not more than nothing'),
        ("TTL", "3 d", "max_age 2 d is shorter than its ttl 3 d"),
        ("MAX_AGE", "1 min", "max_age 1 min is shorter than its ttl 3 h"),
        ("CRON", "every day", "BUCKET_MY_CLANS_CRON (sheet:book!Config!B2): bucket 'my-clans': "),
    ],
)
def test_what_cannot_be_used_is_named_with_its_cell_and_the_declaration_serves(
    tuning: Tuning, room: Room, said: list[str], key: str, text: str, expected: str
) -> None:
    room.say(**{key: text})
    tuning.add("demo", SPEC)
    assert room.specs["my-clans"] == SPEC
    (problem,) = tuning.problems(room.values)
    assert expected in problem
    assert "sheet:book!Config!B2" in problem
    assert said == [problem]


def test_lengths_of_time_are_read_as_people_write_them() -> None:
    for text, seconds in {"90s": 90, "15 MIN": 900, "1.5 h": 5400, "7 d": 604_800, "1 h 30 m": 5400}.items():
        values = {"BUCKET_MY_CLANS_TTL": Resolved(text, "env"), "BUCKET_MY_CLANS_MAX_AGE": Resolved("none", "env")}
        spec, problems = tuned(SPEC, values)
        assert problems == []
        assert spec.ttl.total_seconds() == seconds


def test_a_bucket_leaves_with_its_settings(tuning: Tuning, room: Room) -> None:
    remove = tuning.add("demo", SPEC)
    remove()
    assert (room.specs, room.values, tuning.apply()) == ({}, {}, ())


def test_a_bucket_whose_settings_are_taken_leaves_nothing_behind(tuning: Tuning, room: Room) -> None:
    room.refused = "BUCKET_MY_CLANS_CRON"
    with pytest.raises(DeclarationError):
        tuning.add("demo", SPEC)
    assert (room.specs, room.values) == ({}, {})
