"""Each check of the contract lets a good plugin pass and bites a bad one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coreops_sandbox.contract import CHECKS, Subject
from coreops_sandbox.contract.documents import documentation
from coreops_sandbox.contract.life import declarations, jobs, unload
from coreops_sandbox.contract.manifests import manifest
from coreops_sandbox.contract.surfaces import surfaces

Write = Callable[..., Subject]

GOOD = """
@access.user
class Add(lightbulb.SlashCommand, name="add", description="Adds"):
    first = lightbulb.integer("first", "A number")
    second = lightbulb.number("second", "Another")
    loud = lightbulb.boolean("loud", "Whether to shout", default=False)
    words = lightbulb.string("words", "What it is for", default="nothing")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        text = f"{self.words}: {type(self.first).__name__} {type(self.second).__name__}"
        await ctx.respond(text.upper() if self.loud else text)

async def work(ctx):
    pass

@hookimpl
def coreops_commands():
    return [Command(Add, rest="words", examples=("1 2", "1 2.5 yes two words"))]

@hookimpl
def coreops_settings():
    return [Setting("SAMPLE_SIZE", default="1", help="How large it is.")]

@hookimpl
def coreops_feature_toggles():
    return [Toggle("sample", "A sample of a toggle")]
"""


@pytest.mark.parametrize("check", [pytest.param(check, id=name) for name, check in CHECKS.items()])
async def test_a_plugin_that_keeps_the_contract_passes(write: Write, check: Callable) -> None:
    subject = write(GOOD, readme="`SAMPLE_SIZE` sets the size, the toggle `sample` switches it on.")
    assert list(await check(subject)) == []


INFO = "@hookimpl\ndef coreops_plugin_info():\n    return PluginInfo({}, hook_api='>=0.1,<1', {})\n"


@pytest.mark.parametrize(
    ("info", "text", "problem"),
    [
        ("'sample', '1.0'", "summary='Another.'", "says summary 'Another.', coreops-plugin.toml says 'A sample.'"),
        ("'sample', '1.0'", "summary='A sample.', needs=frozenset(['http'])", "says needs http"),
        ("'sample', '1.0'", "summary='A sample.', depends=('ops',)", "says depends ops"),
    ],
)
async def test_a_manifest_that_says_something_else_is_found(write: Write, info: str, text: str, problem: str) -> None:
    (found,) = await manifest(write(info=INFO.format(info, text)))
    assert problem in found


async def test_a_manifest_without_a_summary_is_found(write: Write) -> None:
    (found,) = await manifest(write(info=INFO.format("'sample', '1.0'", ""), manifest='hook-api = ">=0.1,<1"\n'))
    assert "no summary" in found


async def test_a_missing_manifest_is_found(write: Write) -> None:
    subject = write()
    Path(str(subject.plugin.__file__)).with_name("coreops-plugin.toml").unlink()
    (found,) = await manifest(subject)
    assert "no coreops-plugin.toml" in found


async def test_an_installed_distribution_of_another_name_and_version_is_found(write: Write, tmp_path: Path) -> None:
    info = tmp_path / "demo_sample-2.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: demo-sample\nVersion: 2.0\n")
    (info / "entry_points.txt").write_text("[coreops]\nexample = contract_sample\n")
    found = "\n".join(await manifest(write()))
    assert "says name 'sample', the entry point says 'example'" in found
    assert "says version '1.0', the installed distribution says '2.0'" in found


SILENT = """
@hookimpl
def coreops_settings():
    return [Setting("SAMPLE_SIZE")]

@hookimpl
def coreops_feature_toggles():
    return [Toggle("sampling")]

@hookimpl
def coreops_jobs():
    return [JobSpec("sample.work", None, cron="0 3 * * *")]
