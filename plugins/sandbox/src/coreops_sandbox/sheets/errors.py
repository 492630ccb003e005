"""Google's refusals, as its servers send them (Google AIP-193, "Errors"; Drive API guide, "Resolve errors")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

SERVICE = "sheets.googleapis.com"
PROJECT = "100000000001"
"""The number of the project that the accounts belong to."""

_TYPE = "type.googleapis.com/google.rpc."
_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class GoogleError(Exception):
    """A request that is refused; raised by handlers and sent by the server."""

    def __init__(self, code: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.code = code
        self.body = body
        self.headers = dict(headers or {})


def refused(
    code: int, message: str, details: Sequence[Mapping[str, Any]] = (), headers: Mapping[str, str] | None = None
) -> GoogleError:
    """An error of the Sheets API."""
    error: dict[str, Any] = {"code": code, "message": message, "status": _STATUS.get(code, "UNKNOWN")}
    if details:
        error["details"] = list(details)
    return GoogleError(code, {"error": error}, headers)


def invalid(message: str, field: str | None = None, description: str | None = None) -> GoogleError:
    """400; ``field`` adds the violation that names it, described as the message unless told otherwise."""
    if field is None:
        return refused(400, message)
    violation = {"field": field, "description": description or message}
    return refused(400, message, [{"@type": f"{_TYPE}BadRequest", "fieldViolations": [violation]}])


def bad_range(text: str) -> GoogleError:
    """400 for a range that is none, or that names a sheet which does not exist."""
    return refused(400, f"Unable to parse range: {text}")


def no_spreadsheet() -> GoogleError:
    """404 for a spreadsheet."""
    return refused(404, "Requested entity was not found.")


def no_permission() -> GoogleError:
    """403 for a spreadsheet that is not shared with the account."""
    return refused(403, "The caller does not have permission")


def no_login() -> GoogleError:
    """403 for a request without a token."""
    return refused(
        403,
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API.",
    )


def bad_token() -> GoogleError:
    """401 for a token that is unknown or has expired."""
    info = _info("ACCESS_TOKEN_EXPIRED", {"service": SERVICE})
    return refused(
        401,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
        [info],
        {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'},
    )


def bad_scope() -> GoogleError:
    """403 for a token that was not asked for with a scope that allows this."""
    info = _info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", {"service": SERVICE})
    return refused(403, "Request had insufficient authentication scopes.", [info])


def exhausted(kind: str, limit: int, *, per_user: bool, retry_after: float | None = None) -> GoogleError:
    """429 for a quota that is used up; ``kind`` is ``read`` or ``write``. Google sends no Retry-After here."""
    metric, name = f"{kind.title()} requests", f"{kind.title()}RequestsPerMinutePer{'User' if per_user else 'Project'}"
    metadata = {
        "quota_limit_value": str(limit),
        "service": SERVICE,
        "consumer": f"projects/{PROJECT}",
        "quota_unit": f"1/min/{{project}}{'/{user}' if per_user else ''}",
        "quota_location": "global",
        "quota_metric": f"{SERVICE}/{kind}_requests",
        "quota_limit": name,
    }
    link = {
        "description": "Request a higher quota limit.",
        "url": "https://cloud.google.com/docs/quotas/help/request_increase",
    }
    return refused(
        429,
        f"Quota exceeded for quota metric '{metric}' and limit '{metric} per minute{' per user' if per_user else ''}' "
        f"of service '{SERVICE}' for consumer 'project_number:{PROJECT}'.",
        [_info("RATE_LIMIT_EXCEEDED", metadata), {"@type": f"{_TYPE}Help", "links": [link]}],
        None if retry_after is None else {"Retry-After": f"{retry_after:g}"},
    )


def no_file(file_id: str) -> GoogleError:
    """404 of the Drive API."""
    message = f"File not found: {file_id}."
    where = {"locationType": "parameter", "location": "fileId"}
    reason = {"message": message, "domain": "global", "reason": "notFound", **where}
    return GoogleError(404, {"error": {"code": 404, "message": message, "errors": [reason]}})


def oauth(error: str, description: str, code: int = 400) -> GoogleError:
    """An error of the token endpoint (RFC 6749 section 5.2)."""
    return GoogleError(code, {"error": error, "error_description": description})


def _info(reason: str, metadata: Mapping[str, str]) -> dict[str, Any]:
    return {"@type": f"{_TYPE}ErrorInfo", "reason": reason, "domain": "googleapis.com", "metadata": dict(metadata)}
