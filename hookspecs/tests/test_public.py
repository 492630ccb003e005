from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import subprocess
import sys
from types import ModuleType

import pytest

import coreops_hookspecs

MODULES = [
    importlib.import_module(f"coreops_hookspecs.{module.name}")
    for module in pkgutil.iter_modules(coreops_hookspecs.__path__)
]
WITH_ALL = [module for module in (coreops_hookspecs, *MODULES) if hasattr(module, "__all__")]
DECLARATIONS = [
    kind
    for module in MODULES
    for kind in vars(module).values()
    if dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__
]


def name_of(thing: ModuleType | type) -> str:
    return thing.__name__.removeprefix("coreops_hookspecs.")


@pytest.mark.parametrize("module", WITH_ALL, ids=name_of)
def test_the_public_names_exist_and_stand_in_order(module: ModuleType) -> None:
    def order(name: str) -> tuple[int, str]:  # constants, then classes, then functions and modules, each by name
        return (0 if name.isupper() else 1 if name[0].isupper() else 2), name

    assert list(module.__all__) == sorted(set(module.__all__), key=order)
    assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.parametrize("module", WITH_ALL, ids=name_of)
def test_nothing_public_is_left_out_of_the_public_names(module: ModuleType) -> None:
    defined = {
        name
        for name, value in vars(module).items()
        if (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == module.__name__
        and not name.startswith("_")
    }
    assert defined <= set(module.__all__)


@pytest.mark.parametrize("kind", DECLARATIONS, ids=name_of)
def test_a_declaration_is_frozen_and_has_slots(kind: type) -> None:
    assert kind.__dataclass_params__.frozen
    assert "__dict__" not in dir(kind)


@pytest.mark.parametrize("kind", DECLARATIONS, ids=name_of)
def test_a_documented_field_is_a_field(kind: type) -> None:
    documented = documented_fields(inspect.getdoc(kind) or "")
    names = {field.name for field in dataclasses.fields(kind)}
    assert documented <= names
    assert not documented or documented == own_fields(kind)


def documented_fields(doc: str) -> set[str]:
    _, _, block = doc.partition("Args:\n")
    lines = block.partition("\n\n")[0].splitlines()
    return {line.strip().split(":")[0] for line in lines if line.startswith("    ") and line[4] != " "}


def own_fields(kind: type) -> set[str]:
    return set(kind.__annotations__)


def test_importing_the_contract_brings_in_pluggy_and_nothing_else_from_outside() -> None:
    program = (
        "import sys; before = set(sys.modules); import coreops_hookspecs, pkgutil, importlib\n"
        "for module in pkgutil.iter_modules(coreops_hookspecs.__path__):\n"
        "    importlib.import_module('coreops_hookspecs.' + module.name)\n"
        "tops = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(*sorted(tops - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.split() == ["coreops_hookspecs", "pluggy"]
