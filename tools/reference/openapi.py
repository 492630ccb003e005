"""The OpenAPI document of the addresses; the types of ``/health`` and of changes come from the contract's own."""

from __future__ import annotations

import copy
import json
from typing import Any

import msgspec

from coreops.health.orders import JobAction, JobChange, JobOrder, Order, WriteAction, WriteChange, WriteOrder
from coreops_hookspecs import (
    BucketStatus,
    Digest,
    HealthReport,
    HealthStatus,
    JobStatus,
    PluginAction,
    PluginChange,
    PluginReport,
    SettingValue,
    SheetsQuota,
    ToggleState,
)
from coreops_hookspecs.manifest import PLUGIN_NAME

__all__ = ["page"]

KINDS = (
    Digest,
    HealthReport,
    HealthStatus,
    BucketStatus,
    PluginReport,
    PluginAction,
    PluginChange,
    JobStatus,
    SettingValue,
    ToggleState,
    SheetsQuota,
    Order,
    JobAction,
    JobChange,
    JobOrder,
    WriteAction,
    WriteChange,
    WriteOrder,
)
LISTS = {"buckets": "BucketStatus", "plugins": "PluginReport", "jobs": "JobStatus", "settings": "SettingValue"}
JSON = "application/json"
REFUSALS = {
    400: "The request cannot be understood",
    405: "The address does not serve this method",
    413: "The body is too large",
}
ORDERS = {
    401: "Neither the token nor the key was given",
    403: "A page in a browser sent it",
    404: "No such action, or nothing of that name",
    409: "It cannot be done as asked; nothing was changed, and the error says why",
    415: "The body is not JSON",
    503: "The runtime does not serve now",
}


def page() -> str:
    """Return ``openapi.json``."""
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "CoreOps",
            "version": "1",
            "description": "How a bot is, and what of it may be changed. Generated from the code by `make docs`.",
        },
        "paths": {
            "/healthz": _path("The process and its event loop live", {200: _answer("Alive")}),
            "/startup": _path("Whether the start is over", {200: _answer("Started"), 503: _answer("Started")}),
            "/ready": _path("Whether commands are answered", {200: _answer("Ready"), 503: _answer("Ready")}),
            "/health": _path("Everything", {200: _answer("Health", html=True), 503: _answer("Health", html=True)}),
            "/digest": _path("Everything, and how the last day went", {200: _answer("Digest"), 403: _stranger()}),
            "/admin/plugins/{name}/{action}": _orders(
                "Change a plugin of the running bot",
                {"name": "name", "schema": {"type": "string", "pattern": f"^{PLUGIN_NAME.pattern}$"}},
                ("PluginAction", "Order", "Changed"),
            ),
            "/admin/jobs/{name}/{action}": _orders(
                "Run, pause or resume a job of the running bot, or see when it runs next",
                {"name": "name", "schema": {"type": "string", "pattern": "^[a-z0-9_][a-z0-9_.-]*$"}},
                ("JobAction", "JobOrder", "JobChanged"),
            ),
            "/admin/outbox/{number}/{action}": _orders(
                "Replay or drop a dead write of the running bot",
                {"name": "number", "schema": {"type": "integer", "minimum": 1}},
                ("WriteAction", "WriteOrder", "WriteChanged"),
            ),
            "/": _path("The same for a person, or a summary", {200: _answer("Summary", html=True)}),
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "COREOPS_HTTP_TOKEN"}},
        },
    }
    return json.dumps(document, indent=1, sort_keys=False) + "\n"


TRACE = {
    "name": "X-Trace-Id",
    "in": "header",
    "description": "Kept when it is 8 to 64 letters, digits, _ or -; otherwise another one is made.",
    "schema": {"type": "string"},
}
PARENT = {
    "name": "traceparent",
    "in": "header",
    "description": "As in W3C Trace Context; its trace id is kept when it is well formed and there is no X-Trace-Id.",
    "schema": {"type": "string"},
}


def _refused(refusals: dict[int, str]) -> dict[str, Any]:
    return {
        str(status): {"description": text, "headers": _headers(), "content": {JSON: {"schema": _ref("Error")}}}
        for status, text in refusals.items()
    }


def _orders(summary: str, named: dict[str, Any], kinds: tuple[str, str, str]) -> dict[str, Any]:
    actions, body, answer = kinds
    name = {"in": "path", "required": True} | named
    action = {"name": "action", "in": "path", "required": True, "schema": _ref(actions)}
    return {
        "parameters": [TRACE, PARENT, name, action],
        "post": {
            "summary": f"{summary}; for programs, not for pages",
            "description": "200 once it was carried out, whatever came of it: ok and outcome tell. Needs "
            "COREOPS_HTTP_TOKEN or, on the bot's own machine, the key in the file admin-key of its state folder.",
            "security": [{"token": []}],
            "requestBody": {"content": {JSON: {"schema": _ref(body)}}},
            "responses": {"200": _answer(answer)} | _refused(REFUSALS | ORDERS),
        },
    }


def _path(summary: str, answers: dict[int, Any]) -> dict[str, Any]:
    return {
        "parameters": [TRACE, PARENT],
        "get": {
            "summary": summary,
            "security": [{}, {"token": []}],
            "responses": {str(status): answer for status, answer in answers.items()} | _refused(REFUSALS),
        },
    }


def _stranger() -> dict[str, Any]:
    return _refused({403: "Detail is not for this caller"})["403"]  # type: ignore[no-any-return]


def _answer(schema: str, *, html: bool = False) -> dict[str, Any]:
    content: dict[str, Any] = {JSON: {"schema": _ref(schema)}}
    if html:
        content["text/html"] = {"schema": {"type": "string"}}
    return {"description": schema, "headers": _headers(), "content": content}


def _headers() -> dict[str, Any]:
    return {"X-Trace-Id": {"required": True, "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"}}}


def _schemas() -> dict[str, Any]:
    _, found = msgspec.json.schema_components(KINDS, ref_template="#/components/schemas/{name}")
    found["SheetsQuota"]["properties"]["forecast"] = {"type": "string"}
    detail = copy.deepcopy(found["HealthReport"])
    detail["title"] = "Detail"
    detail["properties"] |= {name: {"type": "array", "items": _ref(kind)} for name, kind in LISTS.items()}
    detail["properties"]["toggles"] = {"type": "array", "items": _ref("ToggleState")}
    detail["properties"]["sheets_quota"] = {"anyOf": [_ref("SheetsQuota"), {"type": "null"}]}
    detail["required"] = sorted(set(detail["properties"]))
    short = {"status": _ref("HealthStatus"), "ready": {"type": "boolean"}, "phase": {"type": "string"}}
    summary = short | {name: {"type": "string"} for name in ("says", "bot", "env")} | {"uptime": {"type": "number"}}
    return found | {
        "Detail": detail,
        "Changed": _told("PluginChange"),
        "JobChanged": _told("JobChange"),
        "WriteChanged": _told("WriteChange"),
        "Alive": _object({"status": {"const": "ok"}}),
        "Started": _object({"started": {"type": "boolean"}, "phase": {"type": "string"}}),
        "Ready": _object({"ready": {"type": "boolean"}, "phase": {"type": "string"}}),
        "Short": _object(short | {"detail": {"type": "string"}}),
        "Health": {"anyOf": [_ref("Detail"), _ref("Short")]},
        "Summary": _object(summary),
        "Error": _object({"error": {"type": "string"}, "status": {"type": "integer"}}),
    }


def _told(change: str) -> dict[str, Any]:
    return {"allOf": [_ref(change), _object({"ok": {"type": "boolean"}, "outcome": {"type": "string"}})]}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
