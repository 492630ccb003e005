"""``coreops-plugin.toml``: what a plugin needs, readable without importing it.

The file lies beside the module that the entry point names, inside the distribution's package::

    hook-api = ">=0.1,<1"             # required: versions of the hook contract it works with
    needs = ["sheets.read", "http"]   # capabilities; without the line none
    depends = ["recruitment"]         # plugins that must be started before it; without the line none
    summary = "Places new members."   # one sentence for the operator

For a plugin that is a single module, ``greeter.py``, the file is ``greeter.coreops-plugin.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from coreops_hookspecs.capabilities import Capability
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.hook_api import THIS_API, hook_api_problem

__all__ = ["FILE", "PLUGIN_NAME", "Manifest", "find_manifest", "parse_manifest", "read_manifest"]

FILE: Final = "coreops-plugin.toml"
"""Name of the manifest."""

PLUGIN_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
"""What a plugin may be called."""

_KEYS: Final = ("hook-api", "needs", "depends", "summary")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a plugin says of itself before it is imported.

    Args:
        hook_api: Range of hook-contract versions, for example ``>=0.1,<1``.
        needs: Capabilities it uses.
        depends: Names of plugins that must be started before it.
        summary: One sentence for the operator.
    """

    hook_api: str
    needs: frozenset[Capability] = frozenset()
    depends: tuple[str, ...] = ()
    summary: str = ""


def read_manifest(module: str) -> Manifest:
    """Read the manifest of the plugin in a module. Imports nothing.

    Raises:
        DeclarationError: there is none, or it cannot be used; the message says what to write.
    """
    path = find_manifest(module)
    if path is None:
        msg = f'no {FILE} beside the module {module!r}; add one with the line: hook-api = "{THIS_API}"'
        raise DeclarationError(msg)
    try:
        return parse_manifest(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{FILE} of {module!r} cannot be read: {error}"
        raise DeclarationError(msg) from error


def find_manifest(module: str) -> Path | None:
    """Return where the manifest of the plugin in a module lies, or ``None``. Imports nothing."""
    top, *inner = module.split(".")
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):  # ValueError: a module in sys.modules that says nothing of its origin
        return None
    if spec is None:
        return None
    if spec.submodule_search_locations is None:
        single = Path(spec.origin).with_name(f"{top}.{FILE}") if spec.origin else None
        return single if single is not None and single.is_file() else None
    candidates = _candidates(spec.submodule_search_locations, inner)
    return next((path for path in candidates if path.is_file()), None)


def parse_manifest(text: str) -> Manifest:
    """Read a manifest's text.

    Raises:
        DeclarationError: with every problem at once.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{FILE} is no TOML: {error}"
        raise DeclarationError(msg) from error
    problems = list(_problems(table))
    if problems:
        msg = f"{FILE} cannot be used: {'; '.join(problems)}"
        raise DeclarationError(msg)
    return Manifest(
        hook_api=table["hook-api"].replace(" ", ""),
        needs=frozenset(map(Capability, table.get("needs", ()))),
        depends=tuple(table.get("depends", ())),
        summary=table.get("summary", ""),
    )


def _candidates(locations: Iterable[str], inner: Sequence[str]) -> Iterator[Path]:
    for location in locations:
        folder = Path(location).joinpath(*inner)
        yield folder / FILE  # the entry point names a package
        if inner:
            yield folder.parent / FILE


def _problems(table: Mapping[str, Any]) -> Iterator[str]:
    for key in table.keys() - set(_KEYS):
        yield f"{key} is none of its keys{_near(key, _KEYS)}"
    wanted = table.get("hook-api")
    if not isinstance(wanted, str):
        yield f'hook-api is missing or no text; write hook-api = "{THIS_API}"'
    elif problem := hook_api_problem(wanted):
        yield problem
    if not isinstance(table.get("summary", ""), str):
        yield "summary is no text"
    for need in _texts(table, "needs"):
        if need not in set(Capability):
            yield f"needs names {need!r}, which is no capability of this runtime{_near(str(need), list(Capability))}"
    for name in _texts(table, "depends"):
        if not isinstance(name, str) or not PLUGIN_NAME.fullmatch(name):
            yield f"depends names {name!r}, which is no name of a plugin"
    for key in ("needs", "depends"):
        if not isinstance(table.get(key, []), list):
            yield f"{key} is no list of texts"


def _texts(table: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = table.get(key, [])
    return value if isinstance(value, list) else ()


def _near(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}" if close else f"; known: {', '.join(known)}"
