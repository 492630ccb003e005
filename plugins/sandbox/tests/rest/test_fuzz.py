"""Whatever JSON comes, it is read or refused as Discord would, and never crashes the reader."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreops_sandbox.rest.body import Body
from coreops_sandbox.rest.errors import ApiError, Problems
from coreops_sandbox.rest.forms import Form
from coreops_sandbox.rest.validation.commands import read_command
from coreops_sandbox.rest.validation.controls import read_modal
from coreops_sandbox.rest.validation.messages import read_message

BUTTON = {"type": 2, "style": 1, "label": "l", "custom_id": "b", "emoji": {"name": "👍"}, "disabled": False}
SELECT = {
    "type": 3,
    "custom_id": "s",
    "options": [{"label": "l", "value": "v", "description": "d", "emoji": {"id": "1"}, "default": True}],
    "min_values": 0,
    "max_values": 1,
}
MESSAGE = {
    "content": "c",
    "tts": False,
    "flags": 4,
    "nonce": "n",
    "embeds": [
        {
            "title": "t",
            "url": "https://x.org",
            "timestamp": "2026-01-01T00:00:00Z",
            "color": 1,
            "footer": {"text": "f", "icon_url": "https://x.org"},
            "image": {"url": "attachment://a.png"},
            "author": {"name": "a", "url": "https://x.org"},
            "fields": [{"name": "n", "value": "v", "inline": True}],
        }
    ],
    "components": [{"type": 1, "components": [BUTTON]}, {"type": 1, "components": [SELECT]}],
    "allowed_mentions": {"parse": ["roles"], "users": ["1"], "replied_user": True},
    "attachments": [{"id": 0, "filename": "a", "description": "d"}],
    "message_reference": {"message_id": "1", "fail_if_not_exists": False},
}
TEXT = {"type": 10, "content": "t"}
LAYOUT = {
    "flags": 1 << 15,
    "components": [
        {
            "type": 17,
            "accent_color": 1,
            "components": [
                TEXT,
                {"type": 9, "components": [TEXT], "accessory": BUTTON},
                {"type": 12, "items": [{"media": {"url": "https://x.org"}, "description": "d"}]},
                {"type": 13, "file": {"url": "attachment://a"}},
                {"type": 14, "divider": True, "spacing": 2},
            ],
        }
    ],
}
OPTION = {
    "type": 3,
    "name": "o",
    "description": "d",
    "required": True,
    "choices": [{"name": "n", "value": "v", "name_localizations": {"de": "n"}}],
    "max_length": 5,
}
COMMAND = {
    "type": 1,
    "name": "n",
    "description": "d",
    "name_localizations": {"de": "n"},
    "default_member_permissions": "8",
    "contexts": [0],
    "integration_types": [0],
    "nsfw": False,
    "options": [
        {
            "type": 2,
            "name": "g",
            "description": "d",
            "options": [
                {
                    "type": 1,
                    "name": "s",
                    "description": "d",
                    "options": [
                        OPTION,
                        {**OPTION, "type": 4, "name": "i", "choices": [], "min_value": 1, "max_value": 2},
                        {"type": 10, "name": "f", "description": "d", "min_value": 0.5, "autocomplete": True},
                    ],
                }
            ],
        }
    ],
}
INPUT = {"type": 4, "custom_id": "i", "label": "l", "style": 1, "min_length": 0, "required": True, "value": "v"}
MODAL = {"custom_id": "m", "title": "t", "components": [{"type": 1, "components": [INPUT]}]}

atoms = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 20) | st.sampled_from([1 << 15, 1 << 24, 1 << 70]),
    st.floats(),
    st.text(max_size=3),
    st.just("x" * 5000),
)
values = atoms | st.lists(atoms, max_size=30) | st.dictionaries(st.sampled_from(["id", "type", "name"]), atoms)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in inner:
        yield from places(child, (*path, key))


def spoiled(body: Any) -> st.SearchStrategy[Any]:
    """The body with one or two of its values replaced by anything at all."""

    def spoil(changes: list[tuple[tuple[Any, ...], Any]]) -> Any:
        changed = {"root": copy.deepcopy(body)}
        for path, value in changes:
            node: Any = changed
            steps = ("root", *path)
            try:
                for step in steps[:-1]:
                    node = node[step]
                node[steps[-1]] = value
            except (KeyError, IndexError, TypeError):
                continue  # The first change took away what the second one names.
        return changed["root"]

    return st.lists(st.tuples(st.sampled_from(list(places(body))), values), min_size=1, max_size=2).map(spoil)


@settings(max_examples=300, deadline=None)
@given(spoiled(MESSAGE) | spoiled(LAYOUT))
def test_a_spoiled_message_is_read_or_refused(data):
    try:
        read = read_message(Body(data))
    except ApiError as error:
        refused = error.status
    else:
        refused = None
        assert not read.empty
    assert refused in {None, 400, 501}


@settings(max_examples=300, deadline=None)
@given(spoiled(COMMAND))
def test_a_spoiled_command_is_read_or_has_problems(data):
    form = Form(data, Problems())
    fields = read_command(form)
    assert form.problems or (fields["name"] and fields["type"] in {1, 2, 3})


@settings(max_examples=200, deadline=None)
@given(spoiled(MODAL))
def test_a_spoiled_modal_is_read_or_has_problems(data):
    form = Form(data, Problems())
    modal = read_modal(form)
    assert form.problems or modal["components"]


@pytest.mark.parametrize("body", [MESSAGE, LAYOUT])
def test_the_unspoiled_message_is_accepted(body):
    assert not read_message(Body(body)).empty


@pytest.mark.parametrize(("read", "body"), [(read_command, COMMAND), (read_modal, MODAL)])
def test_the_unspoiled_command_and_modal_are_accepted(read, body):
    form = Form(body, Problems())
    read(form)
    form.problems.raise_if_any()


@given(st.lists(st.tuples(st.lists(st.sampled_from(["a", "b", "0"]), max_size=3), st.text(max_size=3)), min_size=1))
def test_every_problem_is_found_again_in_the_nested_errors(found):
    problems = Problems()
    for path, code in found:
        problems.add(tuple(path), code, "m")
    with pytest.raises(ApiError) as raised:
        problems.raise_if_any()
    for path, code in found:
        node: Any = raised.value.errors
        for step in path:
            node = node[step]
        assert code in [one["code"] for one in node["_errors"]]
