"""What an operator may switch or set is explained, in the bot and in the plugin's README."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.metadata import metadata as metadata_of
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

from coreops_sandbox.contract.subject import Subject

__all__ = ["documentation"]


async def documentation(subject: Subject) -> Sequence[str]:
    """Ask for a help text of every setting, toggle and job, and for a mention of each setting and toggle."""
    readme = _readme(subject.plugin)
    if not readme:
        return [f"no README is found for {subject.plugin.__name__}; name one as readme in pyproject.toml"]
    named = [
        *((f"setting {each.key}", each.key, each.help) for each in subject.declared("coreops_settings")),
        *((f"toggle {each.name}", each.name, each.help) for each in subject.declared("coreops_feature_toggles")),
    ]
    jobs = [(f"job {each.name}", each.name, each.help) for each in subject.declared("coreops_jobs")]
    return [*_unexplained([*named, *jobs]), *_unmentioned(named, readme)]


def _unexplained(items: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    for what, _, help_text in items:
        if not help_text.strip():
            yield f"{what} has no help; write one sentence for the operator"


def _unmentioned(items: Sequence[tuple[str, str, str]], readme: str) -> Iterator[str]:
    for what, name, _ in items:
        if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", readme):
            yield f"{what} is not mentioned in the README; say there what it does"


def _readme(plugin: ModuleType) -> str:
    """Return the README that lies beside pyproject.toml, or the one in the metadata of the installed wheel."""
    source = Path(plugin.__file__ or "").resolve()
    project = next((folder for folder in source.parents if (folder / "pyproject.toml").is_file()), None)
    found = sorted(project.glob("README*")) if project is not None else []
    if found:
        return found[0].read_text(encoding="utf-8")
    owners = packages_distributions().get(plugin.__name__.partition(".")[0], ())
    return next((str(metadata_of(owner).json.get("description", "")) for owner in owners), "")
