"""One runtime with every installed plugin and one of every option type, whose handlers say what they were given.

The handlers are replaced because some of them unload plugins; classes, options, rules and everything on the way to a
handler are the plugins' own. Answers of the real handlers are compared by each plugin's contract test.
"""

from __future__ import annotations

import base64
import inspect
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import entry_points
from types import SimpleNamespace
from typing import Any

import hikari
import lightbulb
import pytest
import pytest_asyncio

from coreops.commands.leaves import Leaf, Option
from coreops.commands.tree import CommandTree
from coreops.testing import boot
from coreops_hookspecs import Command, Commands, Cooldown, PluginInfo, access, hookimpl
from coreops_sandbox.chat import Chat
from coreops_sandbox.launcher import environment
from coreops_sandbox.rest.ratelimit import Budget, Limits
from coreops_sandbox.server import Sandbox
from coreops_sandbox.workbook import copy_sample
from coreops_sandbox.world.seed import SEED

KIND = hikari.OptionType
SAMPLES: Mapping[hikari.OptionType, str] = {
    KIND.INTEGER: "7",
    KIND.FLOAT: "2.5",
    KIND.BOOLEAN: "true",
    KIND.USER: SEED.staff,
    KIND.ROLE: SEED.lead_role,
    KIND.CHANNEL: SEED.general,
    KIND.MENTIONABLE: SEED.lead_role,
}
NOTES = {"filename": "notes.txt", "content_base64": base64.b64encode(b"hi").decode()}


# --- one of every option type ---------------------------------------------------------------------------------------


def command(name: str, value: Any, default: Any) -> type[lightbulb.SlashCommand]:
    """Make a command that takes ``value`` and may be given ``other``; both of one type."""

    @access.user
    class Made(lightbulb.SlashCommand, name=name, description="Take a value"):
        given = value
        another = default

        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("done")

    return Made


def both(make: Any, **more: Any) -> tuple[Any, Any]:
    return make("value", "A value", **more), make("other", "Another", default=None, **more)


KINDS = (
    command("string", *both(lightbulb.string, min_length=2, max_length=20)),
    command(
        "choice", *both(lightbulb.string, choices=[lightbulb.Choice("Hard mode", "h"), lightbulb.Choice("Easy", "e")])
    ),
    command("integer", *both(lightbulb.integer, min_value=-5, max_value=9)),
    command("whole", *both(lightbulb.integer, choices=[lightbulb.Choice("one", 1), lightbulb.Choice("two", 2)])),
    command("number", *both(lightbulb.number, min_value=0.5, max_value=9.5)),
    command("boolean", *both(lightbulb.boolean)),
    command("user", *both(lightbulb.user)),
    command("member", *both(lightbulb.mentionable)),
    command("role", *both(lightbulb.role)),
    command("channel", *both(lightbulb.channel, channel_types=[hikari.ChannelType.GUILD_TEXT])),
    command("attachment", *both(lightbulb.attachment)),
)
REST = command("rest", lightbulb.integer("times", "How often"), lightbulb.string("value", "What", default="nothing"))
OFTEN = command("often", lightbulb.string("value", "A value", default=""), lightbulb.string("other", "X", default=""))


def kinds() -> Any:
    """Return the plugin."""

    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        return PluginInfo("kinds", "1.0")

    @hookimpl
    def coreops_commands() -> Sequence[Command]:
        group = lightbulb.Group("kinds", "One of each")
        for each in KINDS:
            group.register(each)
        once = Cooldown(1, timedelta(minutes=5))
        return [Command(group), Command(REST, rest="value"), Command(OFTEN, cooldown=once)]

    return SimpleNamespace(coreops_plugin_info=coreops_plugin_info, coreops_commands=coreops_commands)


# --- every command there is -----------------------------------------------------------------------------------------


