"""Every import contract is kept by the code, and broken by a violation planted in a copy of it."""

from __future__ import annotations

from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = (".importlinter", ".importlinter-runtime")
SECTION = "importlinter:contract:"


@dataclass(frozen=True, slots=True)
class Planted:
    """A line added to a module (a new one, if it does not exist) and what import-linter then names."""

    contract: str
    module: str
    line: str
    evidence: str

    def __str__(self) -> str:
        return f"{self.contract}, {self.module}: {self.line}"


def imports(contract: str, module: str, imported: str, *, evidence: str = "") -> Planted:
    return Planted(contract, module, f"import {imported}", evidence or f"{module} -> {imported}")


VIOLATIONS = (
    imports("one-way", "coreops_shared.clock", "coreops.runtime"),
    imports("one-way", "coreops_hookspecs.errors", "coreops_shared.clock"),
    imports("plugins-know-the-contract-alone", "coreops_ops.plugin", "coreops.runtime"),
    imports("plugins-know-the-contract-alone", "coreops_recruitment.plugin", "coreops_shared.clock"),
    imports("plugins-know-the-contract-alone", "coreops_recruitment.plugin", "gspread"),
    imports(
        "plugins-know-the-contract-alone", "coreops_ops.plugin", "google.auth", evidence="coreops_ops.plugin -> google"
    ),
    imports("plugins-know-the-contract-alone", "coreops_sandbox.pytest_plugin", "coreops.runtime"),
    imports("plugins-know-the-contract-alone", "coreops_sandbox.server", "coreops.testing"),
    imports("plugins-are-strangers", "coreops_recruitment.plugin", "coreops_ops.plugin"),
    imports("no-plugin-is-wired-in", "coreops.app", "coreops_ops.plugin"),
    imports("one-door-to-google", "coreops_shared.sheets.async_facade", "gspread"),
    imports("one-door-to-google", "coreops.app", "google.auth", evidence="coreops.app -> google"),
    imports("rooms-without-discord", "coreops.cache.service", "hikari"),
    Planted(
        "rooms-without-discord",
        "coreops.health.service",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import lightbulb",
        "coreops.health.service -> lightbulb",
    ),
    imports("rooms-of-the-runtime", "coreops.commands.tree", "coreops.cache.service"),
    imports("rooms-of-the-runtime", "coreops.plugins.guard", "coreops.app"),
    Planted("rooms-of-the-runtime", "coreops.attic", "", "coreops.attic"),
    imports("one-place-knows-all-rooms", "coreops.cli.new", "coreops.watchdog.loop"),
    imports("rooms-of-the-ground", "coreops_shared.trace", "coreops_shared.config.settings"),
    Planted("rooms-of-the-ground", "coreops_shared.misc", "", "coreops_shared.misc"),
    imports("the-contract-is-light", "coreops_hookspecs.context", "hikari"),
    imports("no-discord-behind-quiet-rooms", "coreops.plugins.guard", "hikari"),
    imports("no-cycles", "coreops_hookspecs.markers", "coreops_hookspecs.declare", evidence="in coreops_hookspecs."),
    imports(
        "no-cycles", "coreops_shared.sheets.headers", "coreops_shared.sheets.rows", evidence="in coreops_shared.sheets."
    ),
)


def contracts() -> dict[str, str]:
    """Return the configuration file of each contract by the contract's name."""
    found: dict[str, str] = {}
    for config in CONFIGS:
        parser = ConfigParser()
        parser.read(ROOT / config)
        found |= {name.removeprefix(SECTION): config for name in parser.sections() if name.startswith(SECTION)}
    return found


def plant(folder: Path, planted: Planted) -> tuple[Path, str | None]:
    """Write the violation; return the file and what stood there."""
    path = folder / Path(*planted.module.split(".")).with_suffix(".py")
    if path.with_suffix("").is_dir():
        path = path.with_suffix("") / "__init__.py"
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n{planted.line}\n")
    return path, before


def test_every_contract_has_a_planted_violation() -> None:
    assert {planted.contract for planted in VIOLATIONS} == set(contracts())


@pytest.mark.parametrize("config", CONFIGS)
def test_the_code_keeps_the_contracts(config: str, copy_of_the_packages: Path, lint) -> None:
    done = lint(copy_of_the_packages, ["--config", config])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("planted", VIOLATIONS, ids=str)
def test_a_planted_violation_breaks_its_contract(planted: Planted, copy_of_the_packages: Path, lint) -> None:
    path, before = plant(copy_of_the_packages, planted)
    try:
        done = lint(copy_of_the_packages, ["--config", contracts()[planted.contract], "--contract", planted.contract])
    finally:
        path.unlink() if before is None else path.write_text(before)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout
    assert planted.evidence in done.stdout
