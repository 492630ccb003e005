"""Each setting of the process says what it is for."""

from __future__ import annotations

from coreops_shared.config.fields import keys_of
from coreops_shared.config.helps import HELPS
from coreops_shared.config.settings import Settings, load


def test_every_setting_has_its_sentence_and_no_sentence_is_left_over() -> None:
    assert {keys_of(field)[0] for field in Settings.model_fields.values()} == set(HELPS)
    assert not [key for key, text in HELPS.items() if not text or text.endswith(".")]


def test_a_described_setting_tells_what_it_is_for_and_what_a_value_looks_like() -> None:
    described = {value.key: value for value in load({"DISCORD_TOKEN": "a.b.c", "COREOPS_WORKBOOK": "."}).describe()}
    assert described["COREOPS_SAFE"].help == (
        "Run the plugin ops and nothing else, as coreops run --safe does: true or false"
    )
