from coreops_cheers import plugin as cheers
from coreops_toasts import plugin as toasts


async def test_a_toast_is_raised_with_what_another_plugin_adds(boot):
    alone = await boot(plugins=[toasts])
    assert (await alone.chat.say("!toast Ada")).text == "To Ada!"
    await alone.stop()

    both = await boot(plugins=[toasts, cheers])
    assert (await both.chat.say("!toast Ada")).text == "To Ada!\nCheers, Ada!"
    assert (await both.chat.slash("toast", options={"who": "Ada"})).text == "To Ada!\nCheers, Ada!"
