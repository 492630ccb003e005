"""Embeds (Discord docs, Message, "Embed Object" and "Embed Limits")."""

from __future__ import annotations

from coreops_sandbox.rest.errors import JSON
from coreops_sandbox.rest.forms import Form

TOTAL = 6000
_IMAGE = ("http", "https", "attachment")


def read_embeds(form: Form) -> list[JSON] | None:
    """The embeds of a message as Discord stores them; None if the field is absent, empty ones are dropped."""
    given = form.forms("embeds", high=10)
    if given is None:
        return None
    embeds = [_read_embed(one) for one in given]
    if sum(size(one) for one in embeds) > TOTAL:
        form.fail("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {TOTAL}")
    return [{"type": "rich", **one} for one in embeds if one.keys() - {"color", "timestamp", "url"}]


def size(embed: JSON) -> int:
    """The characters of an embed that count towards the total."""
    parts = [embed.get("title"), embed.get("description"), embed.get("footer", {}).get("text")]
    parts.append(embed.get("author", {}).get("name"))
    parts += [text for field in embed.get("fields", ()) for text in (field["name"], field["value"])]
    return sum(len(part) for part in parts if part)


def _read_embed(form: Form) -> JSON:
    moment = form.moment("timestamp")
    return _filled(
        title=form.text("title", high=256),
        description=form.text("description", high=4096),
        url=form.url("url"),
        timestamp=moment and moment.isoformat(),
        color=form.integer("color", low=0, high=0xFFFFFF),
        footer=_read_footer(form),
        image=_read_image(form, "image"),
        thumbnail=_read_image(form, "thumbnail"),
        author=_read_author(form),
        fields=_read_fields(form),
    )


def _read_footer(form: Form) -> JSON | None:
    footer = form.form("footer")
    if footer is None:
        return None
    text = footer.text("text", high=2048, needed=True)
    return _filled(text=text, icon_url=footer.url("icon_url", _IMAGE))


def _read_author(form: Form) -> JSON | None:
    author = form.form("author")
    if author is None:
        return None
    name = author.text("name", high=256, needed=True)
    return _filled(name=name, url=author.url("url"), icon_url=author.url("icon_url", _IMAGE))


def _read_image(form: Form, key: str) -> JSON | None:
    image = form.form(key)
    return None if image is None else _filled(url=image.url("url", _IMAGE))


def _read_fields(form: Form) -> list[JSON] | None:
    fields = form.forms("fields", high=25)
    if not fields:
        return None
    return [
        {
            "name": field.text("name", low=1, high=256, needed=True) or "",
            "value": field.text("value", low=1, high=1024, needed=True) or "",
            "inline": bool(field.boolean("inline")),
        }
        for field in fields
    ]


def _filled(**values: object) -> JSON:
    return {name: value for name, value in values.items() if value not in (None, "", {})}
