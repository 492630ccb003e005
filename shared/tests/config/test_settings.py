"""Settings come typed from environment and file; what is wrong is said all at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from coreops_hookspecs.errors import ConfigError
from coreops_shared.config.settings import Settings, load

ACCOUNT = {
    "type": "service_account",
    "client_email": "bot@example.iam",
    "private_key": "-----BEGIN PRIVATE KEY-----\nplanted\n-----END PRIVATE KEY-----\n",
    "token_uri": "https://oauth2.googleapis.com/token",
}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The least environment that works."""
    workbook = tmp_path / "workbook"
    workbook.mkdir()
    return {"DISCORD_TOKEN": "planted.bot.token", "COREOPS_WORKBOOK": str(workbook)}


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    return tmp_path / "coreops.toml"


def problems(env: Mapping[str, str], file: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(env, file)
    return caught.value.problems


def source_of(settings: Settings, key: str) -> str:
    return next(value.source for value in settings.describe() if value.key == key)


def test_the_least_environment_gives_the_defaults(env: dict[str, str]) -> None:
    settings = load(env)
    assert settings.discord_token.reveal() == "planted.bot.token"
    assert (settings.http_host, settings.http_port, settings.prefix) == ("127.0.0.1", 8080, "!")
    assert settings.state_dir == Path(".run/state")
    assert settings.discord_rest_url == "https://discord.com/api/v10"
    assert settings.plugins is None
    assert settings.plugins_blocked == frozenset()
    assert not settings.administrator_is_admin
    assert source_of(settings, "COREOPS_HTTP_PORT") == "default"


def test_the_predecessors_keys_keep_working(env: dict[str, str]) -> None:
    settings = load(
        env
        | {
            "ADMIN_ROLE_IDS": "1082501234567890123, 2",
            "STAFF_ROLE_IDS": "3",
            "RECRUITER_ROLE_IDS": "4,",
            "LEAD_ROLE_IDS": "5",
            "GUILD_IDS": "6,7",
            "RECRUITMENT_SHEET_ID": "recruitment",
            "ONBOARDING_SHEET_ID": "onboarding",
            "ENV_NAME": "prod",
            "BOT_NAME": "Woad",
            "BOT_VERSION": "0.9",
            "TIMEZONE": "Europe/Vienna",
            "PORT": "9000",
            "LOG_LEVEL": "warn",
            "LOG_CHANNEL_ID": "8",
            "WATCHDOG_CHECK_SEC": "30",
            "WATCHDOG_STALL_SEC": "90",
            "WATCHDOG_DISCONNECT_GRACE_SEC": "45",
        }
    )
    assert settings.admin_role_ids == {1082501234567890123, 2}
    assert (settings.staff_role_ids, settings.recruiter_role_ids, settings.lead_role_ids) == ({3}, {4}, {5})
    assert settings.guild_ids == {6, 7}
    assert (settings.recruitment_sheet_id, settings.onboarding_sheet_id) == ("recruitment", "onboarding")
    assert (settings.env_name, settings.bot_name, settings.bot_version) == ("prod", "Woad", "0.9")
    assert (settings.timezone, settings.http_port, settings.log_level) == ("Europe/Vienna", 9000, "WARNING")
    assert settings.log_channel_id == 8
    assert settings.watchdog_check_sec == 30
    assert settings.watchdog_stall_sec == 90
    assert settings.watchdog_disconnect_grace_sec == 45


def test_defaults_that_follow_from_other_settings(env: dict[str, str]) -> None:
    test = load(env | {"RECRUITMENT_SHEET_ID": "r"})
    assert (test.watchdog_check_sec, test.watchdog_stall_sec, test.watchdog_disconnect_grace_sec) == (60, 210, 210)
    assert test.config_sheet_id == "r"
    production = load(env | {"ENV_NAME": "prod", "CONFIG_SHEET_ID": "c"})
    assert (production.watchdog_check_sec, production.watchdog_stall_sec) == (360, 1110)
    assert production.config_sheet_id == "c"


@pytest.mark.parametrize(
    ("extra", "sync"),
    [
        ({"ENV_NAME": "prod"}, "global"),
        ({"ENV_NAME": "prod", "GUILD_IDS": "1"}, "guild"),
        ({"ENV_NAME": "prod", "GUILD_IDS": "1,2"}, "global"),
        ({"ENV_NAME": "test", "GUILD_IDS": "1,2"}, "guild"),
        ({"ENV_NAME": "test", "COREOPS_SYNC": "global"}, "global"),
    ],
)
def test_commands_are_synced_to_one_guild_unless_this_is_production(
    env: dict[str, str], extra: dict[str, str], sync: str
) -> None:
    assert load(env | extra).sync == sync


def test_every_problem_is_listed_at_once_with_source_and_expectation() -> None:
    assert problems(
        {"PORT": "80x", "LOG_LEVEL": "loud", "TIMEZONE": "Europe/Wien", "ADMIN_ROLE_IDS": "1,two,three"}
    ) == (
        "DISCORD_TOKEN (env): missing; expected the bot's token",
        'ADMIN_ROLE_IDS (env): "1,two,three" is not Discord ids, separated by commas',
        'PORT (env): "80x" is not an integer from 0 to 65535',
        'TIMEZONE (env): "Europe/Wien" is not an IANA time zone; did you mean "Europe/Vienna"',
        'LOG_LEVEL (env): "loud" is not DEBUG, INFO, WARNING, ERROR or CRITICAL',
        "GSPREAD_CREDENTIALS or COREOPS_WORKBOOK (env): missing; expected one: a service account, or a folder",
    )


def test_the_message_lists_the_problems_too() -> None:
    with pytest.raises(ConfigError, match=r"DISCORD_TOKEN.*\n.*PORT.*\n.*COREOPS_WORKBOOK"):
        load({"PORT": "-1"})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("PORT", "65536"),
        ("COREOPS_PREFIX", "has blank"),
        ("COREOPS_PREFIX", "!,"),
        ("COREOPS_SAFE", "perhaps"),
        ("COREOPS_SYNC", "both"),
        ("COREOPS_DISCORD_REST_URL", "ftp://x"),
        ("COREOPS_WORKBOOK", "does/not/exist"),
        ("COREOPS_LOG_FORMAT", "xml"),
        ("LOG_CHANNEL_ID", "0"),
        ("GUILD_IDS", str(2**64)),
        ("WATCHDOG_CHECK_SEC", "0"),
        ("WATCHDOG_STALL_SEC", "nan"),
        ("COREOPS_STARTUP_DEADLINE_SEC", "inf"),
        ("TIMEZONE", "../etc/passwd"),
    ],
)
def test_a_wrong_value_is_one_problem_that_shows_it(env: dict[str, str], key: str, value: str) -> None:
    (problem,) = problems(env | {key: value})
    assert problem.startswith(f'{key} (env): "{value}" is not ')


