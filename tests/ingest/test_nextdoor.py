from __future__ import annotations

from pathlib import Path

import pytest

from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft
from ingest.platforms.nextdoor import NextdoorIngestor
from ingest.registry import identify

DATA = Path(__file__).parents[1] / "data" / "nextdoor"
NEXTDOOR = NextdoorIngestor()


@pytest.mark.parametrize("name", ["answers", "table"])
def test_answers_and_tables_read_as_their_golden_files_say(name: str) -> None:
    backup = Backup.open([DATA / name])
    assert identify(backup).name == "nextdoor"
    check_golden(DATA / f"{name}.golden.json", told(NEXTDOOR, backup))


def test_day_or_month_first_is_told_by_the_whole_table_and_remarked(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("Post ID,Date,Message,Neighborhoods\n1,05/06/2026 9:00,Elm,A\n2,31/05/2026 9:00,Oak,A\n")
    found = list(NextdoorIngestor().read(Backup.open([path])))
    drafts = [one for one in found if isinstance(one, Draft)]
    assert [str(one.created.at.date()) for one in drafts if one.created and one.created.at] == [
        "2026-06-05", "2026-05-31",
    ]  # fmt: skip
    [remark] = [one.reason for one in found if isinstance(one, Defect)]
    assert "only be read with the day first" in remark


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
