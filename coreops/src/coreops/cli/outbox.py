"""``coreops outbox``: the accepted writes of a state folder; a bot that uses it is asked to change them, over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coreops.cli.asked import fail, place_here
from coreops.cli.giving import give, who

if TYPE_CHECKING:
    from coreops_hookspecs.outbox import Write
    from coreops_shared.state.store import Store

__all__ = ["command"]

_CONFIG = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The bot's file with settings.  [default: COREOPS_CONFIG, or coreops.toml]",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


_PORT = click.option(
    "--http-port", envvar=["COREOPS_HTTP_PORT", "PORT"], default=8080, show_default=True, help="The running bot's."
)


class _InUseError(Exception):
    """A runtime works in the state folder."""


@click.group("outbox")
def command() -> None:
    """List, replay or drop writes to spreadsheets that wait or could not be made."""


@command.command("list")
@_JSON
@_CONFIG
def list_(*, as_json: bool, config: Path | None) -> None:
    """List the writes that are pending or dead, whether the bot runs or not."""

    async def found(store: Store) -> list[Write]:
        return list(await store.outbox.waiting())

    writes = _with_store(found, config, alone=False)
    if as_json:
        click.echo(json.dumps([_shown(write) for write in writes], indent=2))
        return
    for write in writes:
        click.echo(f"{write.number:>6}  {write.state.value:7}  {write.plugin}  {write.kind.value} "
                   f"{write.row} in {write.tab}  {write.error}".rstrip())  # fmt: skip
    if not writes:
        click.echo("every accepted write is in its sheet")


@command.command("replay")
@click.argument("number", type=click.IntRange(1))
@click.option("--overwrite", is_flag=True, help="Replace what somebody else put into its row.")
@_JSON
@_PORT
@_CONFIG
def replay(number: int, *, overwrite: bool, as_json: bool, http_port: int, config: Path | None) -> None:
    """Have the dead write NUMBER tried again: by the running bot now, or else at its next start."""
    from coreops_hookspecs.outbox import WriteState

    async def change(store: Store) -> Write:
        dead = await _dead(store, number)
        alive = replace(dead, state=WriteState.PENDING, error="", expected=None if overwrite else dead.expected)
        await store.outbox.revive(alive)
        await _record(store, "replay", number, overwrite=overwrite)
        return alive

    try:
        done = _with_store(change, config)
    except _InUseError:
        told = _told_of("waits for its turn again")
        path = f"outbox/{number}/replay"
        give(path, {"overwrite": overwrite}, told, as_json=as_json, port=http_port, config=config)
    _changed("replayed at the next start", done, as_json=as_json)


@command.command("drop")
@click.argument("number", type=click.IntRange(1))
@_JSON
@_PORT
@_CONFIG
def drop(number: int, *, as_json: bool, http_port: int, config: Path | None) -> None:
    """Forget the dead write NUMBER for good, whether the bot runs or not."""

    async def change(store: Store) -> Write:
        dead = await _dead(store, number)
        await store.outbox.remove(dead)
        await _record(store, "drop", number)
        return dead

    try:
        done = _with_store(change, config)
    except _InUseError:
        give(f"outbox/{number}/drop", {}, _told_of("dropped"), as_json=as_json, port=http_port, config=config)
    _changed("dropped", done, as_json=as_json)


async def _dead(store: Store, number: int) -> Write:
    from coreops_hookspecs.errors import OutboxError
    from coreops_hookspecs.outbox import WriteState

    for write in await store.outbox.waiting():
        if write.number == number and write.state is WriteState.DEAD:
            return write
    raise OutboxError(f"write {number} is no dead letter; coreops outbox list shows them")


async def _record(store: Store, what: str, number: int, *, overwrite: bool = False) -> None:
    """Keep on record what was done past Discord."""
    from datetime import UTC, datetime

    from coreops_hookspecs import AuditEntry
    from coreops_shared import trace

    options = (("number", str(number)), *((("overwrite", "True"),) if overwrite else ()))
    await store.audit.append(
        AuditEntry(
            at=datetime.now(UTC),
            trace=trace.new(),
            actor=f"operator:{who()}",
            command=f"ops outbox {what}",
            plugin="ops",
            surface="cli",
            options=options,
            guild_id=None,
            channel_id=0,
            outcome="ok",
            error="",
        )
    )


def _with_store(work: Callable[[Store], Awaitable[Any]], config: Path | None, *, alone: bool = True) -> Any:
    """Open the state folder and do something with it; ``alone`` to change it. Raises _InUseError if a runtime works."""
    from coreops_hookspecs.errors import CoreOpsError
    from coreops_shared.state.lock import FileLock
    from coreops_shared.state.store import Store

    folder = place_here(config).state_dir
    if not (folder / "state.sqlite3").is_file():
        fail(f"{folder} holds no state; run it where the bot runs, with the same COREOPS_STATE_DIR")

    async def opened() -> Any:
        lock, store = FileLock(folder / "runtime.lock"), Store(folder / "state.sqlite3")
        if alone:
            try:
                await lock.acquire()
            except CoreOpsError as error:
                raise _InUseError from error
        try:
            await store.open()
            if detail := store.health().detail:
                fail(detail)
            return await work(store)
        finally:
            await store.close()
            await lock.release()

    try:
        return asyncio.run(opened())
    except CoreOpsError as error:
        fail(str(error))


def _told_of(what: str) -> Callable[[Mapping[str, Any]], list[str]]:
    return lambda write: [f"write {write['number']} {what}"]


def _changed(what: str, write: Write, *, as_json: bool) -> None:
    click.echo(json.dumps(_shown(write), indent=2) if as_json else f"write {write.number} {what}")


def _shown(write: Write) -> dict[str, Any]:
    named = ("number", "name", "plugin", "tab", "kind", "key", "row", "state", "attempts", "error", "actor", "trace")
    return {name: getattr(write, name) for name in named} | {"accepted_at": write.accepted_at.isoformat()}
