"""WebM files made of still pictures: the VP8 key frame inside each lossy WebP, muxed one after another.

Matroska is RFC 9559, its encoding EBML is RFC 8794; the WebP container is RFC 9649. No encoder but the
one that writes the pictures is needed, and the same pictures give the same bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

EBML, EBML_VERSION, EBML_READ_VERSION, EBML_MAX_ID, EBML_MAX_SIZE = 0x1A45DFA3, 0x4286, 0x42F7, 0x42F2, 0x42F3
DOC_TYPE, DOC_TYPE_VERSION, DOC_TYPE_READ_VERSION = 0x4282, 0x4287, 0x4285
SEGMENT, SEGMENT_INFO, TIMESTAMP_SCALE, DURATION, MUXING_APP, WRITING_APP = (
    0x18538067, 0x1549A966, 0x2AD7B1, 0x4489, 0x4D80, 0x5741,
)  # fmt: skip
TRACKS, TRACK, TRACK_NUMBER, TRACK_UID, TRACK_TYPE, CODEC, LACING, LANGUAGE = (
    0x1654AE6B, 0xAE, 0xD7, 0x73C5, 0x83, 0x86, 0x9C, 0x22B59C,
)  # fmt: skip
VIDEO, WIDTH, HEIGHT, CLUSTER, CLUSTER_TIMESTAMP, SIMPLE_BLOCK = 0xE0, 0xB0, 0xBA, 0x1F43B675, 0xE7, 0xA3
CUES, CUE_POINT, CUE_TIME, CUE_POSITIONS, CUE_TRACK, CUE_CLUSTER = 0x1C53BB6B, 0xBB, 0xB3, 0xB7, 0xF7, 0xF1

MILLISECONDS = 1_000_000
"""The unit of time stamps, in nanoseconds."""

IS_VIDEO, KEY_FRAME = 1, 0x80
WRITER = b"Milbrook Desk"


def video(size: tuple[int, int], frame_ms: int, pictures: Iterable[bytes]) -> bytes:
    """Return a silent video of WebP pictures, each shown for some milliseconds (at most 32 seconds in all)."""
    frames = [key_frame(one) for one in pictures]
    head = _info(len(frames) * frame_ms) + _tracks(size)
    cluster = _element(CLUSTER, _number(CLUSTER_TIMESTAMP, 0), *_blocks(frames, frame_ms))
    return _header() + _element(SEGMENT, head, cluster, _cues(len(head)))


def key_frame(picture: bytes) -> bytes:
    """Return the VP8 frame of a lossy WebP."""
    at = 12
    while at + 8 <= len(picture):
        name, length = picture[at : at + 4], struct.unpack_from("<I", picture, at + 4)[0]
        if name == b"VP8 ":
            return picture[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    raise ValueError("this picture is no lossy WebP")


def _header() -> bytes:
    return _element(
        EBML, _number(EBML_VERSION, 1), _number(EBML_READ_VERSION, 1), _number(EBML_MAX_ID, 4),
        _number(EBML_MAX_SIZE, 8), _element(DOC_TYPE, b"webm"), _number(DOC_TYPE_VERSION, 2),
        _number(DOC_TYPE_READ_VERSION, 2),
    )  # fmt: skip


def _info(duration_ms: int) -> bytes:
    return _element(
        SEGMENT_INFO, _number(TIMESTAMP_SCALE, MILLISECONDS), _element(DURATION, struct.pack(">d", duration_ms)),
        _element(MUXING_APP, WRITER), _element(WRITING_APP, WRITER),
    )  # fmt: skip


def _tracks(size: tuple[int, int]) -> bytes:
    picture = _element(VIDEO, _number(WIDTH, size[0]), _number(HEIGHT, size[1]))
    return _element(
        TRACKS,
        _element(
            TRACK, _number(TRACK_NUMBER, 1), _number(TRACK_UID, 1), _number(TRACK_TYPE, IS_VIDEO), _number(LACING, 0),
            _element(LANGUAGE, b"und"), _element(CODEC, b"V_VP8"), picture,
        ),
    )  # fmt: skip


def _blocks(frames: list[bytes], frame_ms: int) -> Iterable[bytes]:
    for number, frame in enumerate(frames):
        yield _element(SIMPLE_BLOCK, b"\x81" + struct.pack(">hB", number * frame_ms, KEY_FRAME) + frame)


def _cues(cluster_at: int) -> bytes:
    positions = _element(CUE_POSITIONS, _number(CUE_TRACK, 1), _number(CUE_CLUSTER, cluster_at))
    return _element(CUES, _element(CUE_POINT, _number(CUE_TIME, 0), positions))


def _element(name: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return _shortest(name) + _length(len(body)) + body


def _number(name: int, value: int) -> bytes:
    return _element(name, _shortest(value))


def _shortest(value: int) -> bytes:
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")


def _length(size: int) -> bytes:
    """Return a size as EBML writes it: the number of leading zero bits tells how many bytes follow."""
    width = next(width for width in range(1, 9) if size < (1 << 7 * width) - 1)
    return (size | 1 << 7 * width).to_bytes(width, "big")
