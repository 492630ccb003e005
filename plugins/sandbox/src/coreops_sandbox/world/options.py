"""A slash command's options, checked and shaped as Discord's client does before it sends them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from . import lookup
from .channels import Channel
from .files import upload
from .lookup import SandboxError
from .users import User
from .world import World

JSON = dict[str, Any]
MAX_INTEGER = 2**53
"""Discord docs, Application Commands, "Application Command Option Type": integers between -2^53 and 2^53."""


class OptionType(IntEnum):
    SUB_COMMAND = 1
    SUB_COMMAND_GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


class OptionReader:
    """Reads what one person gives in one channel and collects what it resolves to.

    `hidden` makes attachments ephemeral, as those of commands are.
    """

    def __init__(self, world: World, user: User, channel: Channel, *, hidden: bool = False) -> None:
        self._world = world
        self._user = user
        self._channel = channel
        self._hidden = hidden
        self.resolved: dict[str, dict[str, JSON]] = {}

    def read(self, declared: list[JSON], given: Mapping[str, Any], focused: str | None = None) -> list[JSON]:
        """The `options` of the interaction's data; `focused` is the option being typed, which makes it lenient.

        Raises SandboxError for an unknown option, a missing required one and a value that does not fit.
        """
        names = [one["name"] for one in declared]
        for name in [*given, *([focused] if focused else [])]:
            if name not in names:
                raise lookup.unknown("option", name, names)
        read = []
        for option in declared:
            name = option["name"]
            if name == focused:
                read.append(self._focused(option, given.get(name, "")))
            elif name in given:
                read.append({"name": name, "type": option["type"], "value": self._value(option, given[name])})
            elif option.get("required") and focused is None:
                raise SandboxError(f"missing required option {name!r}: {option['description']}")
        return read

    @staticmethod
    def _focused(option: JSON, typed: Any) -> JSON:
        if not option.get("autocomplete"):
            raise SandboxError(f"option {option['name']!r} does not autocomplete")
        return {"name": option["name"], "type": option["type"], "value": str(typed), "focused": True}

    def _value(self, option: JSON, value: Any) -> Any:
        kind = OptionType(option["type"])
        if option.get("choices"):
            return _choice(option, value)
        match kind:
            case OptionType.STRING:
                return _string(option, value)
            case OptionType.INTEGER | OptionType.NUMBER:
                return _number(option, value, kind)
            case OptionType.BOOLEAN:
                return _boolean(option, value)
            case OptionType.ATTACHMENT:
                return self._resolve(
                    "attachments", upload(self._world, self._channel.id, value, ephemeral=self._hidden)
                )
            case _:
                return self._entity(option, kind, str(value))

    def _entity(self, option: JSON, kind: OptionType, name: str) -> str:
        match kind:
            case OptionType.USER:
                return self.resolve_person(name)
            case OptionType.ROLE:
                return self.resolve_role(name)
            case OptionType.CHANNEL:
                return self.resolve_channel(name, option.get("channel_types"))
            case _:
                return self.resolve_mentionable(name)

    def resolve_person(self, name: str) -> str:
        """Add a user, and the member behind it, to the resolved data; returns the id."""
        user = lookup.person(self._world, name)
        member = self._world.home.members.get(user.id)
        if member is not None:
            granted = self._world.permissions(user.id, self._channel)
            members = self.resolved.setdefault("members", {})
            members[user.id] = {**member.partial(), "permissions": str(granted)}
        return self._resolve("users", user.payload())

    def resolve_role(self, name: str) -> str:
        return self._resolve("roles", lookup.role(self._world, name).payload())

    def resolve_mentionable(self, name: str) -> str:
        """A role by that name if there is one, else a user."""
        try:
            return self.resolve_role(name)
        except SandboxError:
            return self.resolve_person(name)

    def resolve_channel(self, name: str, types: list[int] | None) -> str:
        channel = lookup.place(self._world, name, self._user)
        if types and channel.type not in types:
            raise SandboxError(f"channel {name!r} is of type {channel.type}; the option takes types {types}")
        full = channel.payload()
        kept = ("id", "name", "type", "parent_id", "thread_metadata", "flags", "position", "topic", "nsfw")
        partial = {key: full[key] for key in kept if key in full}
        granted = self._world.permissions(self._user.id, channel)
        return self._resolve("channels", {**partial, "permissions": str(granted)})

    def _resolve(self, kind: str, entity: JSON) -> str:
        self.resolved.setdefault(kind, {})[entity["id"]] = entity
        return str(entity["id"])


def _choice(option: JSON, value: Any) -> Any:
    for choice in option["choices"]:
        if value in {choice["value"], choice["name"]} or str(value) == str(choice["value"]):
            return choice["value"]
    raise lookup.unknown(
        f"choice of option {option['name']!r}:", str(value), (one["name"] for one in option["choices"])
    )


def _string(option: JSON, value: Any) -> str:
    if not isinstance(value, str):
        raise _misfit(option, value, "text")
    low, high = option.get("min_length", 0), option.get("max_length", 6000)
    if not low <= len(value) <= high:
        raise _misfit(option, value, f"text of {low} to {high} characters")
    return value


def _number(option: JSON, value: Any, kind: OptionType) -> int | float:
    integer = kind is OptionType.INTEGER
    expected = "a whole number" if integer else "a number"
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise _misfit(option, value, expected)
    try:
        number = int(str(value)) if integer else float(value)
    except ValueError:
        raise _misfit(option, value, expected) from None
    low, high = option.get("min_value", -MAX_INTEGER), option.get("max_value", MAX_INTEGER)
    if not low <= number <= high:
        raise _misfit(option, value, f"{expected} from {low} to {high}")
    return number


def _boolean(option: JSON, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in {"true", "false"}:
        return str(value).lower() == "true"
    raise _misfit(option, value, "true or false")


def _misfit(option: JSON, value: Any, expected: str) -> SandboxError:
    return SandboxError(f"option {option['name']!r} takes {expected}, not {value!r}")
