"""Secrets are wrapped from where they are loaded to where a library needs their text, and files are not unpacked."""

from __future__ import annotations

import ast

REVEALS = {
    "coreops/gateway/bot.py": "hikari's bot takes the token",
    "coreops/health/callers.py": "compared with what a caller sends",
    "coreops/cli/live.py": "the header of an order to the running bot",
    "coreops/cli/exposed.py": "whether it is a path, and the path",
    "coreops_shared/sheets/google/client.py": "google-auth takes the service account",
}
"""Where the text of a secret may be taken out, and what for."""

UNPACKS = {"PIL", "bz2", "gzip", "lzma", "pickle", "shelve", "tarfile", "zipfile", "zstandard"}
UNPACKING = {"decompress", "decompressobj", "unpack_archive"}
"""What would let an attachment or a file from outside grow in memory, or run."""


def test_a_secret_is_revealed_only_where_a_library_needs_its_text(workspace: tuple) -> None:
    found = {
        path.relative_to(each.source.parent).as_posix()
        for each in workspace
        if each.package != "coreops_sandbox"
        for path in each.modules
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "reveal"
    }
    assert found == set(REVEALS)


def test_nothing_that_runs_with_the_bot_unpacks_anything(workspace: tuple) -> None:
    found = {
        f"{path.relative_to(each.source.parent).as_posix()}: {name}"
        for each in workspace
        for path in each.modules
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", "") or "", *(one.name for one in node.names)]
        if (name.partition(".")[0] in UNPACKS or name in UNPACKING) and each.package != "coreops_sandbox"
    }
    found |= {
        f"{path.relative_to(each.source.parent).as_posix()}: {node.attr}"
        for each in workspace
        for path in each.modules
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in UNPACKING and each.package != "coreops_sandbox"
    }
    assert not found, "bound what comes out of it, and say how in docs/operators/security.md"
