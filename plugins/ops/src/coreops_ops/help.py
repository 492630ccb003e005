"""``ops help``: what the caller may run, and how one command is used."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import hikari
import lightbulb

from coreops_hookspecs import AccessStep, CardField, CommandInfo, Commands, Cooldown, OptionInfo, Tier, access
from coreops_hookspecs.errors import DeniedError, UsageError
from coreops_ops.wording import count, span

__all__ = ["Help"]


async def _suggest(ctx: lightbulb.AutocompleteContext[str], commands: Commands = lightbulb.di.INJECTED) -> None:
    typed = str(ctx.focused.value or "").lower()
    await ctx.respond([info.name for info in commands.visible() if typed in info.name.lower()][:25])


@access.user
class Help(lightbulb.SlashCommand, name="help", description="Show what you can run, or how one command is used"):
    """Shows nothing that the caller may not run."""

    command = lightbulb.string("command", "Which command to explain", default="", autocomplete=_suggest)
    role = lightbulb.role("as", "Show what somebody with this role alone may run (staff)", default=None)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, commands: Commands) -> None:
        """Answer with the overview, one group or one command."""
        staff = commands.invocation.tier >= Tier.STAFF
        if self.role is not None and not staff:
            raise DeniedError("help as a role is for staff", user_message="Only staff may look through another role.")
        role = None if self.role is None else int(self.role.id)
        visible = commands.visible(role)
        wanted = " ".join(self.command.lower().removeprefix(commands.prefix).removeprefix("/").split())
        page = next((info for info in visible if info.name.lower() == wanted), None)
        if page is not None:
            await commands.show(ctx, page.name, page.description, fields=_detail(page))
            return
        inside = [info for info in visible if not wanted or info.name.startswith(f"{wanted} ")]
        hidden = [one for one in commands.hidden(role) if not wanted or one[0].name.startswith(wanted)]
        if not inside and not (staff and hidden):
            raise _unknown(wanted, commands)
        told = _hidden(hidden, staff=staff)
        title = _title(wanted, self.role)
        await commands.show(ctx, title, [*_head(commands), *told[:1]], fields=_overview(inside, told[1:]))


def _overview(infos: Sequence[CommandInfo], hidden: Sequence[str]) -> list[CardField]:
    ordered = sorted(infos, key=lambda info: (info.section.lower(), info.name))
    fields = [
        CardField(section.capitalize(), [_line(info) for info in group])
        for section, group in groupby(ordered, key=lambda info: info.section)
    ]
    return [*fields, CardField("Hidden", hidden)] if hidden else fields


def _title(wanted: str, role: hikari.Role | None) -> str:
    whose = "you" if role is None else role.name
    return f"Commands in {wanted}" if wanted else f"What {whose} can run"


def _head(commands: Commands) -> list[str]:
    return [
        f"Every command works with `{commands.prefix}`, with `/`, and after a mention of me.",
        f"`{commands.prefix}ops help <command>` explains one.",
    ]


def _hidden(hidden: Sequence[tuple[CommandInfo, AccessStep]], *, staff: bool) -> list[str]:
    """Return how many are left out in a sentence, and for staff a line about each with the rule that hides it."""
    if not hidden:
        return []
    count = len(hidden)
    sentence = f"{count} more {'is' if count == 1 else 'are'} not for you here."
    return [sentence, *(f"`{info.name}` {step.rule}: {step.detail}" for info, step in hidden)] if staff else [sentence]


def _line(info: CommandInfo) -> str:
    forms = " · ".join(f"`{form}`" for form in (info.usage, info.slash_usage) if form)
    return f"{forms}\n{info.description}"


def _detail(info: CommandInfo) -> list[CardField]:
    fields = [CardField(name, f"`{form}`") for name, form in _forms(info) if form]
    if info.options:
        fields.append(CardField("Options", [_option(option) for option in info.options]))
    if info.examples:
        fields.append(CardField("Examples", [f"`{example}`" for example in info.examples]))
    if info.aliases:
        fields.append(CardField("Shorter", [f"`{alias}`" for alias in info.aliases], inline=True))
    fields.append(CardField("Who", _who(info), inline=True))
    if info.cooldown is not None:
        fields.append(CardField("Cooldown", _cooldown(info.cooldown), inline=True))
    fields.append(CardField("Plugin", info.plugin, inline=True))
    if info.toggle is not None:
        fields.append(CardField("Feature toggle", info.toggle, inline=True))
    return fields


def _cooldown(cooldown: Cooldown) -> str:
    whose = {"user": "for each person", "guild": "for the whole server", "global": "for everybody together"}
    return f"{count(cooldown.uses, 'run')} in {span(cooldown.per.total_seconds())}, {whose[cooldown.scope]}"


def _forms(info: CommandInfo) -> Sequence[tuple[str, str]]:
    return (("As a message", info.usage), ("As a slash command", info.slash_usage))


def _option(option: OptionInfo) -> str:
    choices = f": {', '.join(f'`{choice}`' for choice in option.choices)}" if option.choices else ""
    need = "" if option.required else ", optional"
    return f"`{option.name}` ({option.type}{need}) {option.description}{choices}"


def _who(info: CommandInfo) -> str:
    if info.tier is Tier.USER:
        return "everybody"
    return " or ".join([f"{info.tier.label} and above", *sorted(info.groups)])


def _unknown(wanted: str, commands: Commands) -> UsageError:
    close = commands.suggest(wanted)
    hint = f" Did you mean {' or '.join(f'`{name}`' for name in close)}?" if close else ""
    text = f"You can run no command of that name.{hint}"
    return UsageError(f"no command {wanted[:100]!r} that the caller may run", user_message=text)
