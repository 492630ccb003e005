"""Application commands, global and of a guild (Discord docs, Application Commands, "Endpoints")."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.world.application import Command

from . import errors
from .call import Call
from .errors import ApiError, Problems
from .forms import Form
from .routing import Created, Route
from .validation.commands import CHAT_INPUT, read_command

_GLOBAL = "/applications/{application}/commands"
_GUILD = "/applications/{application}/guilds/{guild}/commands"
_MOST = {1: 100, 2: 15, 3: 15}
_DAY_S = 24 * 3600.0
_LOCALIZED = frozenset({"name_localizations", "description_localizations"})


async def listing(call: Call) -> Any:
    """The commands of a scope, with texts in other languages only on `with_localizations`."""
    commands = [one.payload() for one in call.world.application.scope(_scope(call))]
    return commands if call.flag("with_localizations") else [_plain(one) for one in commands]


async def get(call: Call) -> Any:
    return _command(call, _scope(call)).payload()


async def create(call: Call) -> Any:
    """A command of the same name and type is replaced and keeps its id."""
    scope, form = _scope(call), await call.form()
    fields = read_command(form)
    form.problems.raise_if_any()
    known = _twin(call, scope, fields) is not None
    _require_room(call, scope, [fields])
    command = _put(call, scope, fields)
    _changed(call)
    return command.payload() if known else Created(command.payload())


async def edit(call: Call) -> Any:
    """Fields that are not given stay as they are."""
    scope = _scope(call)
    command, given = _command(call, scope), (await call.form()).data
    form = Form({**command.data, **given, "type": command.type}, Problems())
    fields = read_command(form)
    form.problems.raise_if_any()
    twin = _twin(call, scope, fields)
    if twin is not None and twin.id != command.id:
        raise ApiError(400, 40041, "An application command with that name already exists.")
    _fill(command, fields, call.world.snowflakes.next())
    _changed(call)
    return command.payload()


async def delete(call: Call) -> None:
    command = _command(call, _scope(call))
    del call.world.application.commands[command.id]
    _changed(call)


async def overwrite(call: Call) -> Any:
    """Make the scope's commands exactly these; those with a known name and type keep their ids."""
    scope, problems, data = _scope(call), Problems(), (await call.body()).data
    if not isinstance(data, list):
        raise errors.invalid((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    read = [read_command(Form(one, problems, (index,))) for index, one in enumerate(data)]
    _check_unique(read, problems)
    problems.raise_if_any()
    _require_room(call, scope, read, replacing=True)
    kept = [_put(call, scope, fields) for fields in read]
    for command in call.world.application.scope(scope):
        if command not in kept:
            del call.world.application.commands[command.id]
    _changed(call)
    return [one.payload() for one in kept]


async def guild_permissions(call: Call) -> Any:
    _scope(call)
    return []


async def command_permissions(call: Call) -> Any:
    """No member has changed a command's permissions here, which Discord answers with 10066."""
    _command(call, _scope(call), also_global=True)
    raise errors.unknown("application command permissions")


async def set_permissions(call: Call) -> Any:
    """Only a user's bearer token may do this (docs, "Edit Application Command Permissions")."""
    _scope(call)
    raise ApiError(403, 20001, "Bots cannot use this endpoint")


def _scope(call: Call) -> str | None:
    if call.id("application") != call.world.application.id:
        raise errors.forbidden(20012)
    if "guild" not in call.request.match_info:
        return None
    if call.id("guild") not in call.world.guilds:
        raise errors.forbidden(50001)
    return call.id("guild")


def _command(call: Call, scope: str | None, *, also_global: bool = False) -> Command:
    command = call.world.application.commands.get(call.id("command"))
    scopes = (scope, None) if also_global else (scope,)
    if command is None or command.guild_id not in scopes:
        raise errors.unknown("application command")
    return command


def _twin(call: Call, scope: str | None, fields: dict[str, Any]) -> Command | None:
    in_scope = call.world.application.scope(scope)
    return next((one for one in in_scope if (one.name, one.type) == (fields["name"], fields["type"])), None)


def _require_room(call: Call, scope: str | None, wished: list[dict[str, Any]], *, replacing: bool = False) -> None:
    """Raise 30032 beyond the number of commands a scope may have, 30034 beyond the new ones of a day."""
    new = [one for one in wished if _twin(call, scope, one) is None]
    for kind, most in _MOST.items():
        held = 0 if replacing else sum(one.type == kind for one in call.world.application.scope(scope))
        if held + sum(one["type"] == kind for one in (wished if replacing else new)) > most:
            raise ApiError(400, 30032, f"Maximum number of application commands reached ({most})")
    now = call.world.clock()
    today = [one for one in call.world.application.created.get(scope, []) if one > now - _DAY_S]
    if len(today) + len(new) > call.limits.daily_creates:
        text = f"Max number of daily application command creates has been reached ({call.limits.daily_creates})"
        raise ApiError(400, 30034, text)
    call.world.application.created[scope] = today + [now] * len(new)


def _put(call: Call, scope: str | None, fields: dict[str, Any]) -> Command:
    application, version = call.world.application, call.world.snowflakes.next()
    command = _twin(call, scope, fields)
    if command is None:
        data = {"id": call.world.snowflakes.next(), "application_id": application.id, "version": version}
        command = Command(id=data["id"], guild_id=scope, data=data)
        application.commands[command.id] = command
    _fill(command, fields, version)
    return command


def _fill(command: Command, fields: dict[str, Any], version: str) -> None:
    """Replace a command's fields; the version changes only if something else did."""
    meta = {name: command.data[name] for name in ("id", "application_id", "version")}
    if command.guild_id is not None:
        meta["guild_id"] = command.guild_id
    if {**meta, **fields} != command.data:
        command.data = {**meta, **fields, "version": version}


def _check_unique(read: list[dict[str, Any]], problems: Problems) -> None:
    seen: set[tuple[int, str | None]] = set()
    for index, fields in enumerate(read):
        key = (fields.get("type", CHAT_INPUT), fields["name"])
        if key in seen and key[1] is not None:
            message = "Application command names must be unique"
            problems.add((index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen.add(key)


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items() if key not in _LOCALIZED}
    return [_plain(one) for one in node] if isinstance(node, list) else node


def _changed(call: Call) -> None:
    commands = [one.payload() for one in call.world.application.commands.values()]
    call.world.notify("commands", {"commands": commands})


def _routes(base: str) -> tuple[Route, ...]:
    return (
        Route("GET", base, listing),
        Route("POST", base, create),
        Route("PUT", base, overwrite),
        Route("GET", f"{base}/{{command}}", get),
        Route("PATCH", f"{base}/{{command}}", edit),
        Route("DELETE", f"{base}/{{command}}", delete),
    )


ROUTES = (
    Route("GET", f"{_GUILD}/permissions", guild_permissions),
    Route("GET", f"{_GUILD}/{{command}}/permissions", command_permissions),
    Route("PUT", f"{_GUILD}/{{command}}/permissions", set_permissions),
    *_routes(_GLOBAL),
    *_routes(_GUILD),
)
