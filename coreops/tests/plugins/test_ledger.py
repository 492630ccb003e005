from __future__ import annotations

from collections.abc import Callable

import pytest

from coreops.plugins.ledger import Ledger
from coreops_hookspecs.errors import DeclarationError


def put(held: list[str], name: str) -> Callable[[], Callable[[], None]]:
    def add() -> Callable[[], None]:
        held.append(name)
        return lambda: held.remove(name)

    return add


def test_a_second_owner_of_a_name_is_refused_naming_both_and_nothing_is_added() -> None:
    ledger, held = Ledger(), []
    ledger.record("a", "bucket", "clans", put(held, "clans"))
    with pytest.raises(DeclarationError, match=r"bucket 'clans' of plugin 'b' is already contributed by plugin 'a'"):
        ledger.record("b", "bucket", "clans", put(held, "again"))
    assert held == ["clans"]


def test_the_same_name_in_another_kind_is_another_thing() -> None:
    ledger, held = Ledger(), []
    ledger.record("a", "bucket", "clans", put(held, "bucket"))
    ledger.record("b", "command", "clans", put(held, "command"))
    assert (ledger.owner("bucket", "clans"), ledger.owner("command", "clans")) == ("a", "b")


def test_undo_takes_out_last_in_first_out_and_leaves_others_alone() -> None:
    ledger, gone = Ledger(), []
    for name in ("one", "two"):
        ledger.record("a", "job", name, lambda name=name: lambda: gone.append(name))
    ledger.record("b", "job", "three", lambda: lambda: gone.append("three"))
    assert ledger.undo("a") == ()
    assert gone == ["two", "one"]
    assert ledger.of("a") == ()
    assert ledger.counts("b") == {"job": 1}


def test_a_removal_that_raises_does_not_stop_the_others_and_is_named() -> None:
    ledger, gone = Ledger(), []

    def broken() -> None:
        raise RuntimeError("stuck")

    ledger.record("a", "job", "good", lambda: lambda: gone.append("good"))
    ledger.record("a", "job", "bad", lambda: broken)
    ((entry, error),) = ledger.undo("a")
    assert (entry.name, str(error), gone) == ("bad", "stuck", ["good"])
    assert [left.name for left in ledger.of("a")] == ["bad"]


def test_a_contribution_that_ended_by_itself_is_forgotten() -> None:
    ledger = Ledger()
    entry = ledger.record("a", "task", "poll", lambda: lambda: None)
    ledger.strike(entry)
    assert ledger.owner("task", "poll") is None
