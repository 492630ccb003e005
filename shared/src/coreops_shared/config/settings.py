"""Settings of the process, read once from the environment and ``coreops.toml``. Nothing else reads ``os.environ``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import PrivateAttr, ValidationError
from pydantic.fields import FieldInfo

from coreops_hookspecs import SettingValue
from coreops_hookspecs.errors import ConfigError
from coreops_shared.config.fields import find_fields, help_of, is_secret, key, keys_of, validation_problems
from coreops_shared.config.kinds import (
    Count,
    Credentials,
    DiscordUrl,
    Folder,
    HttpUrl,
    Level,
    LocalUrl,
    Names,
    Port,
    Prefix,
    Seconds,
    SecretText,
    SheetsLocale,
    Snowflake,
    Snowflakes,
    Timezone,
)
from coreops_shared.config.place import Place
from coreops_shared.config.sources import ConfigFile, Found, Inputs, read_file

__all__ = ["Settings", "load", "load_place"]

DEFAULT_FILE: Final = Path("coreops.toml")


def _check_seconds(data: dict[str, Any]) -> float:
    return 360.0 if data.get("env_name") == "prod" else 60.0


def _stall_seconds(data: dict[str, Any]) -> float:
    return 3 * float(data.get("watchdog_check_sec", 60.0)) + 30


def _sync(data: dict[str, Any]) -> str:
    return "guild" if len(data.get("guild_ids", ())) == 1 or data.get("env_name") != "prod" else "global"


class Settings(Place):
    """Typed settings of one runtime; immutable. :meth:`describe` tells where each comes from.

    Durations are in seconds, ids are Discord snowflakes.
    """

    # the ground others derive their defaults from
    env_name: str = key("ENV_NAME", default="dev", expected="a name such as prod")
    bot_name: str = key("BOT_NAME", default="CoreOps", expected="a name")
    bot_version: str = key("BOT_VERSION", default="dev", expected="a version")

    discord_token: SecretText = key("DISCORD_TOKEN", secret=True, expected="the bot's token")
    discord_rest_url: DiscordUrl = key(
        "COREOPS_DISCORD_REST_URL", default="https://discord.com/api/v10", expected="an https address"
    )
    prefix: Prefix = key(
        "COREOPS_PREFIX",
        default="!",
        expected="one to five characters without blanks; up to five such, separated by commas",
    )
    guild_ids: Snowflakes = key("GUILD_IDS", default=frozenset(), expected="Discord ids, separated by commas")
    sync: Literal["guild", "global"] = key("COREOPS_SYNC", derived=_sync, expected="guild or global")

    admin_role_ids: Snowflakes = key("ADMIN_ROLE_IDS", default=frozenset(), expected="Discord ids, separated by commas")
    staff_role_ids: Snowflakes = key("STAFF_ROLE_IDS", default=frozenset(), expected="Discord ids, separated by commas")
    recruiter_role_ids: Snowflakes = key(
        "RECRUITER_ROLE_IDS", default=frozenset(), expected="Discord ids, separated by commas"
    )
    lead_role_ids: Snowflakes = key("LEAD_ROLE_IDS", default=frozenset(), expected="Discord ids, separated by commas")
    administrator_is_admin: bool = key("COREOPS_ADMINISTRATOR_IS_ADMIN", default=False, expected="true or false")

    gspread_credentials: Credentials | None = key(
        "GSPREAD_CREDENTIALS",
        default=None,
        secret=True,
        expected="a service account's JSON or the path of a file with it",
    )
    google_api_url: LocalUrl | None = key(
        "COREOPS_GOOGLE_API_URL",
        default=None,
        expected="the loopback address of a server in Google's place, such as the sandbox",
    )
    sheets_reads_per_minute: Count = key(
        "COREOPS_SHEETS_READS_PER_MINUTE", default=60, expected="how often Google lets the account read in a minute"
    )
    sheets_writes_per_minute: Count = key(
        "COREOPS_SHEETS_WRITES_PER_MINUTE", default=60, expected="how often Google lets the account write in a minute"
    )
    sheets_locale: SheetsLocale = key(
        "COREOPS_SHEETS_LOCALE", default="", expected="the locale of the spreadsheets, such as de or en_GB"
    )
    workbook: Folder | None = key(
        "COREOPS_WORKBOOK", default=None, expected="a folder of spreadsheets, each a folder of CSV files"
    )
    workbook_watch: bool = key("COREOPS_WORKBOOK_WATCH", default=True, expected="true or false")
    recruitment_sheet_id: str = key("RECRUITMENT_SHEET_ID", default="", expected="a spreadsheet's id")
    onboarding_sheet_id: str = key("ONBOARDING_SHEET_ID", default="", expected="a spreadsheet's id")
    config_sheet_id: str = key(
        "CONFIG_SHEET_ID",
        derived=lambda data: data.get("recruitment_sheet_id", ""),
        expected="the id of the spreadsheet with the tabs Config and FeatureToggles",
    )

    telemetry_days: Count = key("COREOPS_TELEMETRY_DAYS", default=30, expected="a whole number of days")
    telemetry_mb: Count = key("COREOPS_TELEMETRY_MB", default=64, expected="a whole number of megabytes")
    http_host: str = key("COREOPS_HTTP_HOST", default="127.0.0.1", expected="an address to listen on")
    http_port: Port = key("COREOPS_HTTP_PORT", "PORT", default=8080, expected="an integer from 0 to 65535")

    timezone: Timezone = key("TIMEZONE", default="UTC", expected="an IANA time zone such as Europe/Vienna")
    log_level: Level = key("LOG_LEVEL", default="INFO", expected="DEBUG, INFO, WARNING, ERROR or CRITICAL")
    log_format: Literal["json", "pretty", "auto"] = key(
        "COREOPS_LOG_FORMAT", default="auto", expected="json, pretty or auto"
    )
    log_file_mb: Count = key("COREOPS_LOG_FILE_MB", default=16, expected="a whole number of megabytes")
    log_file_days: Count = key("COREOPS_LOG_FILE_DAYS", default=14, expected="a whole number of days")
    log_channel_id: Snowflake | None = key("LOG_CHANNEL_ID", default=None, expected="a Discord id")

    otel_endpoint: HttpUrl | None = key(
        "OTEL_EXPORTER_OTLP_ENDPOINT", default=None, expected="an http or https address"
    )

    watchdog_check_sec: Seconds = key("WATCHDOG_CHECK_SEC", derived=_check_seconds, expected="a number above 0")
    watchdog_stall_sec: Seconds = key("WATCHDOG_STALL_SEC", derived=_stall_seconds, expected="a number above 0")
    watchdog_disconnect_grace_sec: Seconds = key(
        "WATCHDOG_DISCONNECT_GRACE_SEC",
        derived=lambda data: data.get("watchdog_stall_sec", 210.0),
        expected="a number above 0",
    )
    startup_deadline_sec: Seconds = key("COREOPS_STARTUP_DEADLINE_SEC", default=60.0, expected="a number above 0")

    notify_socket: str = key("NOTIFY_SOCKET", default="", expected="a socket, as systemd gives it to its services")
    watchdog_usec: int = key("WATCHDOG_USEC", default=0, expected="microseconds, as systemd gives them to its services")

    reboot: Literal["exec", "exit"] = key(
        "COREOPS_REBOOT",
        default="exec",
        expected="exec to start anew in place, exit to end with code 7 for a supervisor to start again",
    )
    safe: bool = key("COREOPS_SAFE", default=False, expected="true or false")
    plugins: Names | None = key("COREOPS_PLUGINS", default=None, expected="names of plugins, separated by commas")
    plugins_blocked: Names = key(
        "COREOPS_PLUGINS_BLOCKED", default=frozenset(), expected="names of plugins, separated by commas"
    )
    plugins_lock: Path | None = key(
        "COREOPS_PLUGINS_LOCK", default=None, expected="a file that coreops plugins lock has written"
    )

    _found: dict[str, Found] = PrivateAttr(default_factory=dict)
    _inputs: Inputs = PrivateAttr(default_factory=Inputs)

    def located(self, found: dict[str, Found], inputs: Inputs) -> Self:
        """Return these settings, knowing where each value was found."""
        self._found, self._inputs = found, inputs
        return self

    @property
    def inputs(self) -> Inputs:
        """The environment and file these settings come from, where the keys of plugins are looked up too."""
        return self._inputs

    def describe(self) -> tuple[SettingValue, ...]:
        """Return every setting with its source, in the order of declaration; secrets are withheld."""
        return tuple(self._describe(name, field) for name, field in type(self).model_fields.items())

    def _describe(self, name: str, field: FieldInfo) -> SettingValue:
        secret = is_secret(field)
        source = self._found[name].source if name in self._found else "default"
        value = None if secret else getattr(self, name)
        return SettingValue(keys_of(field)[0], value, source, secret, help=help_of(field))


def load(env: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Read the settings of the process. The environment goes before the file, the file before defaults.

    Args:
        env: The environment; that of the process by default. Empty values count as absent.
        file: A TOML file; by default the one ``COREOPS_CONFIG`` names, or ``coreops.toml`` if it exists. Its top level
            holds settings of the process under the names of the environment, in any case and with or without
            ``COREOPS_``; its table ``[config]`` holds keys that plugins declare.

    Raises:
        ConfigError: with every problem at once, each naming key, source and what is expected.
    """
    found, problems, inputs = _find(env, file)
    problems += _without_sheets(found)
    try:
        settings = Settings(**{name: value.value for name, value in found.items()}).located(found, inputs)
    except ValidationError as error:
        problems = validation_problems(error, Settings.model_fields, found) + problems
    if problems:
        raise _unusable(problems)
    return settings


