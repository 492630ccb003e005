from __future__ import annotations

import msgspec
import pytest

from coreops_sandbox.replies import Exchange, NoReplyError, Reply

PANEL = {
    "id": "1",
    "channel": "ops",
    "content": "Choose",
    "embeds": [
        {
            "title": "Health",
            "description": "All well",
            "color": None,
            "fields": [{"name": "Rows", "value": "30", "inline": True}],
            "footer": {"text": "trace 4f"},
            "author": {"name": "CoreOps"},
        }
    ],
    "components": [
        {"type": 1, "components": [{"type": 2, "custom_id": "a", "label": "Approve", "style": 1}]},
        {"type": 17, "components": [{"type": 10, "content": "In a container"}]},
        {"type": 9, "components": [], "accessory": {"type": 2, "custom_id": "b", "label": "Delete", "style": 4}},
    ],
    "unknown": "ignored",
}


@pytest.fixture
def reply() -> Reply:
    return msgspec.convert(PANEL, Reply)


def test_text_is_everything_a_person_can_read_from_top_to_bottom(reply: Reply) -> None:
    lines = ["Choose", "CoreOps", "Health", "All well", "Rows", "30", "trace 4f", "In a container"]

    assert reply.text == "\n".join(lines)


@pytest.mark.parametrize("name", ["Delete", "b"])
def test_a_control_is_found_by_label_or_custom_id_also_beside_a_section(reply: Reply, name: str) -> None:
    assert reply.control(name).custom_id == "b"


def test_an_unknown_control_is_refused_with_the_ones_there_are(reply: Reply) -> None:
    with pytest.raises(LookupError, match="no control 'Aprove'; controls: 'Approve', 'Delete'"):
        reply.control("Aprove")


def test_a_field_of_an_embed_is_read_by_its_name(reply: Reply) -> None:
    assert reply.embeds[0].field("Rows") == "30"
    with pytest.raises(LookupError, match="no field 'Row'; fields: Rows"):
        reply.embeds[0].field("Row")


def test_an_exchange_without_replies_fails_the_test_that_reads_one() -> None:
    silent = Exchange(cause="/ops health from user in #ops", error="The application did not respond", elapsed_ms=3010)

    with pytest.raises(NoReplyError, match=r"nobody answered /ops health .* within 3\.0 s: The application did not"):
        _ = silent.reply
    assert silent.text == ""
    assert not silent.ephemeral


def test_an_exchange_is_ephemeral_only_if_every_reply_is(reply: Reply) -> None:
    hidden = msgspec.structs.replace(reply, ephemeral=True)

    assert Exchange(cause="x", replies=(hidden, hidden)).ephemeral
    assert not Exchange(cause="x", replies=(hidden, reply)).ephemeral


def test_the_embed_of_an_exchange_is_the_first_there_is(reply: Reply) -> None:
    plain = msgspec.structs.replace(reply, embeds=(), components=())

    assert Exchange(cause="x", replies=(plain, reply)).embed.title == "Health"
    with pytest.raises(NoReplyError, match="no embed answered x; the text was 'Choose'"):
        _ = Exchange(cause="x", replies=(plain,)).embed
