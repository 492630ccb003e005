"""A bot with one table, whose workbook can be edited while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lightbulb
import pytest

from coreops_hookspecs import BucketSpec, Cache, Command, PluginInfo, Toggle, access, hookimpl
from coreops_hookspecs.capabilities import Capability


@pytest.fixture
def tab(tmp_path: Path) -> Callable[..., None]:
    """Write a tab of the spreadsheet ``recruitment``."""

    def write(name: str, *lines: str) -> None:
        (tmp_path / "workbook" / "recruitment" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    return write


CLANS = (
    "clan_tag,clan_name,level,open_spots,max_members",
    "AAA,First,10,1,30",
    "BBB,Second,20,2,30",
)


@pytest.fixture
def clans() -> tuple[str, ...]:
    return CLANS


@dataclass(frozen=True)
class Clan:
    """A row of the tab."""

    clan_tag: str
    clan_name: str
    level: int
    open_spots: int
    max_members: int


@access.user
class ShowClan(lightbulb.SlashCommand, name="clan", description="Names a clan"):
    """Serves a row as the table has it."""

    tag = lightbulb.string("tag", "Its tag")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, cache: Cache) -> None:
        clan = cache.get_snapshot("clans").get(self.tag)
        await ctx.respond(clan.clan_name if clan else "no such clan")


def small_recruitment() -> Any:
    """Return a plugin with one table and one toggle, which stay what they are whatever else is installed."""

    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        return PluginInfo("recruitment", "1.0", needs=frozenset({Capability.SHEETS_READ}))

    @hookimpl
    def coreops_cache_buckets() -> list[Any]:
        return [BucketSpec("clans", "RECRUITMENT_SHEET_ID", "clans", Clan, key="clan_tag")]

    @hookimpl
    def coreops_feature_toggles() -> list[Toggle]:
        return [Toggle("recruitment", "Clan cards for members")]

    @hookimpl
    def coreops_commands() -> list[Command]:
        return [Command(ShowClan, toggle="recruitment")]

    return SimpleNamespace(**{key: value for key, value in locals().items() if key.startswith("coreops_")})


@pytest.fixture
def recruitment() -> Any:
    return small_recruitment()


@pytest.fixture
def book() -> dict[str, dict[str, str]]:
    """The tabs of that plugin alone, with no setting of another one."""
    toggles = "feature_name,enabled\nrecruitment,TRUE\n"
    tabs = {"clans": "\n".join(CLANS) + "\n", "FeatureToggles": toggles, "Config": "KEY,VALUE\n"}
    return {"recruitment": tabs}


@pytest.fixture
async def bot(boot: Any, recruitment: Any, book: Any) -> Any:
    return await boot(plugins=[recruitment], workbook=book)


@pytest.fixture
def reader() -> Callable[..., Any]:
    """Make what a reader of English has who may run these commands."""

    def make(*commands: str) -> SimpleNamespace:
        return SimpleNamespace(
            prefix="!",
            visible=lambda: [SimpleNamespace(name=name) for name in commands],
            say=lambda text, **values: text.format(**values),
            say_many=lambda one, other, count, **values: (one if count == 1 else other).format(count=count, **values),
        )

    return make
