"""A scripted server on loopback that real gspread and google-auth talk to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from requests.adapters import HTTPAdapter

from coreops_shared.redact import Secret
from coreops_shared.sheets.google import GoogleSheets

TOKEN_PATH = "/token"


@dataclass
class Reply:
    """What the server answers once."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False
    cut_at: int | None = None
    wait_for: threading.Event | None = None


@dataclass
class Asked:
    """A request the server got."""

    method: str
    host: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any


class FakeGoogle:
    """Answers each request but those for tokens with the next scripted reply; the last one stays."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.token_replies: list[Reply] = []
        self.asked: list[Asked] = []
        self.hosts: set[str] = set()
        self.url = ""

    def answer(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def next_reply(self, path: str) -> Reply:
        if path == TOKEN_PATH:
            fresh = Reply({"access_token": "ya29.stub", "expires_in": 3600, "token_type": "Bearer"})
            return self.token_replies.pop(0) if self.token_replies else fresh
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class ToLoopback(HTTPAdapter):
    """Sends what is meant for Google to the server on loopback, keeping the host it was meant for in a header."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(str(request.url))
        request.headers["X-Meant-For"] = str(parts.hostname)
        request.url = f"{self._url}{parts.path}?{parts.query}"
        return super().send(request, *args, **kwargs)


class Handler(BaseHTTPRequestHandler):
    google: ClassVar[FakeGoogle]
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer, or the kernel delays the second by 40 ms

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length", 0))
        raw = self.rfile.read(length)
        self.google.hosts.add(self.headers["X-Meant-For"])
        if parts.path != TOKEN_PATH:
            body = json.loads(raw) if raw else None
            self.google.asked.append(
                Asked(
                    self.command,
                    self.headers["X-Meant-For"],
                    parts.path,
                    parse_qs(parts.query),
                    dict(self.headers),
                    body,
                )
            )
        reply = self.google.next_reply(parts.path)
        if reply.wait_for is not None:
            reply.wait_for.wait(10)
        if reply.hang_up:
            self.close_connection = True
            return
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("Content-Length", str(len(content)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[: reply.cut_at])
        if reply.cut_at is not None:
            self.close_connection = True

    do_GET = do_POST = do_PUT = _serve

    def log_message(self, *_: Any) -> None:
        """Keep the test output clean."""


@pytest.fixture(scope="session")
def account() -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        "type": "service_account",
        "client_email": "bot@example.iam.gserviceaccount.com",
        "private_key": pem.decode(),
        "token_uri": "https://oauth2.googleapis.com/token",
    }


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    google = FakeGoogle()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("BoundHandler", (Handler,), {"google": google}))
    server.daemon_threads = True
    google.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield google
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def connect(google: FakeGoogle, account: dict[str, str]) -> Iterator[Callable[..., GoogleSheets]]:
    """Open the backend against the server; options go to GoogleSheets."""
    opened: list[GoogleSheets] = []

    def prepare(session: requests.Session) -> None:
        session.mount("https://", ToLoopback(google.url))

    def connect(**options: Any) -> GoogleSheets:
        credentials = options.pop("credentials", Secret(json.dumps(account)))
        opened.append(GoogleSheets(credentials, prepare=prepare, **options))
        return opened[-1]

    yield connect
    for sheets in opened:
        sheets.close()


@pytest.fixture
def reply() -> type[Reply]:
    return Reply
