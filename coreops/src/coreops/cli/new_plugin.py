"""``coreops new-plugin``: the beginning of a plugin, complete and tested, to be changed into one's own."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from string import Template
from types import MappingProxyType
from typing import Final

import click

from coreops.exit_codes import ExitCode
from coreops_hookspecs.hook_api import THIS_API
from coreops_hookspecs.manifest import PLUGIN_NAME

__all__ = ["command"]

_LAYOUT: Final = MappingProxyType(
    {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        "src/$package/__init__.py": "__init__.py",
        "src/$package/coreops-plugin.toml": "coreops-plugin.toml",
        "src/$package/plugin.py": "plugin.py",
        "src/$package/py.typed": "py.typed",
        "tests/test_$name.py": "tests.py",
    }
)
"""Where each template of the folder ``scaffold`` goes."""

_NEXT: Final = Template("""\
$folder holds the plugin $name: one command, bucket, setting, toggle, job and health check, and their tests.

Next:
  cd $folder
  pip install --editable '.[test]'
  pytest
  coreops plugins info $name

Then change src/$package/plugin.py into what you want; docs/plugins in CoreOps' repository leads on from here.""")


@click.command("new-plugin")
@click.argument("name")
@click.option(
    "--dir",
    "parent",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder in which coreops-NAME is made.  [default: this one]",
)
def command(*, name: str, parent: Path) -> None:
    """Write the package of a new plugin called NAME, with a test that passes.

    NAME begins with a letter and holds up to 32 lower-case letters, digits and _.
    """
    words = _words(name)
    folder = parent / words["distribution"]
    if refusal := _refusal(name, words["package"], folder):
        click.echo(f"coreops: {refusal}", err=True)
        sys.exit(ExitCode.PROBLEMS)
    try:
        _write(folder, words)
    except OSError as error:
        click.echo(f"coreops: {folder} cannot be written: {error}", err=True)
        sys.exit(ExitCode.PROBLEMS)
    click.echo(_NEXT.substitute(words, folder=folder))


def _words(name: str) -> Mapping[str, str]:
    return {
        "name": name,
        "package": f"coreops_{name}",
        "distribution": f"coreops-{name.replace('_', '-')}",
        "setting": f"{name.upper()}_SHEET_ID",
        "hook_api": THIS_API,
    }


def _refusal(name: str, package: str, folder: Path) -> str:
    if not PLUGIN_NAME.fullmatch(name):
        return f"{name!r} is no name of a plugin; begin with a letter and use up to 32 lower-case letters, digits and _"
    if name.endswith("_") or "__" in name:
        return f"{name!r} would make no name of a distribution; put single _ between letters or digits"
    if find_spec(package) is not None:
        return f"a package {package} is installed already; choose another name"
    if folder.exists():
        return f"{folder} exists already; choose another name, or another place with --dir"
    return ""


def _write(folder: Path, words: Mapping[str, str]) -> None:
    templates = files("coreops.cli") / "scaffold"
    for place, template in _LAYOUT.items():
        path = folder / Template(place).substitute(words)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = (templates / f"{template}.tmpl").read_text(encoding="utf-8")
        path.write_text(Template(text).substitute(words), encoding="utf-8")