def test_a_long_wrong_value_is_cut(env: dict[str, str]) -> None:
    (problem,) = problems(env | {"GUILD_IDS": "x" * 1000})
    assert len(problem) < 150


def test_both_stores_of_spreadsheets_are_one_too_many(env: dict[str, str]) -> None:
    (problem,) = problems(env | {"GSPREAD_CREDENTIALS": json.dumps(ACCOUNT)})
    assert problem.startswith("GSPREAD_CREDENTIALS or COREOPS_WORKBOOK (env): both are given")


def test_credentials_may_be_json_or_a_path(tmp_path: Path) -> None:
    path = tmp_path / "account.json"
    path.write_text(json.dumps(ACCOUNT))
    for value in (json.dumps(ACCOUNT), str(path)):
        settings = load({"DISCORD_TOKEN": "t", "GSPREAD_CREDENTIALS": value})
        assert settings.gspread_credentials is not None
        assert settings.gspread_credentials.reveal() == value


@pytest.mark.parametrize("url", ["http://127.0.0.1:8081/google/", "http://[::1]:1", "https://127.9.9.9"])
def test_googles_stand_in_may_be_on_this_machine(env: dict[str, str], url: str) -> None:
    assert load(env | {"COREOPS_GOOGLE_API_URL": url}).google_api_url == url.rstrip("/")
    assert load(env).google_api_url is None


