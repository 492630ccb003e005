"""Where a bot keeps its state and its log, and how it is spoken to: all that a look after it needs to know."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from coreops_shared.config.fields import key
from coreops_shared.config.kinds import SecretText

__all__ = ["Place"]


class Place(BaseSettings):
    """The settings that commands need which look after a bot; its token and spreadsheets are none of them."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    state_dir: Path = key("COREOPS_STATE_DIR", default=Path(".run/state"), expected="a folder")
    log_file: Path | None = key("COREOPS_LOG_FILE", default=None, expected="a file")
    http_token: SecretText | None = key(
        "COREOPS_HTTP_TOKEN", default=None, secret=True, expected="a word that callers must send"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what was found in the environment and the file and nothing behind its back."""
        return (init_settings,)
