"""The pages: every link leads somewhere, the generated ones are in step, and what they promise is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.reference import __main__ as reference
from tools.reference.examples import with_examples
from tools.reference.facts import with_facts
from tools.reference.text import markdown, table

ROOT = Path(__file__).resolve().parents[2]
PATTERNS = ("*.md", "docs/**/*.md", "*/README.md", "plugins/*/README.md")
PAGES = sorted({path for pattern in PATTERNS for path in ROOT.glob(pattern)})
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


def links(page: Path) -> list[str]:
    found = LINK.findall(FENCE.sub("", page.read_text()))
    return [link for link in found if "://" not in link]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_every_link_within_the_repository_leads_to_something(page: Path) -> None:
    for link in links(page):
        target, _, anchor = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), link
        assert not anchor or anchor in anchors(path), link


@pytest.mark.parametrize("page", [page for page in PAGES if "docs" in page.parts], ids=label)
def test_every_page_is_reachable_from_the_index(page: Path) -> None:
    seen, queue = set(), [ROOT / "docs" / "README.md"]
    while queue:
        here = queue.pop()
        if here not in seen:
            seen.add(here)
            found = [(here.parent / link.partition("#")[0]).resolve() for link in links(here)]
            queue += [path for path in found if path.suffix == ".md" and path.exists()]
    assert page in seen


def test_the_generated_pages_are_in_step_with_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert reference.main(["--check"]) == 0, capsys.readouterr().out


def test_a_page_that_is_out_of_step_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reference, "ROOT", tmp_path)
    monkeypatch.setattr(reference, "PAGES", {"docs/reference/hooks.md": lambda: "new\n"})
    assert reference.main(["--check"]) == 1
    assert capsys.readouterr().out == "docs/reference/hooks.md is out of step with the code: make docs\n"
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    assert (tmp_path / "docs" / "reference" / "hooks.md").read_text() == "new\n"


def test_an_example_is_written_anew_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text("print('new')\n")
    page = "before\n<!-- example: hello.py -->\n```python\nold\n```\n<!-- end of example -->\nafter\n"
    made = with_examples(page, tmp_path)
    assert made == page.replace("old", "print('new')")
    assert with_examples(made, tmp_path) == made


def test_a_docstring_becomes_markdown() -> None:
    def documented() -> None:
        """See :class:`~package.module.Thing` and ``code``.

        Args:
            first: One, that goes
                on here.
            second: Two.

        .. versionadded:: 0.1
        """

    assert markdown(documented) == (
        "See `Thing` and `code`.\n\nFields:\n\n- `first`: One, that goes on here.\n- `second`: Two.\n\n*Since 0.1.*"
    )


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert table(("type",), [("int | None",)]).splitlines()[-1] == r"| int \| None |"


def test_operators_are_told_that_the_guard_is_no_wall() -> None:
    assert "no wall against malice" in (ROOT / "docs" / "operators" / "install.md").read_text()


def test_the_onboarding_page_names_every_room(workspace: tuple) -> None:
    page = (ROOT / "docs" / "onboarding.md").read_text()
    for each in (each for each in workspace if not each.is_plugin):
        rooms = {path.stem for path in each.source.iterdir() if path.is_dir() or path.suffix == ".py"}
        assert not {room for room in rooms if not room.startswith("_") and f"`{room}`" not in page}


def test_the_onboarding_page_names_every_plugin(workspace: tuple) -> None:
    page = (ROOT / "docs" / "onboarding.md").read_text()
    assert all(f"[`{each.folder.name}`](../plugins/{each.folder.name})" in page for each in workspace if each.is_plugin)


def test_files_that_the_onboarding_page_walks_through_exist() -> None:
    walk = (ROOT / "docs" / "onboarding.md").read_text().split("## What happens on")[1].split("## The rooms")[0]
    files = re.findall(r"`(\w+/\w+\.py)`", walk)
    assert len(files) > 8
    assert not [file for file in files if not (ROOT / "coreops" / "src" / "coreops" / file).is_file()]


def test_the_changelog_tells_what_is_not_released_yet() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"


def test_facts_are_written_anew_from_what_a_plugin_declares() -> None:
    page = "before\n<!-- toggles of placement -->\n| old |\n<!-- end of toggles -->\nafter\n"
    made = with_facts(page)
    assert "old" not in made
    assert "| `placement` | Places in clans held for newcomers |" in made
    assert with_facts(made) == made


@pytest.mark.parametrize("plugin", ["placement", "recruitment", "welcome"])
def test_the_page_of_a_plugin_has_every_kind_of_fact_and_what_to_do(plugin: str) -> None:
    page = (ROOT / "docs" / "operators" / f"{plugin}.md").read_text()
    for kind in ("toggles", "commands", "settings", "tables", "jobs"):
        _, found, facts = page.partition(f"<!-- {kind} of {plugin} -->")
        assert found
        assert facts.partition("<!--")[0].count("\n| `") > 0, kind
    assert "## What to do when…" in page
    columns = page.partition("## Tabs")[2].partition("## Jobs")[0]
    assert not re.findall(r"^\| `\w+` \| [^|]+ \| [^|]* \|  \|$", columns, re.MULTILINE), "say what each column is"
