"""Who may run what, now: every rule that stands before a command, in one order for running, help and suggestions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import hikari

from coreops.commands.access import AccessPolicy, Caller, grant, misplaced, unentitled
from coreops.commands.callers import Asking, caller_of
from coreops.commands.invocation import Invocation
from coreops.commands.leaves import Leaf
from coreops.commands.message_interaction import MessageInteraction
from coreops.commands.rules import NO_RULES, SETTING, RuleBook
from coreops.commands.tree import CommandTree
from coreops.plugins.guard import Guard
from coreops_hookspecs import AccessRequest, AccessStep, Denial, Surface, Tier, Toggles
from coreops_hookspecs.errors import CommandError, DeniedError, UnavailableError
from coreops_shared import trace
from coreops_shared.texts import Catalogue, Speaker, say

__all__ = ["Admission"]

_UNAVAILABLE = "{name} is unavailable: its plugin {plugin} is not serving. Try again later."

_PRESSED = (hikari.ComponentInteraction, hikari.ModalInteraction)

Refusal = tuple[CommandError, AccessStep]


class Admission:
    """Decides on callers.

    Args:
        tree: The commands.
        guard: Knows which plugins serve.
        toggles: Knows which features are on.
        policy: Returns the access policy as configured now.
        rules: Returns the operator's rules as configured now.
        authorize: Asks the plugins' ``coreops_authorize`` hooks; they may deny, never grant.
        objectors: Tells whether any plugin has that hook.
        catalogue: What is said in other languages.
        language: Returns the language that the operator set for everybody; empty leaves it to Discord.
    """

    def __init__(
        self,
        tree: CommandTree,
        guard: Guard,
        toggles: Toggles,
        *,
        policy: Callable[[], AccessPolicy],
        rules: Callable[[], RuleBook],
        authorize: Callable[[AccessRequest], Denial | None],
        objectors: Callable[[], bool],
        catalogue: Catalogue,
        language: Callable[[], str],
    ) -> None:
        self._tree = tree
        self._guard = guard
        self._toggles = toggles
        self._policy = policy
        self._rules = rules
        self._authorize = authorize
        self._objectors = objectors
        self._catalogue = catalogue
        self._language = language
        self._checks = (self._plugin, self._toggle, self._place, self._tier, self._by_rules, self._by_hooks)
        self.owners: frozenset[int] = frozenset()
        """Users who own the application; known once Discord has been asked."""

    def invocation(self, asking: Asking, name: str, leaf: Leaf | None, received_at: float) -> Invocation:
        """Return who asks for what.

        Args:
            asking: The interaction.
            name: The command's path, known or not.
            leaf: The command, if there is one.
            received_at: Monotonic seconds.
        """
        policy = self._policy()
        by_place = self._rules().by_place
        caller = caller_of(asking, self.owners, administrator=policy.administrator_is_admin, place=by_place)
        plugin = "" if leaf is None else leaf.plugin
        return Invocation(name, plugin, _surface(asking), caller, grant(policy, caller), trace.new(), received_at)

    def speaker(self, asking: Asking, plugin: str) -> Speaker:
        """Return in which language a plugin speaks to whoever asks: the operator's, or that of their Discord."""

        def language() -> str:
            return self._catalogue.language_of(self._language() or str(asking.locale))

        return Speaker(self._catalogue, language, plugin)

    def announcer(self) -> Speaker:
        """Return in which language a plugin speaks where nobody asked, as in a job: the operator's, else English."""
        return Speaker(self._catalogue, self._catalogue.language_of(self._language()), self._guard.current)

    def as_if(self, invocation: Invocation, caller: Caller) -> Invocation:
        """Return the same invocation with another caller."""
        return invocation.by(caller, grant(self._policy(), caller))

    def serves(self, guild_id: int | None) -> bool:
        """Whether that guild, or direct messages, are served at all."""
        guilds = self._policy().guilds
        return guild_id is None or not guilds or guild_id in guilds

    def refusal(self, leaf: Leaf, invocation: Invocation) -> CommandError | None:
        """Return why the caller may not run a command now, or ``None`` if nothing stands against it.

        In this order: plugin active, toggle on, direct message, guild, tier and group, rules, ``authorize`` hooks.
        """
        for check in self._checks:
            if (refusal := check(leaf, invocation)) is not None:
                return refusal[0]
        return None

    def steps(self, leaf: Leaf, invocation: Invocation) -> Iterator[AccessStep]:
        """Yield every rule tried on the caller, up to the one that refuses."""
        checks = {
            "plugin": (self._plugin, say("{plugin} serves", plugin=leaf.plugin)),
            "toggle": (self._toggle, say("{toggle} is on", toggle=leaf.toggle) if leaf.toggle else say("needs none")),
            "place": (
                self._place,
                say("servers that the bot serves") if invocation.guild_id else say("direct messages too"),
            ),
            "tier": (self._tier, _entitled(leaf, invocation)),
            "rules": (self._by_rules, self._ruled(leaf)),
            "hooks": (self._by_hooks, say("no plugin objects")),
        }
        for name, (check, fine) in checks.items():
            if (refusal := check(leaf, invocation)) is not None:
                yield refusal[1]
                return
            yield AccessStep(name, passed=True, detail=fine)

    def visible(self, invocation: Invocation) -> Sequence[Leaf]:
        """Return the commands that the caller may run now, by path."""
        return [leaf for leaf in self._tree.leaves() if self.refusal(leaf, invocation) is None]

    def _plugin(self, leaf: Leaf, _: Invocation) -> Refusal | None:
        reason = self._guard.available(leaf.plugin)
        if not reason:
            return None
        text = say(_UNAVAILABLE, name=leaf.name, plugin=leaf.plugin)
        error = UnavailableError(f"command {leaf.name!r} is unavailable: {reason}", user_message=text)
        return error, _step(
            "plugin", f"{leaf.plugin}: {reason}", say("See {command}.", command=f"ops plugins {leaf.plugin}")
        )

    def _toggle(self, leaf: Leaf, _: Invocation) -> Refusal | None:
        if leaf.toggle is None or self._toggles.enabled(leaf.toggle):
            return None
        msg = f"command {leaf.name!r} is switched off by feature toggle {leaf.toggle!r}"
        change = say("Set {toggle} to TRUE in the FeatureToggles sheet and reload.", toggle=leaf.toggle)
        text = say(
            "{name} is switched off. Staff can set {toggle} to TRUE in the FeatureToggles sheet.",
            name=leaf.name,
            toggle=leaf.toggle,
        )
        error = UnavailableError(msg, user_message=text)
        return error, _step("toggle", say("{toggle} is off", toggle=leaf.toggle), change)

    def _place(self, leaf: Leaf, invocation: Invocation) -> Refusal | None:
        verdict = misplaced(self._policy(), leaf.rule, invocation.caller)
        return None if verdict is None else _denied(leaf, verdict, "place", verdict.reason, verdict.remedy)

    def _tier(self, leaf: Leaf, invocation: Invocation) -> Refusal | None:
        verdict = unentitled(self._policy(), leaf.rule, invocation.caller, invocation.grant)
        if verdict is None:
            return None
        return _denied(leaf, verdict, "tier", _entitled(leaf, invocation), _promotion(leaf, invocation))

    def _by_rules(self, leaf: Leaf, invocation: Invocation) -> Refusal | None:
        rules = self._rules()
        if rules is NO_RULES:
            return None
        decision = rules.decide(leaf.name, leaf.plugin, invocation.caller, invocation.tier)
        if decision is None:
            return None
        change = say("Change {key} in the Config worksheet and reload.", key=SETTING)
        return _denied(
            leaf, Denial(say(decision.reason), say("Ask an admin if you need it.")), "rules", decision.rule, change
        )

    def _by_hooks(self, leaf: Leaf, invocation: Invocation) -> Refusal | None:
        if not self._objectors():
            return None
        verdict = self._authorize(invocation.request(leaf.name, leaf.plugin))
        if verdict is None:
            return None
        change = verdict.remedy or say("Ask whoever looks after the plugin that denies it.")
        return _denied(leaf, verdict, "hooks", verdict.reason, change)

    def _ruled(self, leaf: Leaf) -> str:
        about = self._rules().about(leaf.name, leaf.plugin)
        return "; ".join(map(str, about)) if about else say("no rule about it in {key}", key=SETTING)


