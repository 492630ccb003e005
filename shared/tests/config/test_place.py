"""Looking after a bot needs its place alone: no token, no spreadsheets, nothing else that could be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from coreops_hookspecs.errors import ConfigError
from coreops_shared.config.settings import load, load_place


def test_the_place_is_known_without_a_token_and_beside_other_settings_that_are_wrong() -> None:
    place = load_place({"COREOPS_STATE_DIR": "/srv/bot", "LOG_LEVEL": "loud", "COREOPS_HTTP_TOKEN": "hunter2"})
    assert (place.state_dir, place.log_file) == (Path("/srv/bot"), None)
    assert place.http_token is not None
    assert place.http_token.reveal() == "hunter2"
    assert "hunter2" not in repr(place)


def test_it_is_the_same_place_as_that_of_the_bot(tmp_path: Path) -> None:
    file = tmp_path / "coreops.toml"
    file.write_text('discord_token = "a.b.c"\nworkbook = "."\nstate_dir = "kept"\nlog_file = "bot.log"\n')
    place, settings = load_place({}, file), load({}, file)
    assert place.model_dump() == {name: getattr(settings, name) for name in type(place).model_fields}


def test_a_key_of_the_file_that_is_no_setting_is_a_problem_here_too(tmp_path: Path) -> None:
    file = tmp_path / "coreops.toml"
    file.write_text('state_dri = "kept"\n')
    with pytest.raises(ConfigError, match=r'state_dri .* is not a setting; did you mean "state_dir"'):
        load_place({}, file)
