"""Every command answers alike as a message and as a slash command."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from coreops_sandbox.chat import Chat, Persona
from coreops_sandbox.contract.subject import Subject
from coreops_sandbox.pytest_plugin import Bot
from coreops_sandbox.replies import Exchange

__all__ = ["surfaces"]

_YES: Final = frozenset({"yes", "true", "on", "1"})
_REFERENCE: Final = re.compile(r"\b(?:[0-9a-f]{8}|[0-9a-f]{32})\b")
_BOOLEAN, _INTEGER, _NUMBER = 5, 4, 10
"""Types of options that are no text (Discord docs, Application Command Option Type)."""


async def surfaces(subject: Subject) -> Sequence[str]:
    """Run every command on both surfaces with its own examples, as two admins so that no cooldown is in the way.

    Numbers and references are not compared: times and counts may change between two runs.
    """
    bot = await subject.start()
    async with Chat(bot.sandbox.url, timeout=subject.patience) as chat:
        problems = await _all(subject, bot, chat)
    faults = subject.report(bot).faults
    return [*problems, f"{faults} faults while its commands were run; the log says which"] if faults else problems


async def _all(subject: Subject, bot: Bot, chat: Chat) -> list[str]:
    offered = set(_paths((await chat.state())["commands"]))
    problems: list[str] = []
    for command in bot.running.commands():
        if command.plugin != subject.info.name or command.kind != 1 or command.name in subject.leave:
            continue
        if command.path not in offered:
            problems.append(f"command {command.name} is not offered as a slash command")
        elif command.required and not command.examples:
            problems.append(f"command {command.name} has required options and no examples; add examples to its Command")
        else:
            problems += [text for each in command.examples or ("",) for text in await _compare(chat, command, each)]
    return problems


async def _compare(chat: Chat, command: Any, example: str) -> Sequence[str]:
    typed = f"!{command.name} {example}".rstrip()
    said = await chat.say(typed, as_=Persona.ADMIN)
    asked = await chat.slash(command.name, as_=Persona.OWNER, options=_options(command.options, example))
    if said.error or asked.error or not (said.replies and asked.replies):
        return [f"{typed} is answered with {_what(said)}, as a slash command with {_what(asked)}"]
    if _shape(said) != _shape(asked):
        return [f"{typed} answers {said.text!r}, as a slash command {asked.text!r}"]
    return []


def _options(options: Sequence[Any], example: str) -> Mapping[str, Any]:
    """Give the words of an example to the options in their order; the one that takes the rest gets what is left."""
    left, given = example, dict[str, Any]()
    for option in options:
        word, _, after = (left, "", "") if option.rest else left.partition(" ")
        if word:
            given[option.name] = _value(word, int(option.kind))
        left = after.lstrip()
    return given


def _value(word: str, kind: int) -> Any:
    if kind == _BOOLEAN:
        return word.lstrip("-").lower() in _YES or word.startswith("--")
    return int(word) if kind == _INTEGER else float(word) if kind == _NUMBER else word


def _paths(commands: Sequence[Mapping[str, Any]], above: tuple[str, ...] = ()) -> Sequence[tuple[str, ...]]:
    """Return the path of every command that Discord offers; options of type 1 and 2 are what lies in groups."""
    found: list[tuple[str, ...]] = []
    for command in commands:
        below = [option for option in command.get("options") or () if option["type"] in {1, 2}]
        path = (*above, command["name"])
        found += _paths(below, path) if below else [path]
    return found


def _shape(exchange: Exchange) -> Sequence[str]:
    texts = (_REFERENCE.sub("ref", reply.text) for reply in exchange.replies)
    return [re.sub(r"\d+(?:[.,]\d+)*", "#", text) for text in texts]


def _what(exchange: Exchange) -> str:
    return exchange.error or (repr(exchange.text) if exchange.replies else "nothing")