def _surface(asking: Asking) -> Surface:
    if type(asking) is MessageInteraction:
        return "prefix"
    return "press" if isinstance(asking, _PRESSED) else "slash"


def _denied(leaf: Leaf, verdict: Denial, rule: str, detail: str, change: str) -> Refusal:
    text = f"{verdict.reason} {verdict.remedy}".strip()
    error = DeniedError(f"command {leaf.name!r} is denied: {verdict.reason}", user_message=text)
    return error, _step(rule, detail, change)


def _step(rule: str, detail: str, change: str) -> AccessStep:
    return AccessStep(rule, passed=False, detail=detail, change=change)


def _entitled(leaf: Leaf, invocation: Invocation) -> str:
    needed = say(" or ").join([leaf.rule.tier.label, *sorted(leaf.rule.groups)])
    has = ", ".join([invocation.tier.label, *sorted(invocation.groups)])
    return say("needs {needed}, has {has}", needed=needed, has=has)


def _promotion(leaf: Leaf, invocation: Invocation) -> str:
    if invocation.guild_id is None:
        return say("Roles do not count in direct messages: run it in a server.")
    tiers = ("STAFF", "ADMIN") if leaf.rule.tier is Tier.STAFF else ("ADMIN",)
    keys = [f"{name}_ROLE_IDS" for name in (*tiers, *(group.upper() for group in sorted(leaf.rule.groups)))]
    return say("Give them a role that is listed in {keys}.", keys=say(" or ").join(keys))
