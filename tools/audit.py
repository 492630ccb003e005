"""Ask for known vulnerabilities of everything that the locks pin.

::

    python -m tools.audit [--service URL] LOCK [LOCK ...]

One request to OSV (https://google.github.io/osv.dev/post-v1-querybatch/), which knows those of PyPI's own advisory
database. Exit code 1 when one is known and not accepted under ``[tool.audit.accepted]`` of pyproject.toml, where each
id stands with the reason. Where the service cannot be asked, a line says so and the exit code is 0: that a machine has
no network says nothing of the locks.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import sys
import tomllib
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

SERVICE = "https://api.osv.dev"
SECONDS = 20.0
PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)

Pin = tuple[str, str]


class NotAskedError(Exception):
    """The service did not answer, or not with what was asked for."""


def pins(locks: Iterable[Path]) -> list[Pin]:
    """Return name and version of everything that the locks pin, each once."""
    return sorted({(name, version) for lock in locks for name, version in PIN.findall(lock.read_text())})


def known(pinned: Sequence[Pin], service: str) -> dict[Pin, list[str]]:
    """Return the ids of known vulnerabilities by what has them.

    Raises:
        NotAskedError: the service could not be asked.
    """
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in pinned]
    request = urllib.request.Request(  # noqa: S310 - the address is https, or that of a test
        f"{service}/v1/querybatch", json.dumps({"queries": queries}).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            results = json.load(answer)["results"]
        found = [sorted(str(each["id"]) for each in result.get("vulns") or ()) for result in results]
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAskedError(f"{type(error).__name__}: {error}") from error
    if len(found) != len(pinned):
        raise NotAskedError(f"{len(found)} answers to {len(pinned)} questions")
    return {pin: ids for pin, ids in zip(pinned, found, strict=True) if ids}


def report(found: Mapping[Pin, Sequence[str]], accepted: Mapping[str, str]) -> tuple[list[str], int]:
    """Return a line for each vulnerability, and how many are not accepted."""
    every = [(name, version, each) for (name, version), ids in found.items() for each in ids]
    lines = [
        f"{name} {version}: {each}, " + (f"accepted: {accepted[each]}" if each in accepted else "see https://osv.dev")
        for name, version, each in every
    ]
    gone = sorted(set(accepted) - {each for _, _, each in every})
    lines += [
        f"{each} is accepted and not known of anything here any more: take it out of pyproject.toml" for each in gone
    ]
    return lines, sum(each not in accepted for _, _, each in every)


def main(arguments: Sequence[str] | None = None, project: Path = PROJECT) -> int:
    """Print what is known; return the exit code."""
    parser = argparse.ArgumentParser(description="Ask for known vulnerabilities of what the locks pin.")
    parser.add_argument("--service", default=SERVICE, help="address of the service")
    parser.add_argument("locks", nargs="+", type=Path)
    given = parser.parse_args(arguments)
    pinned = pins(given.locks)
    if not pinned:
        parser.error("the locks pin nothing")
    try:
        found = known(pinned, given.service)
    except NotAskedError as error:
        print(f"audit: NOT DONE, {given.service} could not be asked ({error}); the {len(pinned)} pins are unproven")
        return 0
    accepted = tomllib.loads(project.read_text()).get("tool", {}).get("audit", {}).get("accepted", {})
    lines, open_ones = report(found, accepted)
    print("\n".join([*lines, f"audit: {len(pinned)} pins, {open_ones or 'no'} known vulnerabilities that count"]))
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main())
