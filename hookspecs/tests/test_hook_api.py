from __future__ import annotations

import pytest

from coreops_hookspecs import HOOK_API
from coreops_hookspecs.hook_api import THIS_API, hook_api_problem


@pytest.mark.parametrize("wanted", [">=0.1,<1", ">= 0.1 , < 1", "==0.3", ">0.2", "<=0.3", ">=0,<1.0"])
def test_a_range_that_holds_the_runtimes_version_is_no_problem(wanted: str) -> None:
    assert hook_api_problem(wanted, "0.3") == ""


@pytest.mark.parametrize("wanted", [">=0.4,<1", ">0.3", "==1.0", ">=1"])
def test_a_plugin_for_a_newer_contract_asks_for_an_update_of_the_runtime(wanted: str) -> None:
    problem = hook_api_problem(wanted, "0.3")
    assert wanted in problem
    assert "offers 0.3" in problem
    assert problem.endswith("update CoreOps")


@pytest.mark.parametrize("wanted", ["<0.3", "==0.1", ">=0.1,<0.2"])
def test_a_plugin_for_an_older_contract_asks_for_another_release_of_itself(wanted: str) -> None:
    assert hook_api_problem(wanted, "0.3").endswith("install a release of the plugin for this runtime")


@pytest.mark.parametrize("wanted", ["", "0.1", "~=0.1", ">=0.1,", ">=a", ">=0.1.2"])
def test_what_is_no_range_is_answered_with_one(wanted: str) -> None:
    assert THIS_API in hook_api_problem(wanted)


def test_the_default_range_holds_the_contract_that_it_comes_with() -> None:
    assert hook_api_problem(THIS_API) == ""
    assert HOOK_API in THIS_API
