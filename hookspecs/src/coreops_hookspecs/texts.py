"""What a plugin says in other languages: catalogues beside its module, by the English text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from coreops_hookspecs.errors import DeclarationError

__all__ = ["FOLDER", "Texts"]

FOLDER = "locales"
"""Name of the folder beside the module; it holds ``de.toml`` and the like."""


@dataclass(frozen=True, slots=True)
class Texts:
    """One catalogue.

    Args:
        language: Two letters of ISO 639-1: ``de``.
        messages: The text for each English text, with the same ``{placeholders}``; for one that is counted, a table of
            ``one`` and ``other`` under the English plural.
        names: The name for each command's or option's English name, as slash commands show it.
    """

    language: str
    messages: Mapping[str, str | Mapping[str, str]]
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, module: str) -> Sequence[Texts]:
        """Return the catalogues in the folder ``locales`` beside a module; call it with ``__name__``.

        Raises:
            DeclarationError: a catalogue cannot be read.
        """
        folder = files(module.rpartition(".")[0] or module).joinpath(FOLDER)
        found = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")] if folder.is_dir() else []
        return [
            _read(entry.name, entry.read_text(encoding="utf-8")) for entry in sorted(found, key=lambda one: one.name)
        ]


def _read(name: str, text: str) -> Texts:
    try:
        tables: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"catalogue {name!r} is no TOML: {error}"
        raise DeclarationError(msg) from error
    if unknown := sorted(set(tables) - {"messages", "names"}):
        msg = f"catalogue {name!r} has unknown tables {', '.join(unknown)}; it has [messages] and [names]"
        raise DeclarationError(msg)
    return Texts(name.removesuffix(".toml"), tables.get("messages", {}), tables.get("names", {}))
