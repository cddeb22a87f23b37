from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Draft
from ingest.platforms.tiktok import TikTokIngestor
from ingest.registry import identify

DATA = Path(__file__).parents[1] / "data" / "tiktok"
TIKTOK = TikTokIngestor()


@pytest.mark.parametrize("name", ["old", "new", "text"])
def test_every_age_of_export_reads_as_its_golden_file_says(name: str) -> None:
    backup = Backup.open([DATA / name])
    assert identify(backup).name == "tiktok"
    check_golden(DATA / f"{name}.golden.json", told(TIKTOK, backup))


@pytest.mark.parametrize("name", ["old", "new", "text"])
def test_what_was_watched_and_from_where_is_in_no_record(name: str) -> None:
    for one in TIKTOK.read(Backup.open([DATA / name])):
        if isinstance(one, Draft):
            assert not re.search(rb"192\.0\.2\.7|1970|0142|clerk@|70000000000000000", one.native)


def test_a_file_that_is_cut_off_gives_what_is_whole_and_a_defect(tmp_path: Path) -> None:
    whole = (DATA / "old" / "user_data.json").read_bytes()
    (tmp_path / "user_data.json").write_bytes(whole[:-20])
    backup = Backup.open([tmp_path])
    assert identify(backup).name == "tiktok"
    found, before = told(TIKTOK, backup), told(TIKTOK, Backup.open([DATA / "old"]))
    records = [one for one in found if "kind" in one]
    assert records == [one for one in before if "kind" in one][: len(records)] != []
    assert found[-1]["quarantined"]


def test_an_export_is_known_however_long_its_first_list_is(tmp_path: Path) -> None:
    export = json.loads((DATA / "old" / "user_data.json").read_bytes())
    followers = [{"Date": "2021-03-01 12:00:00", "UserName": f"neighbour{number}"} for number in range(3000)]
    export["Activity"]["Follower List"]["FansList"] = followers
    (tmp_path / "user_data.json").write_text(json.dumps(export))
    backup = Backup.open([tmp_path])
    assert identify(backup).name == "tiktok"
    drafts = [one for one in TIKTOK.read(backup) if isinstance(one, Draft)]
    assert sum(one.kind == "subscriber" for one in drafts) == 3000
