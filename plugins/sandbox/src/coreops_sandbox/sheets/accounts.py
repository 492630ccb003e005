"""Service accounts and their access tokens (RFC 7523; Google Identity, "Using OAuth 2.0 for Server to Server")."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from coreops_sandbox.sheets.errors import PROJECT, bad_scope, bad_token, no_login, oauth

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCES = frozenset({"https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v4/token"})
_AUTH = "https://www.googleapis.com/auth/"
_SHEETS, _DRIVE, _FILE = f"{_AUTH}spreadsheets", f"{_AUTH}drive", f"{_AUTH}drive.file"
WRITING = frozenset({_SHEETS, _DRIVE, _FILE})
READING = WRITING | {f"{_SHEETS}.readonly", f"{_DRIVE}.readonly"}
LOOKING_UP = frozenset({_DRIVE, _FILE, *(f"{_DRIVE}.{one}" for one in ("readonly", "metadata", "metadata.readonly"))})
_KNOWN = READING | LOOKING_UP | {"https://spreadsheets.google.com/feeds"}
_LIFETIME = 3600
"""Seconds that a token lives, and the longest that an assertion may."""
_SKEW = 300
"""Seconds that the account's clock may be wrong."""
_DOMAIN = "coreops-sandbox.iam.gserviceaccount.com"


@dataclass(frozen=True, slots=True)
class Token:
    """What an access token stands for."""

    account: str
    scopes: frozenset[str]
    expires: float

    def require(self, scopes: frozenset[str]) -> None:
        """Raise GoogleError 403 unless it has one of the scopes."""
        if not self.scopes & scopes:
            raise bad_scope()


class _Claims(msgspec.Struct, kw_only=True):
    iss: str
    aud: str
    iat: float
    exp: float
    scope: str = ""


class _Header(msgspec.Struct):
    alg: str


class Accounts:
    """The accounts of one project, which share a key; all of its e-mail domain exist.

    Args:
        clock: POSIX seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._key_id = secrets.token_hex(20)
        self._tokens: dict[str, Token] = {}

    def credentials(self, name: str, token_uri: str) -> dict[str, str]:
        """The contents of an account's key file."""
        pem = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {
            "type": "service_account",
            "project_id": "coreops-sandbox",
            "private_key_id": self._key_id,
            "private_key": pem.decode(),
            "client_email": f"{name}@{_DOMAIN}",
            "client_id": PROJECT,
            "token_uri": token_uri,
            "universe_domain": "googleapis.com",
        }

    def grant(self, grant_type: str, assertion: str, own_url: str) -> dict[str, Any]:
        """The answer of the token endpoint.

        Args:
            grant_type: As sent.
            assertion: A JWT that the account signed.
            own_url: This endpoint's own address, which may be the audience too.

        Raises:
            GoogleError: as Google refuses it.
        """
        if grant_type != GRANT:
            raise oauth("unsupported_grant_type", f"Invalid grant_type: {grant_type}")
        claims = self._verified(assertion)
        if claims.aud not in AUDIENCES | {own_url}:
            raise oauth("invalid_grant", "Invalid JWT: Failed audience check.")
        self._check_times(claims)
        scopes = frozenset(claims.scope.split())
        if not scopes:
            raise oauth("invalid_scope", "Empty or missing scope not allowed.")
        if not scopes <= _KNOWN:
            raise oauth("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        text = f"ya29.c.{secrets.token_urlsafe(48)}"
        self._tokens[text] = Token(claims.iss, scopes, self._clock() + _LIFETIME)
        return {"access_token": text, "expires_in": _LIFETIME - 1, "token_type": "Bearer"}

    def identify(self, authorization: str | None) -> Token:
        """Who sends a request with this header; raises GoogleError 401 or 403."""
        if authorization is None:
            raise no_login()
        scheme, _, text = authorization.partition(" ")
        token = self._tokens.get(text)
        if scheme.lower() != "bearer" or token is None:
            raise bad_token()
        if token.expires <= self._clock():
            del self._tokens[text]
            raise bad_token()
        return token

    def revoke_tokens(self) -> None:
        """Let all tokens expire now; accounts get new ones for the asking."""
        self._tokens.clear()

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def _verified(self, assertion: str) -> _Claims:
        signed, _, signature = assertion.rpartition(".")
        try:
            header, body = (_decoded(part) for part in signed.split("."))
            claims = msgspec.json.decode(body, type=_Claims)
            algorithm = msgspec.json.decode(header, type=_Header).alg
            raw = _decoded(signature)
        except (ValueError, msgspec.MsgspecError):
            raise oauth("invalid_grant", "Invalid JWT: it cannot be decoded.") from None
        if not claims.iss.endswith(f"@{_DOMAIN}"):
            raise oauth("invalid_grant", "Invalid grant: account not found")
        if algorithm != "RS256" or not self._signed(raw, signed.encode()):
            raise oauth("invalid_grant", "Invalid JWT Signature.")
        return claims

    def _signed(self, signature: bytes, text: bytes) -> bool:
        try:
            self._key.public_key().verify(signature, text, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def _check_times(self, claims: _Claims) -> None:
        now = self._clock()
        fits = claims.iat - _SKEW <= now < claims.exp and 0 < claims.exp - claims.iat <= _LIFETIME
        if not fits:
            raise oauth(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
                "Check your iat and exp values in the JWT claim.",
            )


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
