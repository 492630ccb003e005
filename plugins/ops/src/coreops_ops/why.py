"""``ops why``: why somebody may, or may not, run a command, rule by rule."""

from __future__ import annotations

import hikari
import lightbulb

from coreops_hookspecs import AccessStep, Commands, Severity, access
from coreops_hookspecs.errors import UsageError

__all__ = ["Why"]


async def _suggest(ctx: lightbulb.AutocompleteContext[str], commands: Commands = lightbulb.di.INJECTED) -> None:
    typed = str(ctx.focused.value or "").lower()
    await ctx.respond([info.name for info in commands.visible() if typed in info.name.lower()][:25])


@access.staff
class Why(lightbulb.SlashCommand, name="why", description="Show why somebody may, or may not, run a command"):
    """Tries the rules in the order in which they stand before every command."""

    user = lightbulb.user("user", "Who")
    command = lightbulb.string("command", "Which command", autocomplete=_suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, commands: Commands) -> None:
        """Answer with the rules tried, the one that decided last."""
        wanted = " ".join(self.command.lower().removeprefix(commands.prefix).removeprefix("/").split())
        try:
            steps = commands.explain(wanted, self.user)
        except KeyError:
            raise _unknown(wanted, commands) from None
        last = steps[-1]
        change = [f"→ {last.change}"] if last.change else []
        await ctx.respond(
            embed=commands.card(
                f"{wanted} · {commands.say('yes') if last.passed else commands.say('no')}",
                [
                    commands.say("{user}, asking here:", user=self.user.mention),
                    *map(_line, steps),
                    *change,
                    *_beside(self.user, commands),
                ],
                severity=Severity.OK if last.passed else Severity.WARNING,
            )
        )


def _line(step: AccessStep) -> str:
    return f"{'✅' if step.passed else '⛔'} **{step.rule}** {step.detail}"


def _beside(user: hikari.User, commands: Commands) -> list[str]:
    return [commands.say("Bots are never answered.")] if user.is_bot else []


def _unknown(wanted: str, commands: Commands) -> UsageError:
    close = commands.suggest(wanted)
    names = commands.say(" or ").join(f"`{name}`" for name in close)
    hint = " " + commands.say("Did you mean {names}?", names=names) if close else ""
    text = commands.say("There is no command of that name.") + hint
    return UsageError(f"no command {wanted[:100]!r}", user_message=text)
