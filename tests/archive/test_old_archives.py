"""Archives made by earlier states of the program, kept as they were: each must open and verify for ever."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive import migrations
from archive.archive import Archive
from archive.ledger import Checkpoint
from archive.verify import verify
from conftest import ACTOR

DATA = Path(__file__).parents[1] / "data" / "archives"
CHECKPOINTS = {
    "m001": "6:f064b983b3b2ffa90a3c064728b2e5f3ff837081cdbb25539a39a99ae784c5ae",
    "m002": "6:ab27708a5012d104def704acc3f03def6e08c88d87460af5a52ad3cb67faef71",
    "m003": "6:ab27708a5012d104def704acc3f03def6e08c88d87460af5a52ad3cb67faef71",
    "m004": "6:ab27708a5012d104def704acc3f03def6e08c88d87460af5a52ad3cb67faef71",
    "m005": "6:ab27708a5012d104def704acc3f03def6e08c88d87460af5a52ad3cb67faef71",
    "m006": "6:ab27708a5012d104def704acc3f03def6e08c88d87460af5a52ad3cb67faef71",
}


@pytest.mark.parametrize("name", sorted(CHECKPOINTS))
def test_an_archive_made_long_ago_opens_and_verifies(name: str, tmp_path: Path) -> None:
    shutil.copytree(DATA / name, tmp_path / "archive")
    with Archive.open(tmp_path / "archive", ACTOR) as archive:
        assert archive.connection.execute("PRAGMA user_version").fetchone() == (migrations.LATEST,)
        assert list(verify(archive, deep=True, checkpoint=Checkpoint.parse(CHECKPOINTS[name]))) == []
        assert [version.content.title for version in archive.versions()] == [f"Title {n}" for n in range(1, 5)]


def test_there_is_an_archive_of_every_format() -> None:
    assert len(CHECKPOINTS) == migrations.LATEST
    assert sorted(path.name for path in DATA.iterdir()) == sorted(CHECKPOINTS)
