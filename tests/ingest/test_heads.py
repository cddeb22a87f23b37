from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

import pytest

from ingest.backup import Backup, Member
from ingest.heads import Heads
from ingest.registry import UnknownFormat, identify


class Opened:
    """A file's bytes, and how often they were opened."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.times = 0

    def __call__(self) -> BinaryIO:
        self.times += 1
        return io.BytesIO(self.content)

    def member(self) -> Member:
        return Member("letter.txt", len(self.content), 0, self)


def test_a_small_file_is_opened_a_few_times_to_tell_a_format_however_many_formats_there_are(tmp_path: Path) -> None:
    opened = Opened(b"Dear Clerk,\nplease close Elm Street.\n" * 4)
    backup = Backup([tmp_path], [opened.member()], [])
    with pytest.raises(UnknownFormat):
        identify(backup)
    assert 1 <= opened.times <= 6


def test_beginnings_are_those_of_the_file_whatever_was_asked_before_and_are_read_anew_afterwards() -> None:
    opened = Opened(bytes(range(200)))
    backup = Backup([], [opened.member()], [])
    (member,) = backup.members()
    with backup.heads_kept():
        found = [member.read(limit) for limit in (10, 4, 0, 150, 40, 500, 300)]
        assert [len(one) for one in found] == [10, 4, 0, 150, 40, 200, 200]
        assert all(opened.content.startswith(one) for one in found)
        assert opened.times == 3
    opened.content = bytes(reversed(opened.content))
    assert member.read(3) == opened.content[:3]


def test_no_more_is_kept_than_there_is_room_for() -> None:
    heads = Heads(most=100)
    large, small = Opened(b"x" * 90), Opened(b"y" * 90)
    for _ in range(3):
        for one in (large, small):
            assert heads.of(one, 90, lambda limit, one=one: one().read(limit)) == one.content  # type: ignore[misc]
    assert (large.times, small.times) == (1, 3)
