"""Application commands as they are registered (Discord docs, Application Commands)."""

from __future__ import annotations

from coreops_sandbox.rest.errors import JSON
from coreops_sandbox.rest.forms import Form

from .names import check_name, read_localizations
from .options import read_options

CHAT_INPUT = 1
TYPES = (1, 2, 3)
MAX_SIZE = 8000
"""Characters of names, descriptions and values of one command with all its options."""


def read_command(form: Form) -> JSON:
    """The fields of a new command, with Discord's defaults; problems go into the form."""
    kind = form.choice("type", TYPES) or CHAT_INPUT
    fields: JSON = {
        "type": kind,
        "name": _read_name(form, kind),
        "name_localizations": read_localizations(form, "name", 32, names=kind == CHAT_INPUT),
        "description": _read_description(form, kind),
        "description_localizations": read_localizations(form, "description", 100, names=False),
        "default_member_permissions": _read_permissions(form),
        "dm_permission": form.boolean("dm_permission") is not False,
        "contexts": _read_set(form, "contexts", (0, 1, 2)),
        "integration_types": _read_set(form, "integration_types", (0, 1)) or [0],
        "nsfw": bool(form.boolean("nsfw")),
    }
    options = read_options(form) if kind == CHAT_INPUT else None
    if options:
        fields["options"] = options
    if not form.problems and _size(fields) > MAX_SIZE:
        message = f"Command exceeds maximum size ({MAX_SIZE})"
        form.problems.add(form.path, "APPLICATION_COMMAND_TOO_LARGE", message)
    return fields


def _read_name(form: Form, kind: int) -> str | None:
    if kind != CHAT_INPUT:
        return form.text("name", low=1, high=32, needed=True)
    name = form.text("name", needed=True)
    if name is not None:
        check_name(form, "name", name)
    return name


def _read_description(form: Form, kind: int) -> str | None:
    if kind == CHAT_INPUT:
        return form.text("description", low=1, high=100, needed=True)
    if form.data.get("description"):
        message = "Context menu commands cannot have description"
        form.fail("description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET", message)
    return ""


def _read_permissions(form: Form) -> str | None:
    bits = form.integer("default_member_permissions", low=0)
    return None if bits is None else str(bits)


def _read_set(form: Form, key: str, allowed: tuple[int, ...]) -> list[int] | None:
    values = form.items(key)
    for index, value in enumerate(values or []):
        if value not in allowed:
            listed = ", ".join(str(one) for one in allowed)
            form.problems.add((*form.path, key, index), "BASE_TYPE_CHOICES", f"Value must be one of ({listed}).")
    return values


def _size(node: JSON) -> int:
    """Characters of a command or option; of localized texts the longest counts."""
    own = sum(_longest(node, key) for key in ("name", "description"))
    choices = sum(_longest(one, "name") + len(str(one["value"])) for one in node.get("choices", ()))
    return own + choices + sum(_size(option) for option in node.get("options", ()))


def _longest(node: JSON, key: str) -> int:
    texts = [node.get(key) or "", *(node.get(f"{key}_localizations") or {}).values()]
    return max(len(text) for text in texts)