@pytest.mark.parametrize(
    "url",
    [
        "https://sheets.example.com",
        "http://localhost:8081",
        "http://127.0.0.1@example.com",
        "http://127.0.0.1.example.com",
        "http://192.0.2.1",
        "http://[::]",
    ],
)
def test_googles_stand_in_may_be_nowhere_else(env: dict[str, str], url: str) -> None:
    (problem,) = problems(env | {"COREOPS_GOOGLE_API_URL": url})
    assert problem.startswith(f'COREOPS_GOOGLE_API_URL (env): "{url}" is not on this machine')


@pytest.mark.parametrize(
    "url", ["http://discord.example", "http://localhost.example:1", "http://169.254.169.254/latest"]
)
def test_the_token_goes_nowhere_without_encryption_but_to_this_machine(env: dict[str, str], url: str) -> None:
    (problem,) = problems(env | {"COREOPS_DISCORD_REST_URL": url})
    assert problem.startswith(f'COREOPS_DISCORD_REST_URL (env): "{url}" would send the token readably')
    for local in ("http://127.0.0.1:8081/api/v10", "http://localhost:8081/api/v10", "https://proxy.example/api/v10"):
        assert load(env | {"COREOPS_DISCORD_REST_URL": local}).discord_rest_url == local


@pytest.mark.parametrize(
    "uri",
    [
        "https://example.com/token",
        "http://oauth2.googleapis.com/token",
        "https://oauth2.googleapis.com.example.com/token",
        "https://oauth2.googleapis.com@example.com/token",
        "https://notgoogleapis.com/token",
        "http://169.254.169.254/token",
        "file:///etc/passwd",
        7,
    ],
)
def test_what_the_private_key_signs_goes_to_google_alone(uri: object) -> None:
    (problem,) = problems({"DISCORD_TOKEN": "t", "GSPREAD_CREDENTIALS": json.dumps(ACCOUNT | {"token_uri": uri})})
    assert problem.startswith(
        "GSPREAD_CREDENTIALS (env): the service account's JSON has a token_uri that is not Google's"
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("/nowhere/planted.json", "cannot be read"),
        ("{planted", "not the JSON of a service account"),
        (json.dumps({"client_email": "planted"}), "no private_key, token_uri"),
        ("planted" * 1000, "cannot be read"),
    ],
)
def test_wrong_credentials_are_explained_and_never_shown(value: str, said: str) -> None:
    (problem,) = problems({"DISCORD_TOKEN": "t", "GSPREAD_CREDENTIALS": value})
    assert problem.startswith("GSPREAD_CREDENTIALS (env): ")
    assert said in problem
    assert "planted" not in problem


def test_a_wrong_secret_is_never_shown(env: dict[str, str], toml: Path) -> None:
    toml.write_text('http_token = ["planted"]\n')
    listed = "\n".join(problems(env | {"DISCORD_TOKEN": "planted two words"}, toml))
    assert "DISCORD_TOKEN (env)" in listed
    assert f"http_token (file:{toml})" in listed
    assert "planted" not in listed


def test_no_output_of_the_settings_shows_a_secret(env: dict[str, str]) -> None:
    settings = load(env | {"COREOPS_HTTP_TOKEN": "planted-too"})
    assert "planted" not in f"{settings!r} {settings} {settings.describe()} {settings.inputs!r}"
    described = {value.key: value for value in settings.describe()}
    assert described["DISCORD_TOKEN"].secret
    assert described["DISCORD_TOKEN"].value is None
    assert described["COREOPS_HTTP_TOKEN"].source == "env"


