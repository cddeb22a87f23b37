from __future__ import annotations

from pathlib import Path

import pytest

from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Confidence, Draft
from ingest.platforms.nextdoor import NextdoorIngestor
from ingest.registry import identify

DATA = Path(__file__).parents[1] / "data" / "nextdoor"
NEXTDOOR = NextdoorIngestor()


@pytest.mark.parametrize("name", ["answers", "table"])
def test_answers_and_tables_read_as_their_golden_files_say(name: str) -> None:
    backup = Backup.open([DATA / name])
    assert identify(backup).name == "nextdoor"
    check_golden(DATA / f"{name}.golden.json", told(NEXTDOOR, backup))


def test_a_posts_own_bytes_hold_none_of_the_comments() -> None:
    found = [one for one in NEXTDOOR.read(Backup.open([DATA / "answers"])) if isinstance(one, Draft)]
    assert [one.native_id for one in found] == ["ndp_100001", "c1", "c2", "ndp_100002"]
    assert b"Elm" not in found[0].native and b"Tuesday" not in found[1].native


@pytest.mark.parametrize(
    "text", ["Date,Message\n2026-01-01,hello\n", "Date,Message,Link\n2026-01-01,hi,https://a.example\n"]
)
def test_other_tables_are_not_taken_for_nextdoors(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.csv").write_text(text)
    assert NEXTDOOR.identify(Backup.open([tmp_path])) == Confidence.NONE