def tree() -> CommandTree:
    """Return the commands of every installed plugin, as the runtime has them, and those above."""
    made = CommandTree()
    plugins = {point.name: point.load() for point in entry_points(group="coreops")}
    for name, plugin in {**plugins, "kinds": kinds()}.items():
        for each in getattr(plugin, "coreops_commands", tuple)():
            made.add(name, each)
    return made


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a ``name`` with every slash command's, one for ``limited`` with those that may not be
    run as often as one likes."""
    leaves = [leaf for leaf in tree().leaves() if leaf.kind is hikari.CommandType.SLASH]
    for wanted, limited in (("name", False), ("limited", True)):
        if wanted in metafunc.fixturenames:
            names = [leaf.name for leaf in leaves if (leaf.cooldown is not None) is limited]
            metafunc.parametrize(wanted, names, ids=[name.replace(" ", "-") for name in names])


def told(value: Any) -> str:
    """Say what an author would see of a value."""
    if isinstance(value, hikari.Attachment):
        return f"file {value.filename} of {value.size} bytes"
    if isinstance(value, hikari.Unique):
        return f"{type(value).__name__} {value.id} {getattr(value, 'name', getattr(value, 'display_name', ''))}"
    return repr(value)


async def _tell(self: lightbulb.CommandBase, ctx: lightbulb.Context) -> None:
    names = [name for name, one in vars(type(self)).items() if isinstance(one, lightbulb.commands.options.Option)]
    await ctx.respond("given " + "; ".join(f"{name} {told(getattr(self, name))}" for name in sorted(names)))


@lightbulb.di.with_di
async def _tell_injected(
    self: lightbulb.CommandBase, ctx: lightbulb.Context, _: Commands = lightbulb.di.INJECTED
) -> None:
    await _tell(self, ctx)


def replace_handlers(patch: pytest.MonkeyPatch, leaves: Sequence[Leaf]) -> None:
    """Let every command tell what it is given; one whose handler is injected something goes lightbulb's way still."""
    for leaf in leaves:
        method = lightbulb.utils.get_command_data(leaf.target).invoke_method
        injected = len(inspect.signature(getattr(leaf.target, method)).parameters) > 2
        patch.setattr(leaf.target, method, _tell_injected if injected else _tell)


# --- asking on both surfaces ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """What is given to a command: texts by option, and files."""

    texts: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def options(self) -> dict[str, Any]:
        return {**self.texts, **dict.fromkeys(self.files, NOTES)}

    def typed(self, leaf: Leaf, form: str) -> str:
        """Return the words of a message: by position, as ``--key value`` or as ``key:value``.

        By position an option that takes the rest of the line, or several words, comes last, and those after it go
        before it by name.
        """
        words: list[str] = []
        rest = next(
            (number for number, option in enumerate(leaf.options) if option.rest or option.several), len(leaf.options)
        )
        for number, option in enumerate(leaf.options):
            if (text := self.texts.get(option.name)) is not None:
                quoted = f'"{text}"' if " " in text else text
                forms = {"key": f"{option.name}:{quoted}", "position": text if option.rest else quoted}
                flag = f"--{option.name} {quoted}"
                one = flag if number > rest and form == "position" else forms.get(form, flag)
                words.insert(0 if number > rest else len(words), one)
        return " ".join(words)


@dataclass
class Both:
    """Asks for a command as a message and as a slash command."""

    chat: Chat
    leaves: Mapping[str, Leaf]

    async def offered(self, leaf: Leaf, option: str) -> str | None:
        """Return what autocomplete offers first."""
        found = await self.chat.autocomplete(leaf.name, option, as_="admin")
        return str(found[0].value) if found else None

    async def slash(self, leaf: Leaf, given: Given, as_: str = "admin") -> str:
        return (await self.chat.slash(leaf.name, as_=as_, options=given.options)).text

    async def say(self, leaf: Leaf, given: Given, form: str = "position", as_: str = "admin") -> str:
        files = {f"{NOTES['filename']}": base64.b64decode(NOTES["content_base64"])} if given.files else None
        return (await self.chat.say(f"!{leaf.said} {given.typed(leaf, form)}", as_=as_, files=files)).text

    async def sample(self, leaf: Leaf, option: Option) -> str:
        """Return a text that fits an option."""
        if option.choices:
            return option.choices[-1]
        if option.kind is not KIND.STRING:
            return SAMPLES[option.kind]
        offered = await self.offered(leaf, option.name) if self.autocompletes(leaf, option) else None
        return offered or "two words"[: option.max_length]

    @staticmethod
    def autocompletes(leaf: Leaf, option: Option) -> bool:
        return bool(lightbulb.utils.get_command_data(leaf.target).options[option.name].autocomplete)

    async def fill(self, leaf: Leaf, options: Sequence[Option]) -> Given:
        """Return something for each of the options."""
        files = tuple(option.name for option in options if option.kind is KIND.ATTACHMENT)
        return Given({one.name: await self.sample(leaf, one) for one in options if one.name not in files}, files[:1])


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(patch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Both]:
    """Boot once for the module."""
    folder = tmp_path_factory.mktemp("parity")
    copy_sample(folder / "workbook")
    replace_handlers(patch, tree().leaves())
    installed = [point.name for point in entry_points(group="coreops")]
    wide = Limits(requests=Budget(100_000, 1.0), other=Budget(100_000, 1.0))
    async with Sandbox(limits=wide) as sandbox, Chat(sandbox.url, settle=0.0) as chat:
        # as fast as a test asks, nobody is held back: by the bot's flood gate or by Discord's limits
        env = environment(sandbox, workbook=folder / "workbook", state_dir=folder / "state", http_port=0)
        bot = await boot(env={**env, "FLOOD_USER": "1000", "FLOOD_SERVER": "1000"}, plugins=[*installed, kinds()])
        try:
            yield Both(chat, {leaf.name: leaf for leaf in bot.commands()})
        finally:
            await bot.stop()
