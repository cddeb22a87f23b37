from __future__ import annotations

from pathlib import Path

from archive import evidence
from archive.archive import Archive
from retention_schedules.adm12 import EVIDENCE, check
from retention_schedules.law import law
from schedules import adopt_made, hold, rule, series, written


def shown(archive: Archive) -> dict[str, tuple[bool, str]]:
    return {one.clause: (one.shown, "; ".join(one.evidence)) for one in check(archive)}


def test_every_clause_has_its_line_and_every_piece_of_evidence_its_clause() -> None:
    called_for = {name for one in law().adm12.clause for name in one.evidence}
    assert called_for == set(EVIDENCE)
    assert {one.key for one in law().adm12.clause} == {
        "accessible", "accurate", "authentic", "reliable", "readable", "documented", "restricted", "reproduced",
        "linked", "scheduled", "exported", "masked",
    }  # fmt: skip
    assert law().adm12.citation == "Wis. Admin. Code § Adm 12.05"


def test_an_empty_archive_says_what_it_lacks_and_how_to_mend_it(archive: Archive) -> None:
    found = shown(archive)
    assert found["accurate"] == (False, "0 backups taken in, each with a count that adds up; every byte was "
                                 "last found sound: never; run `muniment verify --deep`")  # fmt: skip
    assert "run `muniment backup DIR`" in found["reliable"][1]
    assert not found["restricted"][0]
    assert not found["scheduled"][0]


def test_the_evidence_is_live(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2020-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a"), rule("a"), head="expires_on = 2199-01-01")
    evidence.note_verified(archive, deep=False)
    assert not shown(archive)["authentic"][0]
    evidence.note_verified(archive, deep=True)
    evidence.note_backed_up(archive, tmp_path / "copy", archive.checkpoint(), 3)
    found = shown(archive)
    today = archive.now_local().date()
    assert found["authentic"][0]
    assert f"last found sound on {today} (ledger row {archive.head() - 1})" in found["authentic"][1]
    assert found["reliable"][0]
    assert found["restricted"] == (True, "2 users with a password: 1 attorney, 1 clerk")
    assert f"“Records of Milbrook”, adopted on {today} by anna and dana, ends on 2199-01-01" in found["scheduled"][1]
    body = archive.connection.execute("SELECT body FROM ledger WHERE event = 'archive.backed_up'").fetchone()[0]
    assert "copy" not in body
