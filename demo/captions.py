"""Captions of videos: the spoken lines as SubRip and as WebVTT (W3C, https://www.w3.org/TR/webvtt1/)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def srt(lines: Sequence[str], duration_ms: int = 2000) -> bytes:
    """Return SubRip text: each line is shown for its even share of the video."""
    blocks = (
        f"{number}\n{_clock(begin, ',')} --> {_clock(end, ',')}\n{line}\n"
        for number, (begin, end, line) in enumerate(_shares(lines, duration_ms), 1)
    )
    return "\n".join(blocks).encode()


def webvtt(lines: Sequence[str], duration_ms: int = 2000) -> bytes:
    """Return WebVTT, its markup signs escaped."""
    cues = (
        f"{_clock(begin, '.')} --> {_clock(end, '.')}\n{_escaped(line)}\n"
        for begin, end, line in _shares(lines, duration_ms)
    )
    return "\n".join(_after("WEBVTT\n", cues)).encode()


def _after(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _shares(lines: Sequence[str], duration_ms: int) -> Iterator[tuple[int, int, str]]:
    """Yield from when to when, in milliseconds, each line is spoken; a line that breaks would end its block."""
    for number, line in enumerate(lines):
        begin, end = (duration_ms * at // len(lines) for at in (number, number + 1))
        yield begin, end, " ".join(line.split())


def _clock(milliseconds: int, point: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{rest:03}"


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