def test_the_file_names_settings_in_any_case_with_or_without_prefix(env: dict[str, str], toml: Path) -> None:
    toml.write_text(
        'env_name = "prod"\nCOREOPS_HTTP_PORT = 9001\nSAFE = true\nadmin_role_ids = [1, 2]\nguild_ids = 3\n'
    )
    settings = load(env, toml)
    assert (settings.env_name, settings.http_port, settings.safe) == ("prod", 9001, True)
    assert (settings.admin_role_ids, settings.guild_ids) == ({1, 2}, {3})
    assert source_of(settings, "ENV_NAME") == f"file:{toml}"


def test_the_environment_goes_before_the_file_and_an_empty_value_does_not(env: dict[str, str], toml: Path) -> None:
    toml.write_text('env_name = "file"\nbot_name = "file"\n')
    settings = load(env | {"ENV_NAME": "env", "BOT_NAME": " "}, toml)
    assert (settings.env_name, settings.bot_name) == ("env", "file")
    assert source_of(settings, "ENV_NAME") == "env"


def test_the_preferred_name_goes_before_the_older_one(env: dict[str, str]) -> None:
    assert load(env | {"COREOPS_HTTP_PORT": "1", "PORT": "2"}).http_port == 1


def test_an_unknown_or_repeated_key_of_the_file_is_a_problem(env: dict[str, str], toml: Path) -> None:
    toml.write_text('log_levle = "INFO"\nport = 1\nhttp_port = 2\n')
    unknown, repeated = problems(env, toml)
    assert unknown.startswith(f'log_levle (file:{toml}): is not a setting; did you mean "')
    assert "log_level" in unknown.lower()
    assert repeated.startswith(f"http_port (file:{toml}): the same setting")


def test_the_file_is_the_named_one(env: dict[str, str], toml: Path) -> None:
    toml.write_text('env_name = "from-file"\n')
    assert load(env | {"COREOPS_CONFIG": str(toml)}).env_name == "from-file"


def test_the_file_is_found_in_the_working_directory(
    env: dict[str, str], toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml.write_text('env_name = "from-file"\n')
    monkeypatch.chdir(toml.parent)
    assert load(env).env_name == "from-file"


@pytest.mark.parametrize(
    ("content", "said"), [(b"a = ", "is not TOML"), (b"\xff\xfe", "is not TOML"), (b"config = 1", "is not a table")]
)
def test_an_unreadable_file_is_a_problem(env: dict[str, str], toml: Path, content: bytes, said: str) -> None:
    toml.write_bytes(content)
    (problem,) = problems(env, toml)
    assert said in problem


def test_a_named_file_that_is_missing_is_a_problem(env: dict[str, str], toml: Path) -> None:
    (problem,) = problems(env | {"COREOPS_CONFIG": str(toml)})
    assert "cannot be read" in problem


def test_the_process_environment_is_not_read_when_one_is_given(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENV_NAME", "leaked")
    assert load(env).env_name == "dev"
    for key, value in env.items():
        monkeypatch.setenv(key, value)
    assert load().env_name == "leaked"


def test_settings_do_not_change(env: dict[str, str]) -> None:
    settings = load(env)
    with pytest.raises(ValueError, match="frozen"):
        settings.http_port = 1


def test_keys_of_plugins_are_looked_up_in_the_environment_and_the_file(env: dict[str, str], toml: Path) -> None:
    toml.write_text('[config]\nwelcome_text = "hi"\nbanner = "file"\n')
    inputs = load(env | {"BANNER": "env"}, toml).inputs
    banner, welcome = inputs.find("BANNER"), inputs.find("WELCOME_TEXT")
    assert banner is not None
    assert (banner.value, banner.source) == ("env", "env")
    assert welcome is not None
    assert (welcome.value, welcome.source) == ("hi", f"file:{toml}")
    assert inputs.find("OTHER") is None
    toml.write_text('[config]\nwelcome_text = "hello"\n')
    again = inputs.reread().find("WELCOME_TEXT")
    assert again is not None
    assert again.value == "hello"
