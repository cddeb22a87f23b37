"""The city on every other platform: its backups hold what the truth says, and nothing else is found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from archive import accounts
from archive.archive import Archive
from conftest import ACTOR, bring_in_as_told
from demo.city import EVERY, generate
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft
from ingest.registry import identify
from told_truth import told

TINY = 0.08


@pytest.mark.parametrize("account", EVERY)
def test_an_accounts_backups_hold_what_the_truth_says(account: str, tmp_path: Path) -> None:
    truth = generate(tmp_path, accounts=[account])
    assert len(truth.backups) >= 2
    for one in truth.backups:
        backup = Backup.open([tmp_path / one.file], list_name=one.list_name)
        ingestor = identify(backup)
        found = list(ingestor.read(backup))
        assert ingestor.name == one.format
        assert Counter(item.kind for item in found if isinstance(item, Draft)) == one.kinds
        assert [item for item in found if isinstance(item, Defect) and item.quarantined] == []


@pytest.mark.parametrize("seed", range(1, 4))
@pytest.mark.parametrize("account", EVERY)
def test_every_change_is_found_and_none_invented(account: str, seed: int, tmp_path: Path) -> None:
    truth = generate(tmp_path / "city", seed, TINY * 4, accounts=[account])
    with Archive.create(tmp_path / "archive", ACTOR, name="City of Milbrook") as archive:
        for one in truth.accounts:
            accounts.add(archive, one.name, platform=one.platform, department=one.department, handle=one.handle)
        for backup in truth.backups:
            bring_in_as_told(archive, tmp_path / "city", backup)
        found = told(archive, truth)
    assert found == Counter(truth.evidence)
    assert truth.evidence
