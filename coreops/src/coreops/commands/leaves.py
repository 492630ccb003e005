"""What the runtime knows of one command that can be run: a leaf of the tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeVar

import hikari
import lightbulb

from coreops_hookspecs import AccessRule, Cooldown
from coreops_hookspecs.errors import DeclarationError

__all__ = ["ENTITY_TYPES", "Leaf", "Option", "options_of"]

_T = TypeVar("_T", int, float)

ENTITY_TYPES: Final = frozenset(
    {
        hikari.OptionType.USER,
        hikari.OptionType.ROLE,
        hikari.OptionType.CHANNEL,
        hikari.OptionType.MENTIONABLE,
        hikari.OptionType.ATTACHMENT,
    }
)
"""Option types whose value is the id of something in Discord."""

_LABELS: Final = {
    hikari.OptionType.STRING: "text",
    hikari.OptionType.INTEGER: "whole number",
    hikari.OptionType.FLOAT: "number",
    hikari.OptionType.BOOLEAN: "yes or no",
    hikari.OptionType.USER: "member",
    hikari.OptionType.ROLE: "role",
    hikari.OptionType.CHANNEL: "channel",
    hikari.OptionType.MENTIONABLE: "member or role",
    hikari.OptionType.ATTACHMENT: "file",
}


@dataclass(slots=True)
class Option:
    """One option of a command; satisfies :class:`coreops_hookspecs.OptionInfo`.

    ``type`` is for people. ``choices`` are the names that people see, ``values`` what the command receives, in the same
    order. ``rest`` tells that it takes the rest of the line in a prefix command.
    """

    name: str
    description: str
    kind: hikari.OptionType
    type: str
    required: bool
    choices: tuple[str, ...] = ()
    values: tuple[str | int | float, ...] = ()
    min_value: float | None = None
    max_value: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    channel_types: frozenset[hikari.ChannelType] = frozenset()
    rest: bool = False
    several: bool = False

    @property
    def flag(self) -> bool:
        """Whether the bare ``--name`` means yes."""
        return self.kind is hikari.OptionType.BOOLEAN


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leaf:
    """One command with everything that the door, the bridge and help need.

    Args:
        path: Names from the root: ``("ops", "health")``.
        kind: Slash command, or the context menu of a user or message (which has no prefix form).
        target: The author's lightbulb class.
        plugin: Its owner.
        default: Whether a message may leave out its last name, because it is what its group means by itself.
    """

    path: tuple[str, ...]
    kind: hikari.CommandType
    target: type[lightbulb.CommandBase]
    plugin: str
    rule: AccessRule
    cooldown: Cooldown | None
    toggle: str | None
    section: str
    description: str
    options: tuple[Option, ...]
    examples: tuple[str, ...]
    default: bool = False

    name: str = field(init=False)
    """The full path: ``ops health``."""
    required: tuple[Option, ...] = field(init=False)
    """The options without which it cannot run."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", " ".join(self.path))
        object.__setattr__(self, "required", tuple(option for option in self.options if option.required))

    @property
    def said(self) -> str:
        """The path as messages name it: ``ops plugins`` for the default of that group."""
        return " ".join(self.path[:-1]) if self.default else self.name


def options_of(
    plugin: str, name: str, target: type[lightbulb.CommandBase], *, rest: str | None, several: str | None
) -> tuple[Option, ...]:
    """Read the options of a lightbulb class.

    Raises:
        DeclarationError: Discord would refuse them.
    """
    data = lightbulb.utils.get_command_data(target)
    if data.type is not hikari.CommandType.SLASH:
        return ()
    options = tuple(_option(option, rest, several) for option in data.options.values())
    if any(option.localize for option in data.options.values()):
        msg = f"plugin {plugin!r}: options of command {name!r} use localize=True; write their names out"
        raise DeclarationError(msg)
    optional: str | None = None
    for option in options:
        if option.required and optional is not None:
            msg = (
                f"plugin {plugin!r}: command {name!r} has required option {option.name!r} after optional "
                f"{optional!r}; put required options first (Discord docs, Application Command Option Structure)"
            )
            raise DeclarationError(msg)
        optional = optional if option.required else option.name
    return options


def _option(
    data: lightbulb.commands.options.OptionData[object, object], rest: str | None, several: str | None
) -> Option:
    choices, is_text = data.choices or (), data.type is hikari.OptionType.STRING
    return Option(
        name=data.name,
        description=data.description,
        kind=data.type,
        type=_LABELS[data.type],
        required=data.default is hikari.UNDEFINED,
        choices=tuple(choice.name for choice in choices),
        values=tuple(choice.value for choice in choices),
        min_value=_given(data.min_value),
        max_value=_given(data.max_value),
        min_length=_given(data.min_length),
        max_length=_given(data.max_length),
        channel_types=frozenset(hikari.ChannelType(kind) for kind in data.channel_types or ()),
        rest=data.name == rest and is_text,
        several=data.name == several and is_text,
    )


def _given(value: _T | hikari.UndefinedType) -> _T | None:
    return None if value is hikari.UNDEFINED else value
