from __future__ import annotations

from types import SimpleNamespace

import pytest

from coreops.plugins.specs import DEADLINES, SPECS, implementations
from coreops_hookspecs import hookimpl
from coreops_hookspecs.errors import DeclarationError


def problem_of(**functions: object) -> str:
    with pytest.raises(DeclarationError) as caught:
        implementations(SimpleNamespace(**functions), "p")
    return str(caught.value)


def test_every_asynchronous_hook_has_a_deadline_and_no_other_has() -> None:
    assert set(DEADLINES) == {spec.name for spec in SPECS.values() if spec.is_async}


def test_a_sync_function_for_an_async_hook_is_refused() -> None:
    assert "coreops_startup must be async def" in problem_of(coreops_startup=hookimpl(lambda ctx: None))


def test_an_async_function_for_a_sync_hook_is_refused() -> None:
    @hookimpl
    async def coreops_jobs() -> list[object]:
        return []

    assert "coreops_jobs must be a plain def" in problem_of(coreops_jobs=coreops_jobs)


def test_an_unknown_hook_is_refused_with_a_suggestion() -> None:
    @hookimpl
    async def coreops_start(ctx: object) -> None: ...

    assert (
        "coreops_start is no hook of CoreOps or of a plugin that is loaded; did you mean coreops_startup"
        in problem_of(coreops_start=coreops_start)
    )


def test_an_unknown_argument_is_refused_naming_those_offered() -> None:
    @hookimpl
    async def coreops_refreshed(ctx: object, bucket: object) -> None: ...

    assert "asks for bucket, but the hook offers ctx, result" in problem_of(coreops_refreshed=coreops_refreshed)


def test_a_missing_mark_and_a_wrapper_are_refused_and_all_problems_are_told_at_once() -> None:
    def coreops_jobs() -> list[object]:
        return []

    @hookimpl(wrapper=True)
    def coreops_settings():  # type: ignore[no-untyped-def]
        return (yield)

    text = problem_of(coreops_jobs=coreops_jobs, coreops_settings=coreops_settings)
    assert "put @hookimpl above it" in text
    assert "coreops_settings is a wrapper" in text


def test_a_plugin_without_hooks_is_refused() -> None:
    assert "implements no hook" in problem_of()


def test_a_function_may_ask_for_fewer_arguments_than_offered() -> None:
    @hookimpl
    async def coreops_refreshed(result: object) -> None: ...

    (found,) = implementations(SimpleNamespace(coreops_refreshed=coreops_refreshed), "p")
    assert found.arguments == ("result",)
