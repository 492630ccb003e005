import pytest
from coreops_drinks import plugin


@pytest.mark.parametrize("surface", ["say", "slash"])
async def test_the_menu_and_the_form_work_on_a_message_from_before_a_restart(boot, surface):
    first = await boot(plugins=[plugin])
    listed = await (first.chat.say("!drinks") if surface == "say" else first.chat.slash("drinks"))
    await first.stop()
    chat = (await boot(plugins=[plugin])).chat

    chosen = await chat.select(listed.reply, "Hot or cold?", "hot")
    opened = await chat.press(chosen.reply, "Suggest")
    thanked = await chat.submit(opened, {"name": "cocoa"})

    assert chosen.reply.id == listed.reply.id
    assert chosen.text == "There is coffee, tea."
    assert thanked.text == "Thank you, cocoa is noted under hot."


async def test_somebody_else_is_told_who_may_use_the_menu(boot):
    chat = (await boot(plugins=[plugin])).chat
    listed = await chat.say("!drinks", as_="user")

    refused = await chat.select(listed.reply, "Hot or cold?", "hot", as_="admin")

    assert "can use this. Run `drinks` yourself." in refused.text
    assert refused.ephemeral
