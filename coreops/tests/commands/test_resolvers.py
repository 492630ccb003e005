"""What is used of linkd without being public: a change there shows here."""

from __future__ import annotations

import lightbulb
import linkd
import pytest
from linkd.solver import AutoInjecting

from coreops.commands.resolvers import generate_resolvers


def command() -> type[lightbulb.SlashCommand]:
    class Made(lightbulb.SlashCommand, name="made", description="Do something"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context, number: int) -> int:
            return number

    return Made


async def run(made: type[lightbulb.SlashCommand]) -> object:
    manager = linkd.DependencyInjectionManager()
    manager.registry_for(linkd.Contexts.ROOT).register_value(int, 7)
    async with manager.enter_context(linkd.Contexts.ROOT):
        return await made().invoke(None)  # type: ignore[call-arg]


@pytest.mark.parametrize("depth", [0, 1, 2])
async def test_a_registered_command_is_not_compiled_again_at_its_calls(
    depth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = command()
    root: lightbulb.Group | type[lightbulb.SlashCommand] = made
    if depth:
        root = group = lightbulb.Group("group", "Some")
        (group if depth == 1 else group.subgroup("inner", "Some")).register(made)
    generate_resolvers(root)

    def compiled(self: AutoInjecting) -> None:
        pytest.fail("linkd compiled a resolver at a call")

    monkeypatch.setattr(AutoInjecting, "_codegen_dependency_func", compiled)
    assert await run(made) == 7
    assert await run(made) == 7


async def test_linkd_still_forgets_its_resolver_so_this_is_still_needed() -> None:
    made = command()
    assert await run(made) == 7
    assert vars(made)["invoke"]._dependency_func is None
