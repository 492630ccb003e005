from coreops_hello import plugin


async def test_hello_greets_in_the_operators_words(boot):
    bot = await boot(plugins=[plugin], env={"HELLO_WORDS": "Welcome"})

    said = await bot.chat.say("!hello Ada Lovelace", as_="user")
    asked = await bot.chat.slash("hello", as_="user", options={"who": "Ada Lovelace"})

    assert said.text == asked.text == "Welcome, Ada Lovelace!"
