"""``ops help``: what the caller may run, and how one command is used."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import hikari
import lightbulb

from coreops_hookspecs import AccessStep, CardField, CommandInfo, Commands, Cooldown, OptionInfo, Tier, access
from coreops_hookspecs.errors import DeniedError, UsageError
from coreops_ops.wording import span

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
            raise DeniedError(
                "help as a role is for staff", user_message=commands.say("Only staff may look through another role.")
            )
        role = None if self.role is None else int(self.role.id)
        visible = commands.visible(role)
        wanted = " ".join(self.command.lower().removeprefix(commands.prefix).removeprefix("/").split())
        page = next((info for info in visible if info.name.lower() == wanted), None)
        if page is not None:
            await commands.show(ctx, page.name, commands.say(page.description), fields=_detail(page, commands))
            return
        inside = [info for info in visible if not wanted or info.name.startswith(f"{wanted} ")]
        hidden = [one for one in commands.hidden(role) if not wanted or one[0].name.startswith(wanted)]
        if not inside and not (staff and hidden):
            raise _unknown(wanted, commands)
        told = _hidden(hidden, commands, staff=staff)
        title = _title(wanted, self.role, commands)
        await commands.show(ctx, title, [*_head(commands), *told[:1]], fields=_overview(inside, told[1:], commands))


def _overview(infos: Sequence[CommandInfo], hidden: Sequence[str], commands: Commands) -> list[CardField]:
    ordered = sorted(infos, key=lambda info: (info.section.lower(), info.name))
    fields = [
        CardField(commands.say(section.capitalize()), [_line(info, commands) for info in group])
        for section, group in groupby(ordered, key=lambda info: info.section)
    ]
    return [*fields, CardField(commands.say("Hidden"), hidden)] if hidden else fields


def _title(wanted: str, role: hikari.Role | None, commands: Commands) -> str:
    if wanted:
        return commands.say("Commands in {group}", group=wanted)
    return commands.say("What you can run") if role is None else commands.say("What {role} can run", role=role.name)


def _head(commands: Commands) -> list[str]:
    help_ = f"`{commands.prefix}ops help <command>`"
    return [
        commands.say(
            "Every command works with `{prefix}`, with `/`, and after a mention of me.", prefix=commands.prefix
        ),
        commands.say("{help} explains one.", help=help_),
    ]


def _hidden(hidden: Sequence[tuple[CommandInfo, AccessStep]], commands: Commands, *, staff: bool) -> list[str]:
    """Return how many are left out in a sentence, and for staff a line about each with the rule that hides it."""
    if not hidden:
        return []
    one, other = "{count} more is not for you here.", "{count} more are not for you here."
    sentence = commands.say_many(one, other, len(hidden))
    return [sentence, *(f"`{info.name}` {step.rule}: {step.detail}" for info, step in hidden)] if staff else [sentence]


def _line(info: CommandInfo, commands: Commands) -> str:
    forms = " · ".join(f"`{form}`" for form in (info.usage, info.slash_usage) if form)
    return f"{forms}\n{commands.say(info.description)}"


def _detail(info: CommandInfo, commands: Commands) -> list[CardField]:
    say = commands.say
    forms = ((say("As a message"), info.usage), (say("As a slash command"), info.slash_usage))
    fields = [CardField(name, f"`{form}`") for name, form in forms if form]
    if info.options:
        fields.append(CardField(say("Options"), [_option(option, commands) for option in info.options]))
    if info.examples:
        fields.append(CardField(say("Examples"), [f"`{example}`" for example in info.examples]))
    if info.aliases:
        fields.append(CardField(say("Shorter"), [f"`{alias}`" for alias in info.aliases], inline=True))
    fields.append(CardField(say("Who"), _who(info, commands), inline=True))
    if info.cooldown is not None:
        fields.append(CardField(say("Cooldown"), _cooldown(info.cooldown, commands), inline=True))
    fields.append(CardField(say("Plugin"), info.plugin, inline=True))
    if info.toggle is not None:
        fields.append(CardField(say("Feature toggle"), info.toggle, inline=True))
    return fields


def _cooldown(cooldown: Cooldown, commands: Commands) -> str:
    say = commands.say
    whose = {
        "user": say("for each person"),
        "guild": say("for the whole server"),
        "global": say("for everybody together"),
    }
    runs = commands.say_many("{count} run", "{count} runs", cooldown.uses)
    return f"{runs} / {span(cooldown.per.total_seconds())}, {whose[cooldown.scope]}"


def _option(option: OptionInfo, commands: Commands) -> str:
    choices = f": {', '.join(f'`{choice}`' for choice in option.choices)}" if option.choices else ""
    need = "" if option.required else f", {commands.say('optional')}"
    return f"`{option.name}` ({commands.say(option.type)}{need}) {commands.say(option.description)}{choices}"


def _who(info: CommandInfo, commands: Commands) -> str:
    if info.tier is Tier.USER:
        return commands.say("everybody")
    above = commands.say("{tier} and above", tier=info.tier.label)
    return commands.say(" or ").join([above, *sorted(info.groups)])


def _unknown(wanted: str, commands: Commands) -> UsageError:
    close = commands.suggest(wanted)
    names = commands.say(" or ").join(f"`{name}`" for name in close)
    hint = " " + commands.say("Did you mean {names}?", names=names) if close else ""
    text = commands.say("You can run no command of that name.") + hint
    return UsageError(f"no command {wanted[:100]!r} that the caller may run", user_message=text)