"""


async def test_settings_toggles_and_jobs_that_nobody_explains_are_found(write: Write) -> None:
    found = await documentation(write(SILENT, readme="It has SAMPLE_SIZE_2 and resampling."))
    assert [text.partition(";")[0] for text in found] == [
        "setting SAMPLE_SIZE has no help",
        "toggle sampling has no help",
        "job sample.work has no help",
        "setting SAMPLE_SIZE is not mentioned in the README",
        "toggle sampling is not mentioned in the README",
    ]


async def test_a_missing_readme_is_found(write: Write) -> None:
    (found,) = await documentation(write(readme=""))
    assert "no README is found for contract_sample" in found


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("@hookimpl\ndef coreops_commands():\n    return 'nothing'\n", "returned str; expected a sequence"),
        ("@hookimpl\ndef coreops_comands():\n    return []\n", "coreops_comands"),
        (SILENT, "needs 'scheduler'"),
        ("@hookimpl\nasync def coreops_startup(ctx):\n    raise ValueError('broken')\n", "broken"),
    ],
)
async def test_a_plugin_that_does_not_come_up_is_found(write: Write, source: str, problem: str) -> None:
    (found,) = await declarations(write(source))
    assert "the plugin is failed" in found
    assert problem in found


async def test_a_fault_while_starting_is_found(write: Write) -> None:
    (found,) = await declarations(write("@hookimpl\nasync def coreops_ready(ctx):\n    raise ValueError('late')\n"))
    assert "1 faults while it started" in found


COMMAND = """
@access.user
class Odd(lightbulb.SlashCommand, name="odd", description="Answers"):
    word = lightbulb.string("word", "A word", {default})

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, running: Invocation) -> None:
        {body}

@hookimpl
def coreops_commands():
    return [Command(Odd, examples={examples})]
"""


@pytest.mark.parametrize(
    ("body", "default", "examples", "problem"),
    [
        ("await ctx.respond(running.surface)", "default=''", "()", "as a slash command"),
        ("await ctx.respond(self.word)", "", "()", "has required options and no examples"),
        ("raise ValueError('broken')", "default=''", "()", "2 faults while its commands were run"),
        ("await ctx.respond(self.word or 1 / 0)", "default=''", "('a', '')", "2 faults"),
        ("if running.surface == 'slash': await ctx.respond('x')", "default=''", "()", "is answered with"),
    ],
)
async def test_a_command_that_does_not_answer_alike_is_found(
    write: Write, body: str, default: str, examples: str, problem: str
) -> None:
    source = "from coreops_hookspecs import Invocation\n" + COMMAND.format(
        body=body, default=default, examples=examples
    )
    subject = write(source, patience=1.0 if "'slash'" in body else 30.0)  # silence is what is expected
    assert problem in "\n".join(await surfaces(subject))


async def test_a_command_that_is_left_out_is_not_run(write: Write) -> None:
    source = "from coreops_hookspecs import Invocation\n" + COMMAND.format(
        body="raise ValueError('broken')", default="default=''", examples="()"
    )
    assert await surfaces(write(source, leave=["odd"])) == []


async def test_numbers_may_differ_between_two_runs(write: Write) -> None:
    source = "from coreops_hookspecs import Invocation\nimport time\n" + COMMAND.format(
        body="await ctx.respond(f'{time.perf_counter():.3f} s')", default="default=''", examples="()"
    )
    assert await surfaces(write(source)) == []


JOB = """
async def work(ctx):
    {body}

@hookimpl
def coreops_jobs():
    return [JobSpec("sample.work", work, cron="0 3 * * *", help="Works.")]
"""
SCHEDULES = INFO.format("'sample', '1.0'", "summary='A sample.', needs=frozenset(['scheduler'])")


async def test_a_job_that_fails_is_found(write: Write) -> None:
    (found,) = await jobs(write(JOB.format(body="raise ValueError('broken')"), info=SCHEDULES))
    assert "job sample.work ended with" in found
    assert "broken" in found


async def test_a_job_that_works_passes(write: Write) -> None:
    assert await jobs(write(JOB.format(body="pass"), info=SCHEDULES)) == []


STUBBORN = """
LET_GO = asyncio.Event()

async def stay():
    while not LET_GO.is_set():
        try:
            await LET_GO.wait()
        except asyncio.CancelledError:
            pass

@hookimpl
async def coreops_startup(ctx):
    asyncio.create_task(stay(), name="stays")
"""


async def test_a_task_that_outlives_its_plugin_is_found(write: Write) -> None:
    subject = write(STUBBORN)
    try:
        (found,) = await unload(subject)
    finally:
        subject.plugin.LET_GO.set()
    assert "leaked: task 'stays'" in found


async def test_a_shutdown_that_fails_is_found(write: Write) -> None:
    source = "@hookimpl\nasync def coreops_shutdown(ctx):\n    raise ValueError('broken')\n"
    (found,) = await unload(write(source))
    assert "coreops_shutdown failed 1 times" in found


async def test_a_plugin_that_never_ran_cannot_be_proved_to_go(write: Write) -> None:
    (found,) = await unload(write("@hookimpl\nasync def coreops_startup(ctx):\n    raise ValueError('broken')\n"))
    assert "the plugin is failed" in found
