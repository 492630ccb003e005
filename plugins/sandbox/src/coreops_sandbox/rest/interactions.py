"""The first response to an interaction (Discord docs, Receiving and Responding)."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.world import posting
from coreops_sandbox.world.channels import Channel
from coreops_sandbox.world.interacting import progressed, source_message
from coreops_sandbox.world.interactions import CallbackType, Interaction, InteractionType
from coreops_sandbox.world.messages import Draft, Message, MessageFlag, MessageType
from coreops_sandbox.world.options import OptionType
from coreops_sandbox.world.posting import Origin
from coreops_sandbox.world.world import World

from . import errors
from .body import Body
from .call import Call
from .errors import Problems
from .forms import Form
from .routing import Route
from .validation.controls import read_modal
from .validation.messages import RESPONSE_FLAGS, read_edit, read_message
from .validation.options import choice_value

_ANSWERS = {
    InteractionType.COMMAND: (CallbackType.MESSAGE, CallbackType.DEFERRED_MESSAGE, CallbackType.MODAL),
    InteractionType.COMPONENT: tuple(one for one in CallbackType if one is not CallbackType.CHOICES),
    InteractionType.AUTOCOMPLETE: (CallbackType.CHOICES,),
    InteractionType.MODAL: (CallbackType.MESSAGE, CallbackType.DEFERRED_MESSAGE),
}
_ON_MESSAGE = (CallbackType.DEFERRED_UPDATE, CallbackType.UPDATE)
USERS_ONLY = {"parse": ["users"]}
"""What interactions and webhooks mention unless told otherwise (docs, "Default Settings for Allowed Mentions")."""


async def respond(call: Call) -> Any:
    interaction = _answerable(call)
    body = await call.body()
    form = Form(body.data, Problems())
    kind = form.choice("type", _allowed(interaction), needed=True)
    form.problems.raise_if_any()
    data = form.data.get("data") or {}
    message = _perform(call.world, interaction, CallbackType(kind or 0), Body(data, body.files))
    interaction.callback = kind
    interaction.answered_at = call.world.clock()
    progressed(call.world, interaction)
    return _callback(interaction, message) if call.flag("with_response") else None


def attribution(world: World, interaction: Interaction) -> Origin:
    """How the messages that answer an interaction are attributed; those of components reply to their message."""
    source = source_message(world, interaction)
    kind = MessageType.COMMAND if interaction.type == InteractionType.COMMAND else MessageType.DEFAULT
    reply_to = source if source is not None and not source.ephemeral else None
    application = world.application.id
    return Origin(
        type=kind, reply_to=reply_to, webhook_id=application, application_id=application, interaction=interaction
    )


def channel_of(world: World, interaction: Interaction) -> Channel:
    """The channel an interaction came from; 10003 if it is gone."""
    channel = world.channel(interaction.channel_id)
    if channel is None:
        raise errors.unknown("Channel")
    return channel


def with_default_mentions(draft: Draft) -> Draft:
    """Mention users only, unless the request said what to mention."""
    if draft.allowed_mentions is None:
        draft.allowed_mentions = dict(USERS_ONLY)
    return draft


def update_source(world: World, interaction: Interaction, body: Body, path: tuple[str, ...] = ()) -> Message:
    """Edit the message a component sits on, in answer to it."""
    message = source_message(world, interaction)
    if message is None:
        raise errors.unknown("Message")
    channel = channel_of(world, interaction)
    read = read_edit(body, message, path=path)
    draft = with_default_mentions(read.stored(world, channel, message, hidden=message.ephemeral))
    posting.edit(world, channel, message, draft)
    if message.id not in interaction.message_ids:
        interaction.message_ids.append(message.id)
    return message


def _answerable(call: Call) -> Interaction:
    interaction = call.world.interactions.get(call.id("interaction"))
    if interaction is None or interaction.token != call.raw("token"):
        raise errors.unknown("Interaction")
    if interaction.answered:
        raise errors.bad_request(40060)
    if interaction.too_late(call.world.clock()):
        raise errors.unknown("Interaction")
    return interaction


def _allowed(interaction: Interaction) -> tuple[CallbackType, ...]:
    answers = _ANSWERS[InteractionType(interaction.type)]
    # A modal opened from a component may update that component's message.
    on_message = interaction.type == InteractionType.MODAL and interaction.message_id is not None
    return (*answers, *_ON_MESSAGE) if on_message else answers


def _perform(world: World, interaction: Interaction, kind: CallbackType, body: Body) -> Message | None:
    match kind:
        case CallbackType.MESSAGE:
            return _send(world, interaction, body)
        case CallbackType.DEFERRED_MESSAGE:
            return _defer(world, interaction, body)
        case CallbackType.DEFERRED_UPDATE:
            interaction.deferred, interaction.original_id = True, interaction.message_id
            return source_message(world, interaction)
        case CallbackType.UPDATE:
            interaction.original_id = interaction.message_id
            return update_source(world, interaction, body, ("data",))
        case CallbackType.CHOICES:
            interaction.choices = _read_choices(interaction, body)
        case CallbackType.MODAL:
            interaction.modal = _read_modal(body)
    return None


def _send(world: World, interaction: Interaction, body: Body) -> Message:
    read = read_message(body, flags=RESPONSE_FLAGS, path=("data",))
    channel = channel_of(world, interaction)
    hidden = bool((read.draft.flags or 0) & MessageFlag.EPHEMERAL)
    draft = with_default_mentions(read.stored(world, channel, hidden=hidden))
    message = posting.post(world, channel, world.bot_user, draft, attribution(world, interaction))
    interaction.original_id = message.id
    return message


def _defer(world: World, interaction: Interaction, body: Body) -> Message:
    """A message in state LOADING stands in until it is edited; of the flags only EPHEMERAL is heard."""
    form = Form(body.data, Problems(), ("data",))
    hidden = (form.integer("flags", low=0) or 0) & MessageFlag.EPHEMERAL
    form.problems.raise_if_any()
    draft = Draft(flags=hidden | MessageFlag.LOADING, allowed_mentions={"parse": []})
    origin = attribution(world, interaction)
    message = posting.post(world, channel_of(world, interaction), world.bot_user, draft, origin)
    interaction.deferred, interaction.original_id = True, message.id
    return message


def _read_choices(interaction: Interaction, body: Body) -> list[dict[str, Any]]:
    form = Form(body.data, Problems(), ("data",))
    kind = _focused_type(interaction.data.get("options") or [])
    choices = [
        {"name": one.text("name", low=1, high=100, needed=True), "value": choice_value(one, kind)}
        for one in form.forms("choices", high=25, needed=True) or []
    ]
    form.problems.raise_if_any()
    return choices


def _focused_type(options: list[dict[str, Any]]) -> int:
    for option in options:
        if option.get("focused"):
            return int(option["type"])
        if option["type"] in {OptionType.SUB_COMMAND, OptionType.SUB_COMMAND_GROUP}:
            return _focused_type(option["options"])
    return OptionType.STRING


def _read_modal(body: Body) -> dict[str, Any]:
    form = Form(body.data, Problems(), ("data",))
    modal = read_modal(form)
    form.problems.raise_if_any()
    return modal


def _callback(interaction: Interaction, message: Message | None) -> dict[str, Any]:
    """Discord docs, "Interaction Callback Response Object"."""
    about: dict[str, Any] = {"id": interaction.id, "type": interaction.type}
    data: dict[str, Any] = {"interaction": about, "resource": {"type": interaction.callback}}
    if message is not None:
        about |= {
            "response_message_id": message.id,
            "response_message_loading": message.loading,
            "response_message_ephemeral": message.ephemeral,
        }
        if interaction.callback != CallbackType.DEFERRED_UPDATE:
            data["resource"]["message"] = message.payload()
    return data


ROUTES = (Route("POST", "/interactions/{interaction}/{token}/callback", respond, authorized=False, limited=False),)
