"""What a distribution's RECORD vouches for, and whether the files are what it says.

The RECORD of an installed distribution lists its files with their hashes ("Recording installed projects", Python
Packaging User Guide). Two installs of one wheel differ in what the installer adds: scripts with the environment's path,
notes about itself, byte code. So a digest is taken of the listed files that the runtime would read: those below the
distribution's own folder of code, with its METADATA and entry points.
"""

from __future__ import annotations

import csv
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.machinery import all_suffixes
from importlib.metadata import Distribution
from pathlib import Path, PurePosixPath
from typing import Final

from coreops.plugins.modules import root_of
from coreops_hookspecs.errors import DeclarationError

__all__ = ["Record", "read_record"]

_ALGORITHMS: Final = frozenset({"sha256", "sha384", "sha512"})
_METADATA: Final = frozenset({"METADATA", "entry_points.txt"})
_NAMED: Final = 3
"""Differing files that a message names."""


@dataclass(frozen=True, slots=True)
class Record:
    """The files of a distribution that matter, with their hashes as RECORD has them.

    Args:
        folder: What the paths are relative to.
        hashes: ``algorithm=digest`` by path.
    """

    folder: Path
    hashes: Mapping[str, str]

    @property
    def digest(self) -> str:
        """What a lock keeps: one hash over all paths and hashes."""
        lines = "\n".join(f"{path},{value}" for path, value in sorted(self.hashes.items()))
        return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"

    def problem(self, module: str) -> str:
        """Return why the files cannot be trusted to be those of the RECORD, or an empty text.

        Args:
            module: The plugin's module; its package must be listed whole.
        """
        differing = [path for path, value in self.hashes.items() if not _is(self.folder / path, value)]
        if differing:
            return f"files differ from its RECORD: {_some(differing)}; install it again"
        code = list(_code(module))
        if not code:
            return f"its module {module!r} is not there; install it again"
        listed = {(self.folder / path).resolve() for path in self.hashes}
        unlisted = [str(path) for path in code if path.resolve() not in listed]
        if unlisted:
            return f"code that its RECORD does not list: {_some(unlisted)}; an editable install cannot be locked"
        return ""


def read_record(distribution: Distribution) -> Record:
    """Read the RECORD of an installed distribution.

    Raises:
        DeclarationError: it has none that can be read.
    """
    text = distribution.read_text("RECORD")
    if not text:
        msg = f"distribution {distribution.name!r} has no RECORD; install it with pip or uv"
        raise DeclarationError(msg)
    rows = [row for row in csv.reader(text.splitlines()) if len(row) == 3]
    hashes = {path: value for path, value, _ in rows if value and _matters(PurePosixPath(path))}
    return Record(Path(str(distribution.locate_file(""))), hashes)


def _matters(path: PurePosixPath) -> bool:
    if ".." in path.parts or path.is_absolute():
        return False  # scripts and data outside of the folder of code
    in_metadata = path.parts[0].endswith(".dist-info")
    return path.name in _METADATA if in_metadata else path.suffix != ".pyc"


def _code(module: str) -> Iterator[Path]:
    """Yield every file of a plugin's package that Python would import; byte code beside its source excepted."""
    root = root_of(module)
    if root is None or root.origin is None:
        return
    if root.submodule_search_locations is None:
        yield Path(root.origin)
        return
    suffixes = tuple(all_suffixes())
    for path in sorted(Path(root.origin).parent.rglob("*")):
        if path.name.endswith(suffixes) and "__pycache__" not in path.parts:
            yield path


def _is(path: Path, recorded: str) -> bool:
    algorithm, _, expected = recorded.partition("=")
    if algorithm not in _ALGORITHMS:
        return False
    try:
        found = hashlib.new(algorithm, path.read_bytes()).digest()
    except OSError:
        return False
    return urlsafe_b64encode(found).decode().rstrip("=") == expected


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
