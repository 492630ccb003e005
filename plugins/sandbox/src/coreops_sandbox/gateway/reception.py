"""What clients ask for: IDENTIFY, RESUME and the commands of an identified one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coreops_sandbox.gateway import codec, frames, handshake, members
from coreops_sandbox.gateway.codes import Close, Op, ProtocolError
from coreops_sandbox.gateway.connection import Connection
from coreops_sandbox.gateway.frames import Frame
from coreops_sandbox.gateway.session import Session, Sessions
from coreops_sandbox.gateway.view import View
from coreops_sandbox.world.world import World


class Reception:
    """Answers payloads; a :class:`ProtocolError` from here ends the client's connection.

    Args:
        world: Whose members, guilds and token they are.
        sessions: Where sessions are kept.
        open_session: Makes a session for an IDENTIFY.
    """

    def __init__(self, world: World, sessions: Sessions, open_session: Callable[[View], Session]) -> None:
        self._world = world
        self._sessions = sessions
        self._open_session = open_session

    def identify(self, connection: Connection, frame: Frame) -> None:
        """Op 2: a new session, READY and the guilds."""
        _require_anonymous(connection)
        identify = frames.body(frame, frames.Identify)
        handshake.authenticate(self._world, identify.token)
        session = self._open_session(handshake.view_of(self._world, identify))
        if identify.compress and isinstance(connection.outbox.codec, codec.Plain):
            connection.outbox.codec = codec.PayloadZlib()
        session.presence = identify.presence or session.presence
        self._sessions.add(session)
        self._world.identifies += 1
        connection.join(session)
        handshake.welcome(self._world, session, identify.shard)

    def resume(self, connection: Connection, frame: Frame) -> None:
        """Op 6: the missed events in order, then RESUMED; op 9 if that is no longer possible."""
        _require_anonymous(connection)
        resume = frames.body(frame, frames.Resume)
        handshake.authenticate(self._world, resume.token)
        session = self._sessions.find(resume.session_id)
        if session is not None and not 0 <= resume.seq <= session.seq:
            raise ProtocolError(Close.INVALID_SEQ, "Invalid seq.")
        missed = session.since(resume.seq) if session is not None else None
        if session is None or missed is None:
            connection.outbox.put(frames.encode(Op.INVALID_SESSION, d=False))
            return
        if session.outbox is not None:
            session.outbox.close(Close.UNKNOWN_ERROR, "Resumed on another connection.")
        connection.join(session)
        for payload in missed:
            connection.outbox.put(payload)
        session.emit("RESUMED", {"_trace": ["sandbox"]})

    def command(self, session: Session, op: Op, frame: Frame) -> None:
        """Ops 3, 4, 8, 31 and 43."""
        if op is Op.PRESENCE_UPDATE:
            session.presence = frames.body(frame, frames.Presence)
        elif op is Op.REQUEST_GUILD_MEMBERS:
            self._members(session, frames.body(frame, frames.RequestMembers))
        elif op is Op.REQUEST_SOUNDBOARD_SOUNDS:
            for guild_id in frames.body(frame, frames.RequestSounds).guild_ids:
                self._answer(session, guild_id, "SOUNDBOARD_SOUNDS", {"soundboard_sounds": []})
        elif op is Op.REQUEST_CHANNEL_INFO:
            guild_id = frames.body(frame, frames.RequestChannelInfo).guild_id
            self._answer(session, guild_id, "CHANNEL_INFO", {"channels": []})
        else:
            # Nobody can talk here: a well-formed wish to join a voice channel stays unanswered.
            frames.body(frame, frames.VoiceState)

    def _members(self, session: Session, request: frames.RequestMembers) -> None:
        guild = self._world.guilds.get(str(request.guild_id))
        if guild is None or not session.view.owns(guild.id):
            return
        for chunk in members.chunks(guild, request, session.view.intents):
            session.emit("GUILD_MEMBERS_CHUNK", chunk)

    def _answer(self, session: Session, guild_id: frames.Snowflake, name: str, data: dict[str, Any]) -> None:
        if str(guild_id) in self._world.guilds and session.view.owns(str(guild_id)):
            session.emit(name, {"guild_id": str(guild_id), **data})


def _require_anonymous(connection: Connection) -> None:
    if connection.session is not None:
        raise ProtocolError(Close.ALREADY_AUTHENTICATED, "Already authenticated.")