def load_place(env: Mapping[str, str] | None = None, file: Path | None = None) -> Place:
    """Read where a bot keeps its state and log, as :func:`load` does; a bot's other settings may be missing or wrong.

    Raises:
        ConfigError: with every problem at once, keys of the file that are no settings among them.
    """
    found, problems, _ = _find(env, file)
    wanted = {name: value for name, value in found.items() if name in Place.model_fields}
    try:
        place = Place(**{name: value.value for name, value in wanted.items()})
    except ValidationError as error:
        problems = validation_problems(error, Place.model_fields, wanted) + problems
    if problems:
        raise _unusable(problems)
    return place


def _find(env: Mapping[str, str] | None, file: Path | None) -> tuple[dict[str, Found], list[str], Inputs]:
    env = os.environ if env is None else env
    path = file or _default_file(env)
    inputs = Inputs(env, read_file(path) if path else ConfigFile(), path)
    return *find_fields(Settings.model_fields, inputs), inputs


def _unusable(problems: list[str]) -> ConfigError:
    return ConfigError("\n".join(["settings that cannot be used:", *problems]), problems=problems)


def _default_file(env: Mapping[str, str]) -> Path | None:
    if named := env.get("COREOPS_CONFIG", "").strip():
        return Path(named)
    return DEFAULT_FILE if DEFAULT_FILE.is_file() else None


def _without_sheets(found: Mapping[str, Found]) -> list[str]:
    given = [name for name in ("gspread_credentials", "workbook") if name in found]
    if len(given) == 1:
        return []
    what = "both are given" if given else "missing"
    return [f"GSPREAD_CREDENTIALS or COREOPS_WORKBOOK (env): {what}; expected one: a service account, or a folder"]
