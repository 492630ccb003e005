"""The audit of the locks, against a service on this machine that answers as OSV does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tools.audit import PROJECT, main, pins

LOCK = """
aiohttp==3.0.0 \\
    --hash=sha256:aa
    # via coreops
idna==3.7 ; python_version < '4' \\
    --hash=sha256:bb
"""


class Service(HTTPServer):
    """Knows vulnerabilities by package and version, and what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.knows: dict[tuple[str, str], list[str]] = {}
        self.asked: list[Any] = []
        self.answer: bytes | None = None
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body))
        found = [self.server.knows.get((one["package"]["name"], one["version"])) for one in body["queries"]]
        results = [{"vulns": [{"id": each} for each in ids]} if ids else {} for ids in found]
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(
            json.dumps({"results": results}).encode() if self.server.answer is None else self.server.answer
        )

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def audit(tmp_path: Path, service: Service, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Audit one lock; the exit code and what was said."""
    lock, project = tmp_path / "constraints.txt", tmp_path / "pyproject.toml"
    lock.write_text(LOCK)

    def run(accepted: str = "", url: str = "") -> tuple[int, str]:
        project.write_text(accepted)
        code = main(["--service", url or service.url, str(lock)], project)
        return code, capsys.readouterr().out

    return run


def test_everything_that_is_pinned_is_asked_for_in_one_request(audit: Any, service: Service) -> None:
    assert audit() == (0, "audit: 2 pins, no known vulnerabilities that count\n")
    ((path, body),) = service.asked
    assert path == "/v1/querybatch"
    assert [(one["package"], one["version"]) for one in body["queries"]] == [
        ({"name": "aiohttp", "ecosystem": "PyPI"}, "3.0.0"),
        ({"name": "idna", "ecosystem": "PyPI"}, "3.7"),
    ]


def test_a_known_vulnerability_is_named_with_its_release_and_fails(audit: Any, service: Service) -> None:
    service.knows["idna", "3.7"] = ["GHSA-xxxx", "PYSEC-1"]
    code, said = audit()
    assert code == 1
    assert "idna 3.7: GHSA-xxxx, see" in said
    assert said.endswith("2 pins, 2 known vulnerabilities that count\n")


def test_an_accepted_one_is_told_with_its_reason_and_passes(audit: Any, service: Service) -> None:
    service.knows["idna", "3.7"] = ["PYSEC-1"]
    code, said = audit('[tool.audit.accepted]\nPYSEC-1 = "no host name comes from outside"\n')
    assert code == 0
    assert "accepted: no host name comes from outside" in said


def test_an_accepted_one_that_is_gone_is_told(audit: Any) -> None:
    assert "PYSEC-1 is accepted and not known" in audit('[tool.audit.accepted]\nPYSEC-1 = "x"\n')[1]


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, b"<html>sign in</html>"),
        (200, b"[]"),
        (200, b'{"results": []}'),
        (200, b'{"results": [1, 2]}'),
        (503, b""),
    ],
)
def test_a_service_that_answers_something_else_was_not_asked(
    audit: Any, service: Service, status: int, answer: bytes
) -> None:
    service.status, service.answer = status, answer
    code, said = audit()
    assert code == 0
    assert said.startswith(f"audit: NOT DONE, {service.url} could not be asked (")


def test_without_a_network_it_says_so_and_does_not_fail(audit: Any, service: Service) -> None:
    nobody = Service()
    nobody.server_close()
    code, said = audit(url=nobody.url)
    assert code == 0
    assert said.startswith("audit: NOT DONE, ")
    assert service.asked == []


def test_the_locks_are_audited_whole(root: Path) -> None:
    for name in ("constraints.txt", "constraints-dev.txt"):
        lines = [line for line in (root / name).read_text().splitlines() if "==" in line and not line.startswith(" ")]
        assert len(pins([root / name])) == len(lines) > 30
    tox = (root / "tox.ini").read_text()
    assert "labels = check\ncommands = python -m tools.audit constraints.txt constraints-dev.txt" in tox
    assert (root / "pyproject.toml") == PROJECT
