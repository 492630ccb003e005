"""The token endpoint verifies what google-auth signs."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, jwt
from google.auth.exceptions import RefreshError

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/spreadsheets"
AUDIENCE = "https://oauth2.googleapis.com/token"


@pytest.fixture
def info(local: Any) -> dict[str, str]:
    loaded: dict[str, str] = json.loads(local.do(local.sandbox.google_credentials))
    return loaded


@pytest.fixture
def ask(local: Any, info: dict[str, str]) -> Any:
    """Ask for a token; claims replace the right ones."""

    def ask(grant: str = GRANT, key: str | None = None, assertion: str | None = None, **claims: Any) -> Any:
        now = int(time.time())
        right = {"iss": info["client_email"], "aud": AUDIENCE, "scope": SCOPE, "iat": now, "exp": now + 3600}
        signer = crypt.RSASigner.from_string(key or info["private_key"])
        signed = assertion or jwt.encode(signer, right | claims).decode()
        return requests.post(f"{local.sandbox.google_url}/token", {"grant_type": grant, "assertion": signed}, timeout=5)

    return ask


def other_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, shape, serialization.NoEncryption()).decode()


def test_a_signed_assertion_gets_a_token(ask: Any, local: Any, info: dict[str, str]) -> None:
    answer = ask().json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3599)
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    response = requests.get(f"{local.sandbox.google_url}/v4/spreadsheets/recruitment", headers=headers, timeout=5)
    assert response.json()["properties"]["title"] == "recruitment"
    assert info["token_uri"] == f"{local.sandbox.google_url}/token"


def test_the_endpoints_own_address_is_an_audience_too(ask: Any, info: dict[str, str]) -> None:
    assert ask(aud=info["token_uri"]).status_code == 200


@pytest.mark.parametrize(
    ("claims", "error", "said"),
    [
        ({"aud": "https://example.com/token"}, "invalid_grant", "Invalid JWT: Failed audience check."),
        ({"iss": "nobody@example.com"}, "invalid_grant", "Invalid grant: account not found"),
        ({"scope": ""}, "invalid_scope", "Empty or missing scope not allowed."),
        ({"scope": f"{SCOPE} https://example.com/x"}, "invalid_scope", "Invalid OAuth scope or ID token audience"),
        ({"exp": 10, "iat": 5}, "invalid_grant", "Token must be a short-lived token (60 minutes)"),
        ({"exp": 9_999_999_999}, "invalid_grant", "Token must be a short-lived token (60 minutes)"),
        ({"iat": time.time() + 900, "exp": time.time() + 1800}, "invalid_grant", "in a reasonable timeframe"),
        ({"iat": "soon"}, "invalid_grant", "Invalid JWT: it cannot be decoded."),
        ({"assertion": "a.b.c"}, "invalid_grant", "Invalid JWT: it cannot be decoded."),
        ({"assertion": "?"}, "invalid_grant", "Invalid JWT: it cannot be decoded."),
        ({"grant": "password"}, "unsupported_grant_type", "Invalid grant_type: password"),
    ],
)
def test_a_wrong_assertion_is_refused(ask: Any, claims: dict[str, Any], error: str, said: str) -> None:
    response = ask(**claims)
    assert (response.status_code, response.json()["error"]) == (400, error)
    assert said in response.json()["error_description"]


def test_a_wrong_key_or_algorithm_is_refused(ask: Any, info: dict[str, str]) -> None:
    assert ask(key=other_key()).json()["error_description"] == "Invalid JWT Signature."
    header, body, signature = jwt.encode(
        crypt.RSASigner.from_string(info["private_key"]),
        {"iss": info["client_email"], "aud": AUDIENCE, "scope": SCOPE, "iat": time.time(), "exp": time.time() + 60},
        header={"alg": "none"},
    ).split(b".")
    unsigned = b".".join((header, body, b"")).decode()
    assert ask(assertion=unsigned).json()["error_description"] == "Invalid JWT Signature."
    assert ask(assertion=b".".join((header, body, signature)).decode()).status_code == 400


def test_google_auth_reports_a_wrong_key(local: Any) -> None:
    with pytest.raises(RefreshError, match="Invalid JWT Signature"):
        local.ask("GET", "recruitment", local.session(private_key=other_key()))


def test_a_token_expires_and_google_auth_gets_another(local: Any, clock: Any) -> None:
    session = local.session()
    clock.now -= 200  # assertions are signed by the real clock, which may be a little off
    assert local.ask("GET", "recruitment", session).status_code == 200
    first = session.credentials.token
    clock.now += 3601
    stale = requests.get(
        f"{local.sandbox.google_url}/v4/spreadsheets/recruitment",
        headers={"Authorization": f"Bearer {first}"},
        timeout=5,
    )
    assert (stale.status_code, stale.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert local.ask("GET", "recruitment", session).status_code == 200
    assert session.credentials.token != first


def test_revoked_tokens_are_renewed_by_google_auth(local: Any) -> None:
    session = local.session()
    local.ask("GET", "recruitment", session)
    first = session.credentials.token
    local.do(local.sandbox.google.accounts.revoke_tokens)
    assert local.ask("GET", "recruitment", session).status_code == 200
    assert session.credentials.token != first


@pytest.mark.parametrize(
    ("headers", "code", "status"),
    [
        ({}, 403, "PERMISSION_DENIED"),
        ({"Authorization": "Bearer ya29.nope"}, 401, "UNAUTHENTICATED"),
        ({"Authorization": "Basic eDp5"}, 401, "UNAUTHENTICATED"),
    ],
)
def test_without_a_token_nothing_is_shown(local: Any, headers: dict[str, str], code: int, status: str) -> None:
    for path in ("v4/spreadsheets/recruitment", "drive/v3/files", "drive/v3/files/recruitment"):
        response = requests.get(f"{local.sandbox.google_url}/{path}", headers=headers, timeout=5)
        assert (response.status_code, response.json()["error"]["status"]) == (code, status)


def test_keys_of_two_sandboxes_differ(local: Any) -> None:
    from coreops_sandbox.sheets import Google

    own, other = local.sandbox.google, Google(time.time)
    assert own.credentials("a", "u") != other.credentials("a", "u")
    assert own.credentials("a", "u") == own.credentials("a", "u")
