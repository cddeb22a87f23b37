from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from export.bundle.captions import cues

WEBVTT = """WEBVTT - The council

NOTE nobody reads this

STYLE
::cue { color: red }

first
00:00.500 --> 00:02.000 align:start
<v Clerk>Good <b>evening</b> &amp; welcome

01:00:00.000 --> 01:00:01.250
Two
lines
"""
SUBRIP = (
    "1\r\n00:00:00,500 --> 00:00:02,000\r\n<i>Hello</i> {\\an8}there\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n\r\n"
)


def test_webvtt_and_subrip_are_read_and_markup_is_taken_out() -> None:
    assert list(cues(WEBVTT)) == [(0.5, 2.0, "Good evening & welcome"), (3600.0, 3601.25, "Two\nlines")]
    assert list(cues(SUBRIP)) == [(0.5, 2.0, "Hello there")]


@given(st.text())
def test_whatever_is_in_a_caption_file_is_no_error(text: str) -> None:
    assert list(cues(text)) == []
    assert next(cues("00:01.000 --> 00:02.000\nwords\n\n" + text))[2] == "words"
