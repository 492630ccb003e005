"""What the typed client gives back: replies with their embeds and components, and the exchange they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

TEXT_DISPLAY = 10


class NoReplyError(AssertionError):
    """Nobody answered. An assertion, so that a test which needs a reply fails and does not error."""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """What all parts share: read from JSON, unknown fields ignored, never changed."""


class EmbedField(Model, frozen=True, kw_only=True):
    """One field of an embed."""

    name: str
    value: str
    inline: bool = False


class EmbedFooter(Model, frozen=True, kw_only=True):
    """The last line of an embed."""

    text: str
    icon_url: str | None = None


class EmbedAuthor(Model, frozen=True, kw_only=True):
    """The first line of an embed."""

    name: str
    url: str | None = None
    icon_url: str | None = None


class EmbedMedia(Model, frozen=True, kw_only=True):
    """A picture of an embed."""

    url: str


class Embed(Model, frozen=True, kw_only=True):
    """An embed (Discord docs, Message Resource, "Embed Object"); `color` is a 24-bit integer."""

    title: str | None = None
    description: str | None = None
    url: str | None = None
    color: int | None = None
    timestamp: str | None = None
    fields: tuple[EmbedField, ...] = ()
    footer: EmbedFooter | None = None
    author: EmbedAuthor | None = None
    image: EmbedMedia | None = None
    thumbnail: EmbedMedia | None = None

    def field(self, name: str) -> str:
        """The value of the field called `name`.

        Raises:
            LookupError: No such field; names the ones there are.
        """
        for one in self.fields:
            if one.name == name:
                return one.value
        known = ", ".join(one.name for one in self.fields) or "none"
        raise LookupError(f"the embed {self.title!r} has no field {name!r}; fields: {known}")

    def lines(self) -> Iterator[str]:
        """The visible texts, from top to bottom."""
        yield from (text for text in (self.author and self.author.name, self.title, self.description) if text)
        for one in self.fields:
            yield one.name
            yield one.value
        if self.footer is not None:
            yield self.footer.text


class SelectOption(Model, frozen=True, kw_only=True):
    """One option of a select menu of strings."""

    label: str
    value: str
    description: str | None = None
    default: bool = False


class Component(Model, frozen=True, kw_only=True):
    """A message component of any kind (Discord docs, Component Reference); `type` says which."""

    type: int
    custom_id: str | None = None
    label: str | None = None
    placeholder: str | None = None
    content: str | None = None
    style: int | None = None
    url: str | None = None
    disabled: bool = False
    options: tuple[SelectOption, ...] = ()
    components: tuple[Component, ...] = ()
    accessory: Component | None = None

    def walk(self) -> Iterator[Component]:
        """This component and all below it."""
        yield self
        for one in self.components:
            yield from one.walk()
        if self.accessory is not None:
            yield from self.accessory.walk()


class Attachment(Model, frozen=True, kw_only=True):
    """A file that came with a message; `size` is in bytes."""

    filename: str
    url: str
    size: int = 0
    content_type: str | None = None


class Reply(Model, frozen=True, kw_only=True):
    """A message of the bot, as a person sees it."""

    id: str
    channel: str
    content: str = ""
    embeds: tuple[Embed, ...] = ()
    components: tuple[Component, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    ephemeral: bool = False
    edited: bool = False
    type: int = 0

    @property
    def text(self) -> str:
        """Every visible text: content, embeds and text components, joined by newlines."""
        return "\n".join(line for line in self._lines() if line)

    def _lines(self) -> Iterator[str]:
        yield self.content
        for embed in self.embeds:
            yield from embed.lines()
        for part in self.parts():
            if part.type == TEXT_DISPLAY and part.content:
                yield part.content

    def parts(self) -> Iterator[Component]:
        """Every component of the message, nested ones included."""
        for one in self.components:
            yield from one.walk()

    def control(self, name: str) -> Component:
        """The button or select menu with this label, placeholder or custom id.

        Raises:
            LookupError: None or several fit; names the controls there are.
        """
        controls = [one for one in self.parts() if one.custom_id is not None]
        found = [one for one in controls if name in {one.label, one.placeholder, one.custom_id}]
        if len(found) == 1:
            return found[0]
        known = ", ".join(repr(one.label or one.placeholder or one.custom_id) for one in controls) or "none"
        what = "several controls" if found else "no control"
        raise LookupError(f"message {self.id} in #{self.channel} has {what} {name!r}; controls: {known}")


class Choice(Model, frozen=True, kw_only=True):
    """One suggestion of an autocomplete."""

    name: str
    value: str | int | float


class Exchange(Model, frozen=True, kw_only=True):
    """One thing a person did, and what came back.

    Attributes:
        cause: What was done, in words, for messages of failing tests.
        replies: The bot's messages, oldest first.
        error: What Discord shows in place of an answer, such as "The application did not respond".
        interaction: The id of the interaction; None after `say`.
        modal: The modal that the bot opened, as Discord's JSON.
        elapsed_ms: Milliseconds until the replies had settled.
    """

    cause: str
    replies: tuple[Reply, ...] = ()
    error: str | None = None
    interaction: str | None = None
    modal: dict[str, Any] | None = None
    elapsed_ms: float = 0.0

    @property
    def reply(self) -> Reply:
        """The first reply; raises NoReplyError if there is none."""
        if self.replies:
            return self.replies[0]
        why = f": {self.error}" if self.error else ""
        raise NoReplyError(f"nobody answered {self.cause} within {self.elapsed_ms / 1000:.1f} s{why}")

    @property
    def text(self) -> str:
        """Every visible text of every reply, joined by newlines; empty if there is none."""
        return "\n".join(reply.text for reply in self.replies)

    @property
    def embed(self) -> Embed:
        """The first embed of the first reply that has one; raises NoReplyError if there is none."""
        for reply in self.replies:
            if reply.embeds:
                return reply.embeds[0]
        raise NoReplyError(f"no embed answered {self.cause}; the text was {self.reply.text!r}")

    @property
    def ephemeral(self) -> bool:
        """Whether there is a reply and only the person who asked sees any of it."""
        return bool(self.replies) and all(reply.ephemeral for reply in self.replies)
