from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = pytest.mark.browser

DRAW = """async (text) => {
  const { markdown } = await import('/static/js/markdown_view.js');
  const { Directory } = await import('/static/js/directory.js');
  const state = await (await fetch('/sandbox/state')).json();
  return markdown(text, new Directory(state)).innerHTML;
}"""


async def drawn(page: Page, text: str) -> Any:
    return await page.evaluate(DRAW, text)


CASES = {
    "**bold** *it* _it_ __under__ ~~gone~~": (
        "<p><strong>bold</strong> <em>it</em> <em>it</em> <u>under</u> <s>gone</s></p>"
    ),
    "***both***": "<p><strong><em>both</em></strong></p>",
    "**a *b* c**": "<p><strong>a <em>b</em> c</strong></p>",
    "snake_case_name 2*3*4": "<p>snake_case_name 2<em>3</em>4</p>",
    r"\*not\* \_it\_": "<p>*not* _it_</p>",
    "`a **b**` ``c`d``": "<p><code>a **b**</code> <code>c`d</code></p>",
    "# One\n## Two\n### Three\n-# small": '<h3>One</h3><h4>Two</h4><h5>Three</h5><p class="subtext">small</p>',
    "#no header": "<p>#no header</p>",
    "> a\n> b\nc": "<blockquote><p>a\nb</p></blockquote><p>c</p>",
    ">>> a\nb": "<blockquote><p>a\nb</p></blockquote>",
    "- a\n  - b\n- c": "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
    "- a\n3. b\n4. c": '<ul><li>a</li></ul><ol start="3"><li>b</li><li>c</li></ol>',
    "x ```py\nprint(1)\n``` y": ('<p>x </p><pre tabindex="0"><code data-language="py">print(1)</code></pre><p> y</p>'),
    "```only open": "<p>```only open</p>",
    "a\nb": "<p>a\nb</p>",
    "@everyone <@1> <@&2> <#3>": (
        '<p><span class="mention">@everyone</span> <span class="mention">@unknown-user</span> '
        '<span class="mention">@unknown-role</span> <span class="mention">#unknown</span></p>'
    ),
    "<:heron:123>": '<p><span class="custom-emoji" title=":heron:">:heron:</span></p>',
    "</ops health:123>": '<p><span class="mention">/ops health</span></p>',
}


FOREIGN = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,a)",
)


async def test_markdown_is_drawn_as_discord_draws_it(page: Page) -> None:
    assert {text: await drawn(page, text) for text in CASES} == CASES


async def test_foreign_markup_stays_text(page: Page) -> None:
    for text in FOREIGN:
        html = await drawn(page, text)
        assert "<script" not in html
        assert "<img" not in html
        assert "href" not in html


async def test_masked_links_show_their_target_and_open_elsewhere(page: Page) -> None:
    html = await drawn(page, "[the **guide**](https://example.com/a_(b)) and https://example.com/x_y_z.")

    assert 'href="https://example.com/a_(b)"' in html
    assert "the <strong>guide</strong></a>" in html
    assert ">https://example.com/x_y_z</a>." in html
    assert html.count('rel="noopener noreferrer"') == 2


async def test_mentions_show_names_and_the_role_s_colour(page: Page) -> None:
    state = await page.evaluate("fetch('/sandbox/state').then((answer) => answer.json())")
    admin = next(one["user"]["id"] for one in state["members"] if one["user"]["username"] == "admin")
    staff = next(one["id"] for one in state["roles"] if one["name"] == "staff")
    channel = next(one["id"] for one in state["channels"] if one["name"] == "log")

    html = await drawn(page, f"<@{admin}> <@&{staff}> <#{channel}>")

    assert ">@Admin</span>" in html
    assert '--tint: #e67e22;">@staff</span>' in html
    assert ">#log</span>" in html


async def test_a_relative_time_is_kept_right(page: Page) -> None:
    await page.evaluate("""async () => {
      const { markdown } = await import('/static/js/markdown_view.js');
      const past = Math.floor(Date.now() / 1000) - 3;
      document.querySelector('.log').append(markdown(`<t:${past}:R>`, null));
    }""")

    assert "seconds ago" in await page.inner_text("time[data-relative]")
    first = await page.inner_text("time[data-relative]")
    await page.wait_for_function("(was) => document.querySelector('time[data-relative]').innerText !== was", arg=first)


async def test_a_long_line_of_openers_is_read_in_no_time(page: Page) -> None:
    took = await page.evaluate("""async () => {
      const { parse } = await import('/static/js/markdown.js');
      const begun = performance.now();
      const openers = ['*', '_', '**', '||', '~~', '`', '[', '<', '> ', '- ', '\\n- a'];
      for (const text of openers) parse(text.repeat(2000 / text.length));
      return performance.now() - begun;
    }""")

    assert took < 1500
