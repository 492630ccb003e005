"""``python -m tools.reference [--check]``: write the generated pages, or name those that are out of step."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.reference import cli, commands, events, faults, hooks, openapi, settings
from tools.reference.examples import with_examples
from tools.reference.facts import with_facts

ROOT = Path(__file__).resolve().parents[2]
PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/cli.md": cli.page,
    "docs/reference/commands.md": commands.page,
    "docs/reference/events.md": events.page,
    "docs/reference/faults.md": faults.page,
    "docs/reference/hooks.md": hooks.page,
    "docs/reference/openapi.json": openapi.page,
    "docs/reference/settings.md": settings.page,
}


def wanted() -> Iterator[tuple[Path, str]]:
    """Yield each page with what should stand in it."""
    for name, make in PAGES.items():
        yield ROOT / name, make()
    for path in sorted(ROOT.glob("docs/**/*.md")):
        if str(path.relative_to(ROOT)) not in PAGES:
            yield path, with_facts(with_examples(path.read_text(), ROOT))


def main(arguments: list[str]) -> int:
    """Write what differs, or with ``--check`` only name it and return 1."""
    check = arguments == ["--check"]
    stale = [(path, text) for path, text in wanted() if not path.exists() or path.read_text() != text]
    for path, text in stale:
        print(f"{path.relative_to(ROOT)} {'is out of step with the code: make docs' if check else 'written'}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
