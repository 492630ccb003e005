from __future__ import annotations

import inspect
import re

import pytest

from coreops_hookspecs import errors
from coreops_hookspecs.errors import (
    ConfigError,
    CooldownError,
    CoreOpsError,
    SheetsError,
    SheetsQuotaError,
    SheetsSchemaError,
    SheetsUnavailableError,
)

ALL = [kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, CoreOpsError)]
EXTRA = {CooldownError: {"retry_after": 4.0}}


def drawn(kind: type[CoreOpsError], lead: str = "") -> list[str]:
    """Draw the tree below ``kind`` the way the module's docstring does."""
    children = [child for child in ALL if child.__base__ is kind]
    lines = []
    for child in children:
        last = child is children[-1]
        lines.append(f"{lead}{'└── ' if last else '├── '}{child.__name__}")
        lines += drawn(child, lead + ("    " if last else "│   "))
    return lines


def test_the_drawing_in_the_docstring_is_the_tree() -> None:
    drawing = re.findall(r"^ {4}([│├└─ ]*\w+Error)\b", inspect.getdoc(errors) or "", re.MULTILINE)
    assert drawing == ["CoreOpsError", *drawn(CoreOpsError)]


def test_every_error_is_public_and_has_the_suffix() -> None:
    assert {kind.__name__ for kind in ALL} == set(errors.__all__)
    assert all(kind.__name__.endswith("Error") for kind in ALL)


@pytest.mark.parametrize("kind", ALL)
def test_every_error_has_a_sentence_for_the_caller(kind: type[CoreOpsError]) -> None:
    extra = EXTRA.get(kind, {})
    assert kind("tab Clans is missing", **extra).user_message == "Tab Clans is missing."
    assert kind("tab Clans is missing", user_message="Ask an admin.", **extra).user_message == "Ask an admin."
    assert str(kind("tab Clans is missing", user_message="Ask an admin.", **extra)) == "tab Clans is missing"


def test_only_what_may_pass_by_itself_is_retryable() -> None:
    retryable = {kind for kind in ALL if issubclass(kind, SheetsError) and kind.retryable}
    assert retryable == {SheetsQuotaError, SheetsUnavailableError}


@pytest.mark.parametrize("kind", [ConfigError, SheetsSchemaError])
def test_errors_about_many_things_keep_every_problem(kind: type[ConfigError] | type[SheetsSchemaError]) -> None:
    assert kind("two problems", problems=["first", "second"]).problems == ("first", "second")


def test_a_server_that_says_when_to_come_back_is_remembered() -> None:
    assert SheetsQuotaError("too many requests", retry_after=12.5).retry_after == 12.5
    assert SheetsQuotaError("too many requests").retry_after is None
