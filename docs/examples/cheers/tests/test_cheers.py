from coreops_cheers import plugin


async def test_it_does_not_come_up_without_the_plugin_that_adds_the_hook(boot):
    bot = await boot(plugins=[plugin])

    (report,) = [each for each in bot.running.plugins() if each.name == "cheers"]

    assert report.state == "failed"
    assert "coreops_toasts_raised is no hook of CoreOps" in report.reason
