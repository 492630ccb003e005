"""Custom ids carry what was put in, and cannot be made up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coreops.commands.seal import Sealed, Sealer, tag_of
from coreops.commands.seal_key import kept_key
from coreops_hookspecs.controls import STATE_LIMIT
from coreops_hookspecs.errors import CoreOpsError

KEY = bytes(range(32))
TAG = tag_of("demo", "page")


@given(st.text(max_size=STATE_LIMIT), st.none() | st.integers(1, 2**64 - 1))
def test_a_sealed_id_fits_and_gives_back_what_was_put_in(state: str, owner: int | None) -> None:
    sealed = Sealed(TAG, owner, state)
    custom_id = Sealer(KEY).seal(sealed)
    assert len(custom_id) <= 100
    assert Sealer(KEY).open(custom_id) == sealed


@given(st.integers(0, 200), st.characters(codec="utf-8"))
def test_an_id_with_any_character_changed_is_not_opened(place: int, sign: str) -> None:
    custom_id = Sealer(KEY).seal(Sealed(TAG, 42, "a state"))
    place %= len(custom_id)
    changed = custom_id[:place] + sign + custom_id[place + 1 :]
    assert changed == custom_id or Sealer(KEY).open(changed) is None


@given(st.text(max_size=100))
def test_whatever_text_is_pressed_nothing_raises(custom_id: str) -> None:
    assert Sealer(KEY).open(custom_id) is None


def test_the_key_of_another_bot_opens_nothing() -> None:
    assert Sealer(b"other").open(Sealer(KEY).seal(Sealed(TAG, 42, "x"))) is None


class Values:
    def __init__(self, *, broken: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.broken = broken

    async def kv_get(self, plugin: str, key: str) -> str | None:
        if self.broken:
            raise CoreOpsError("the disk is full")
        return self.kept.get((plugin, key))

    async def kv_set(self, plugin: str, key: str, value: str) -> None:
        self.kept[plugin, key] = value


async def test_the_key_of_the_first_run_serves_the_later_ones() -> None:
    store = Values()
    first = await kept_key(store)
    assert await kept_key(store) == first
    assert len(first) == 32


async def test_without_the_store_there_is_a_key_for_this_run() -> None:
    assert await kept_key(Values(broken=True), lambda: KEY) == KEY
