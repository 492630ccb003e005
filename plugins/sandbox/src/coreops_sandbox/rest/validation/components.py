"""Message components: action rows, and the layouts of "components V2" (Discord docs, Component Reference)."""

from __future__ import annotations

from collections.abc import Callable, Collection

from coreops_sandbox.rest.errors import JSON
from coreops_sandbox.rest.forms import Form
from coreops_sandbox.world.components import SELECTS

from .controls import read_button, read_select

LAYOUT_TOTAL = 40
"""Components a message may hold in all with IS_COMPONENTS_V2, nested ones included."""
_ROW, _BUTTON, _SECTION, _TEXT, _THUMBNAIL, _GALLERY, _FILE, _SEPARATOR, _CONTAINER = 1, 2, 9, 10, 11, 12, 13, 14, 17
_IN_CONTAINER = (_ROW, _SECTION, _TEXT, _GALLERY, _FILE, _SEPARATOR)
_MEDIA = ("http", "https", "attachment")


class ComponentReader:
    """Reads the components of one message and numbers those that have no id."""

    def __init__(self, *, layout: bool) -> None:
        self._layout = layout
        self._custom_ids: set[str] = set()
        self._ids: set[int] = set()
        self._count = 0
        self._readers: dict[int, Callable[[Form], JSON]] = {
            _ROW: self._row,
            _BUTTON: self._button,
            _SECTION: self._section,
            _TEXT: lambda form: {"content": form.text("content", low=1, high=4000, needed=True)},
            _THUMBNAIL: _read_media_item,
            _GALLERY: self._gallery,
            _FILE: _read_file,
            _SEPARATOR: _read_separator,
            _CONTAINER: self._container,
            **dict.fromkeys(SELECTS, self._select),
        }

    def read(self, form: Form) -> list[JSON] | None:
        """The `components` of a message; None if the field is absent."""
        given = form.forms("components", high=None if self._layout else 5)
        if given is None:
            return None
        allowed = (*_IN_CONTAINER, _CONTAINER) if self._layout else (_ROW,)
        read = [self._component(one, allowed) for one in given]
        if self._count > LAYOUT_TOTAL:
            message = f"The maximum number of components in this message is {LAYOUT_TOTAL}"
            form.fail("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
        return read

    def _component(self, form: Form, allowed: Collection[int]) -> JSON:
        kind = form.data.get("type")
        if not isinstance(kind, int) or kind not in allowed:
            listed = ", ".join(str(one) for one in allowed) + ("," if len(allowed) == 1 else "")
            form.problems.add(form.path, "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({listed}).')
            return {"type": kind}
        self._count += 1
        number = form.integer("id", low=0, high=2**31 - 1)
        fields = self._readers[kind](form)
        return {"type": kind, "id": self._number(number), **{k: v for k, v in fields.items() if v is not None}}

    def _number(self, wished: int | None) -> int:
        number = wished or 1
        while number in self._ids:
            number += 1
        self._ids.add(number)
        return number

    def _row(self, form: Form) -> JSON:
        children = form.forms("components", low=1, high=5, needed=True) or []
        read = [self._component(one, (_BUTTON, *SELECTS)) for one in children]
        # A select is as wide as five buttons, and five is the width of a row.
        width = 0
        for child in children:
            width += 5 if child.data.get("type") in SELECTS else 1
            if width > 5:
                message = "The specified component exceeds the maximum width"
                child.problems.add(child.path, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)
        return {"components": read}

    def _button(self, form: Form) -> JSON:
        return read_button(form, self._claim)

    def _select(self, form: Form) -> JSON:
        return read_select(form, self._claim)

    def _claim(self, form: Form, custom_id: str) -> None:
        if custom_id in self._custom_ids:
            form.fail("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        self._custom_ids.add(custom_id)

    def _section(self, form: Form) -> JSON:
        texts = form.forms("components", low=1, high=3, needed=True) or []
        accessory = form.form("accessory", needed=True)
        return {
            "components": [self._component(one, (_TEXT,)) for one in texts],
            "accessory": accessory and self._component(accessory, (_BUTTON, _THUMBNAIL)),
        }

    def _gallery(self, form: Form) -> JSON:
        return {"items": [_read_media_item(one) for one in form.forms("items", low=1, high=10, needed=True) or []]}

    def _container(self, form: Form) -> JSON:
        children = form.forms("components", needed=True) or []
        return {
            "components": [self._component(one, _IN_CONTAINER) for one in children],
            "accent_color": form.integer("accent_color", low=0, high=0xFFFFFF),
            "spoiler": bool(form.boolean("spoiler")),
        }


def _read_media_item(form: Form) -> JSON:
    media = form.form("media", needed=True)
    return {
        "media": media and {"url": media.url("url", _MEDIA)},
        "description": form.text("description", high=1024),
        "spoiler": bool(form.boolean("spoiler")),
    }


def _read_file(form: Form) -> JSON:
    file = form.form("file", needed=True)
    return {"file": file and {"url": file.url("url", ("attachment",))}, "spoiler": bool(form.boolean("spoiler"))}


def _read_separator(form: Form) -> JSON:
    divider, spacing = form.boolean("divider"), form.choice("spacing", (1, 2))
    return {"divider": divider is not False, "spacing": spacing or 1}
