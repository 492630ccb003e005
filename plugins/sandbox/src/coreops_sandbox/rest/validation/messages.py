"""The body of a message that is created or edited (Discord docs, Message, "Create Message", "Edit Message")."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from coreops_sandbox.rest.body import Body, Upload
from coreops_sandbox.rest.errors import JSON, Problems, bad_request, not_served
from coreops_sandbox.rest.forms import Form
from coreops_sandbox.world.channels import Channel
from coreops_sandbox.world.files import store
from coreops_sandbox.world.messages import Draft, Message, MessageFlag
from coreops_sandbox.world.world import World

from .components import ComponentReader
from .embeds import read_embeds

CREATE_FLAGS = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.SUPPRESS_NOTIFICATIONS | MessageFlag.IS_COMPONENTS_V2
RESPONSE_FLAGS = CREATE_FLAGS | MessageFlag.EPHEMERAL
_EDIT_FLAGS = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.IS_COMPONENTS_V2
_MENTION_TYPES = ("roles", "users", "everyone")


@dataclass(slots=True)
class MessageForm:
    """A checked body, its files not yet stored; `kept` are the attachments an edit retains, None for all."""

    draft: Draft
    form: Form
    uploads: list[tuple[Upload, JSON]] = field(default_factory=list)
    kept: list[str] | None = None

    @property
    def empty(self) -> bool:
        """Whether a new message of this form would show nothing."""
        draft = self.draft
        return not (draft.content or draft.embeds or draft.components or self.uploads)

    def stored(self, world: World, channel: Channel, message: Message | None = None, *, hidden: bool = False) -> Draft:
        """The draft with its files in the CDN; `hidden` for an ephemeral message.

        Files that an embed or component shows through `attachment://` are shown there instead of below.
        """
        if not self.uploads and self.kept is None:
            return self.draft
        old = message.attachments if message is not None else []
        retained = [one for one in old if self.kept is None or one["id"] in self.kept]
        new = [_stored(world, channel, upload, about, hidden=hidden) for upload, about in self.uploads]
        draft, used = _linked(self.draft, new)
        return replace(draft, attachments=retained + [one for one in new if one["filename"] not in used])


def read_message(
    body: Body, *, flags: MessageFlag = CREATE_FLAGS, data: Any = None, path: tuple[str, ...] = ()
) -> MessageForm:
    """Check a new message; `flags` are those it may set. Raises 50035 for what is wrong, 50006 for nothing.

    `data` and `path` point at the message inside a larger body, as in an interaction's response.
    """
    form = Form(body.data if data is None else data, Problems(), path)
    read = _read(form, body, allowed=flags, current=0)
    form.problems.raise_if_any()
    if form.data.get("sticker_ids"):
        raise bad_request(50081)
    if read.empty:
        raise bad_request(50006)
    return read


def read_edit(body: Body, message: Message, *, data: Any = None, path: tuple[str, ...] = ()) -> MessageForm:
    """Check an edit of `message`. Raises 50035 for what is wrong, 50006 if nothing would be left."""
    form = Form(body.data if data is None else data, Problems(), path)
    read = _read(form, body, allowed=_EDIT_FLAGS, current=message.flags)
    for name in ("content", "embeds", "components", "attachments"):
        if name in form and form.data[name] is None:
            _clear(read, name)
    form.problems.raise_if_any()
    if _nothing_left(read, message):
        raise bad_request(50006)
    return read


def _read(form: Form, body: Body, *, allowed: MessageFlag, current: int) -> MessageForm:
    if form.data.get("poll") is not None:
        raise not_served("polls")
    reference = form.data.get("message_reference")
    if isinstance(reference, dict) and reference.get("type"):
        raise not_served("forwarded messages")
    given = form.integer("flags", low=0)
    flags = None if given is None else (current & ~allowed) | (given & allowed)
    layout = bool((current if flags is None else flags) & MessageFlag.IS_COMPONENTS_V2)
    draft = Draft(
        content=form.text("content", high=4000 if layout else 2000),
        embeds=read_embeds(form),
        components=ComponentReader(layout=layout).read(form),
        allowed_mentions=_read_allowed_mentions(form),
        flags=flags,
        tts=bool(form.boolean("tts")),
        nonce=_read_nonce(form),
    )
    if layout:
        _refuse_legacy(form)
    uploads, kept = _read_attachments(form, body.files)
    return MessageForm(draft, form, uploads, kept)


def _refuse_legacy(form: Form) -> None:
    for name in ("content", "embeds", "sticker_ids"):
        if form.data.get(name):
            message = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.fail(name, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)


def _read_nonce(form: Form) -> str | int | None:
    nonce = form.data.get("nonce")
    if nonce is None or (isinstance(nonce, int) and not isinstance(nonce, bool)):
        return nonce
    return form.text("nonce", high=25)


def _read_allowed_mentions(form: Form) -> JSON | None:
    given = form.form("allowed_mentions")
    if given is None:
        return None
    parse = given.items("parse") or []
    for index, one in enumerate(parse):
        if one not in _MENTION_TYPES:
            path = (*given.path, "parse", index)
            listed = ", ".join(f"'{name}'" for name in _MENTION_TYPES)
            given.problems.add(path, "BASE_TYPE_CHOICES", f"Value must be one of ({listed}).")
    read: JSON = {"parse": parse, "replied_user": bool(given.boolean("replied_user"))}
    for kind in ("users", "roles"):
        read[kind] = given.snowflakes(kind, high=100) or []
        if read[kind] and kind in parse:
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            given.problems.add(given.path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
    return read


def _read_attachments(form: Form, files: list[Upload]) -> tuple[list[tuple[Upload, JSON]], list[str] | None]:
    """Pair files with what `attachments` says of them; ids that are no file's name attachments to keep."""
    if len(files) > 10:
        form.fail("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    given = form.forms("attachments", high=10)
    about = {str(one.data.get("id")): one for one in given or []}
    keys = {upload.key for upload in files}
    paired = [(upload, _read_about(about.get(upload.key))) for upload in files]
    return paired, None if given is None else [key for key in about if key not in keys]


def _read_about(form: Form | None) -> JSON:
    if form is None:
        return {}
    return {"filename": form.text("filename", high=1024), "description": form.text("description", high=1024)}


def _clear(read: MessageForm, name: str) -> None:
    match name:
        case "content":
            read.draft.content = ""
        case "embeds":
            read.draft.embeds = []
        case "components":
            read.draft.components = []
        case _:
            read.kept = []


def _nothing_left(read: MessageForm, message: Message) -> bool:
    draft = read.draft
    content = message.content if draft.content is None else draft.content
    embeds = message.embeds if draft.embeds is None else draft.embeds
    components = message.components if draft.components is None else draft.components
    attachments = message.attachments if read.kept is None else read.kept
    return not (content or embeds or components or attachments or read.uploads or message.sticker_items)


def _stored(world: World, channel: Channel, upload: Upload, about: JSON, *, hidden: bool) -> JSON:
    name = about.get("filename") or upload.filename
    kind, note = upload.content_type, about.get("description")
    return store(world, channel.id, name, upload.content, content_type=kind, description=note, ephemeral=hidden)


def _linked(draft: Draft, files: list[JSON]) -> tuple[Draft, set[str]]:
    """Replace `attachment://name` in embeds and components by addresses; returns the names so used."""
    shown = json.dumps([draft.embeds, draft.components])
    used = {one["filename"] for one in files if f'"attachment://{one["filename"]}"' in shown}
    for one in files:
        shown = shown.replace(f'"attachment://{one["filename"]}"', json.dumps(one["url"]))
    embeds, components = json.loads(shown)
    return replace(draft, embeds=embeds, components=components), used
