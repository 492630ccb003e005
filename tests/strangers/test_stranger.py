"""A plugin that knows the contract alone, from wheels alone, in an environment that has never seen this workspace."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

UV = Path(sys.prefix) / "bin" / "uv"
FILES = {
    "pyproject.toml": """
        [build-system]
        requires = ["hatchling"]
        build-backend = "hatchling.build"

        [project]
        name = "far-away"
        version = "2.5"
        requires-python = ">=3.11"
        dependencies = ["coreops-hookspecs"]

        [project.entry-points.coreops]
        stranger = "far_away.hooks"
    """,
    "far_away/__init__.py": "",
    "far_away/coreops-plugin.toml": """
        hook-api = ">=0.1,<1"
        summary = "Comes from far away."
    """,
    "far_away/words.py": "GREETING = 'Hello from far away'",
    "far_away/hooks.py": """
        import lightbulb
        from coreops_hookspecs import Command, PluginInfo, access, hookimpl
        from far_away.words import GREETING

        @access.user
        class Greet(lightbulb.SlashCommand, name="stranger", description="Greets"):
            @lightbulb.invoke
            async def invoke(self, ctx: lightbulb.Context) -> None:
                await ctx.respond(GREETING)

        @hookimpl
        def coreops_plugin_info():
            return PluginInfo.load(__name__)

        @hookimpl
        def coreops_commands():
            return [Command(Greet)]
    """,
}
DRIVER = """
import asyncio, json, sys
from pathlib import Path

from coreops.testing import boot
from coreops_sandbox.chat import Chat
from coreops_sandbox.launcher import environment
from coreops_sandbox.server import Sandbox
from coreops_sandbox.workbook import copy_sample


async def offered(chat):
    listed = [command["name"] for command in (await chat.state())["commands"]]
    return {"slash": "stranger" in listed, "ops": "ops" in listed}


async def main(folder):
    copy_sample(folder / "workbook")
    async with Sandbox() as sandbox, Chat(sandbox.url) as chat:
        env = environment(sandbox, workbook=folder / "workbook", state_dir=folder / "state", http_port=0)
        running = await boot(env=env)
        try:
            told = {"loaded": {each.name: each.state for each in running.plugins()}}
            told["from"] = sys.modules["far_away.hooks"].__file__
            told["offered"] = await offered(chat)
            told["said"] = (await chat.say("!stranger")).text
            told["asked"] = (await chat.slash("stranger")).text
            report = await running.unload("stranger")
            told["unloaded"] = [report.state, report.reason, report.contributions]
            told["modules"] = [name for name in sys.modules if name.startswith("far_away")]
            told["still offered"] = await offered(chat)
            told["helped"] = (await chat.say("!ops help stranger")).text
            async with Chat(sandbox.url, timeout=1.0) as brief:  # silence is what is expected
                told["after"] = (await brief.say("!stranger")).text
        finally:
            await running.stop()
    print(json.dumps(told))


asyncio.run(main(Path(sys.argv[1])))
"""


def run(*command: str | Path, folder: Path) -> str:
    ended = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, timeout=100, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the stranger's wheel."""
    folder = tmp_path_factory.mktemp("stranger")
    for place, text in FILES.items():
        path = folder / "source" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    command = [UV, "build", "--quiet", "--wheel", "--offline", "--no-build-isolation", "--python", sys.executable]
    run(*command, "--no-cache", "--out-dir", folder / "dist", folder / "source", folder=folder)
    return folder / "dist"


@pytest.fixture(scope="module")
def bin_folder(wheel: Path, built: Path, libraries: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with CoreOps, the sandbox and the stranger, all from wheels."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=False)
    sources = [word for each in (wheel, built, libraries) for word in ("--find-links", each)]
    command = [UV, "pip", "install", "--quiet", "--no-cache", "--no-index", "--python", folder / "bin" / "python"]
    run(*command, *sources, "coreops", "coreops-sandbox", "far-away", folder=folder)
    return folder / "bin"


@pytest.fixture(scope="module")
def told(bin_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What was seen of a runtime with the stranger, from its start to after the unload."""
    folder = tmp_path_factory.mktemp("run")
    said = run(bin_folder / "python", "-P", "-c", DRIVER, folder, folder=folder)
    return dict(json.loads(said.splitlines()[-1]))


def test_it_is_listed_with_what_its_wheel_says(bin_folder: Path, tmp_path: Path) -> None:
    listed = json.loads(run(bin_folder / "coreops", "plugins", "list", "--json", folder=tmp_path))
    (found,) = [each for each in listed if each["name"] == "stranger"]
    assert (found["distribution"], found["version"], found["state"]) == ("far-away", "2.5", "discovered")


def test_it_is_loaded_beside_the_first_party_plugins(told: dict[str, Any], bin_folder: Path) -> None:
    assert told["loaded"] == {"ops": "active", "sandbox": "active", "stranger": "active"}
    assert Path(told["from"]).is_relative_to(bin_folder.parent)


def test_its_command_answers_on_both_surfaces(told: dict[str, Any]) -> None:
    assert told["offered"] == {"slash": True, "ops": True}
    assert told["said"] == told["asked"] == "Hello from far away"


def test_it_is_unloaded_and_nothing_of_it_is_left(told: dict[str, Any]) -> None:
    assert told["unloaded"] == ["unloaded", "by test", {}]
    assert told["modules"] == []


def test_its_command_is_no_longer_offered_once_it_is_unloaded(told: dict[str, Any]) -> None:
    assert told["still offered"] == {"slash": False, "ops": True}
    assert "no command" in told["helped"], told["helped"]
    assert "Hello" not in told["after"]


def test_it_is_locked_and_found_out_when_a_file_of_it_changes(bin_folder: Path, tmp_path: Path) -> None:
    lock = (bin_folder / "coreops", "plugins", "lock", "--file", tmp_path / "plugins.lock")
    assert "plugins of 3 distributions are pinned" in run(*lock, folder=tmp_path)
    assert "3 plugins are as" in run(*lock, "--check", folder=tmp_path)
    (code,) = bin_folder.parent.glob("lib/python*/site-packages/far_away/words.py")
    text = code.read_text()
    code.write_text(text + "\n# changed\n")
    ended = subprocess.run([*lock, "--check"], cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    code.write_text(text)
    assert ended.returncode == 1
    assert "stranger: distribution 'far-away' cannot be locked: files differ from its RECORD" in ended.stderr
