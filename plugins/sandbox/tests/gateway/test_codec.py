"""Encodings of payloads."""

from __future__ import annotations

import zlib

import pytest

from coreops_sandbox.gateway import codec

PAYLOADS = [b'{"op":10}', b'{"op":0,"d":"' + b"x" * 100_000 + b'"}', '{"d":"jö"}'.encode()]


def test_without_compression_a_payload_is_text() -> None:
    assert codec.Plain().encode(PAYLOADS[2]) == '{"d":"jö"}'


def test_zlib_stream_shares_one_context_and_ends_each_payload_with_the_flush_mark() -> None:
    encoder, inflate = codec.ZlibStream(), zlib.decompressobj()
    for payload in PAYLOADS:
        data = encoder.encode(payload)
        assert isinstance(data, bytes)
        assert data.endswith(b"\x00\x00\xff\xff")
        assert inflate.decompress(data) == payload


def test_zstd_stream_gives_each_payload_whole_without_ending_the_frame() -> None:
    zstd = pytest.importorskip("backports.zstd")
    encoder, inflate = codec.ZstdStream(), zstd.ZstdDecompressor()
    for payload in PAYLOADS:
        assert inflate.decompress(encoder.encode(payload)) == payload
        assert not inflate.eof


def test_payload_compression_makes_each_payload_a_stream_of_its_own() -> None:
    encoder = codec.PayloadZlib()
    assert [zlib.decompress(encoder.encode(payload)) for payload in PAYLOADS] == PAYLOADS
