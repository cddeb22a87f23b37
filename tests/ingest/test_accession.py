from __future__ import annotations

import random
from pathlib import Path

import pytest

from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from conftest import ACTOR
from desk import Desk
from ingest.accession import Declaration, Report, WrongPlatform, take_in
from ingest.backup import Backup
from ingest.platforms.x import XIngestor
from ingest.report import accession
from plain_format import PlainIngestor, plain

MARCH = "2026-03-01T12:00:00"
APRIL = "2026-04-01T12:00:00"
MAY = "2026-05-01T12:00:00"


def counts(report: Report) -> tuple[int, int, int, int, int]:
    facts = report.facts
    return (facts["items"], facts["added"], facts["held"], facts["edited"], facts["quarantined"])


A = {"id": "1", "text": "The pool is closed", "at": "2026-02-01T10:00:00"}
B = {"id": "2", "text": "The pool is open", "at": "2026-02-02T10:00:00"}
WINDOW = ("2026-03-01T12:00:00.000Z", "2026-04-01T12:00:00.000Z")


def test_the_closing_count_adds_up(desk: Desk) -> None:
    report = desk.bring(MARCH, A, B, {"broken": "not JSON"})
    assert counts(report) == (3, 2, 0, 0, 1)
    assert report.gaps == ("what nobody wrote down",)
    assert accession(desk.archive, 1)["defects"] == [{"quarantined": True, "text": "item 2: not JSON"}]


def test_the_bytes_of_what_could_not_be_read_are_kept(desk: Desk) -> None:
    desk.bring(MARCH, {"broken": "not JSON"})
    stored = [desk.archive.objects.path(name).read_bytes() for name in desk.archive.objects.names()]
    assert stored == [b"broken bytes"]


def test_the_very_same_backup_again_adds_nothing(desk: Desk) -> None:
    path = plain(desk.folder, MARCH, [A, B])
    desk.bring_path(path)
    before = desk.archive.checkpoint()
    report = desk.bring_path(path)
    assert report.already
    assert desk.archive.checkpoint() == before


def test_the_same_file_as_another_list_is_another_accession(desk: Desk) -> None:
    path = plain(desk.folder, MARCH, [{"kind": "subscriber", "by": "Ada"}])
    desk.bring_path(path)
    assert not desk.bring_path(path, list_name="Weekly").already
    assert desk.bring_path(path, list_name="Weekly").already
    assert accession(desk.archive, 2)["list_name"] == "Weekly"


def test_a_secret_in_the_name_of_a_file_stays_out(desk: Desk) -> None:
    path = plain(desk.folder, MARCH, [A])
    report = desk.bring_path(path.rename(path.with_name("feed?access_token=EAAsecret&limit=2.json")))
    (part,) = accession(desk.archive, report.accession)["parts"]
    assert part.endswith("feed?access_token=struck-out&limit=2.json")


def test_what_is_held_is_recognised_and_an_edit_is_a_new_version_with_its_window(desk: Desk) -> None:
    desk.bring(MARCH, A, B)
    report = desk.bring(APRIL, A, B | {"text": "The pool is open again"})
    assert counts(report) == (2, 0, 1, 1, 0)
    assert desk.versions() == [(1, "The pool is closed"), (2, "The pool is open"), (2, "The pool is open again")]
    assert desk.findings() == [("edited", *WINDOW, "unknown")]
    assert desk.states() == {"The pool is closed": "present", "The pool is open again": "edited"}


def test_likes_make_no_edit_but_are_kept(desk: Desk) -> None:
    desk.bring(MARCH, A | {"likes": 3})
    report = desk.bring(APRIL, A | {"likes": 9})
    assert counts(report) == (1, 0, 1, 0, 0)
    kept = desk.archive.connection.execute("SELECT counts FROM metric ORDER BY id").fetchall()
    assert kept == [('{"likes":3}',), ('{"likes":9}',)]


def test_a_new_display_name_of_the_author_edits_nothing(desk: Desk) -> None:
    desk.bring(MARCH, A | {"by": "City of Milbrook"})
    assert counts(desk.bring(APRIL, A | {"by": "Milbrook, Wisconsin"})) == (1, 0, 1, 0, 0)


def test_a_record_that_is_gone_is_missing_with_a_window_and_without_an_accusation(desk: Desk) -> None:
    desk.bring(MARCH, A, B)
    report = desk.bring(APRIL, A)
    assert report.facts["missing"] == 1
    assert desk.findings() == [("missing", *WINDOW, "unknown")]
    assert desk.states()["The pool is open"] == "deleted"


def test_a_missing_record_is_reported_once_and_its_return_too(desk: Desk) -> None:
    desk.bring(MARCH, A, B)
    desk.bring(APRIL, A)
    assert desk.bring(MAY, A).facts["missing"] == 0
    report = desk.bring("2026-06-01T12:00:00", A, B)
    assert report.facts["restored"] == 1
    assert [kind for kind, *_ in desk.findings()] == ["missing", "restored"]
    assert desk.findings()[1][1:3] == ("2026-04-01T12:00:00.000Z", "2026-06-01T12:00:00.000Z")
    assert desk.states()["The pool is open"] == "present"


def test_a_story_that_is_gone_has_expired_by_design(desk: Desk) -> None:
    desk.bring(MARCH, A, {"id": "9", "kind": "story", "text": "Today only"})
    desk.bring(APRIL, A)
    assert desk.findings()[0][3] == "expired by design"


def test_a_partial_backup_makes_nothing_missing(desk: Desk) -> None:
    desk.bring(MARCH, A, B)
    report = desk.bring(APRIL, A, complete=False)
    assert report.facts["missing"] == 0
    assert report.not_compared == "the backup is partial"


def test_an_unreadable_item_keeps_records_from_being_called_missing(desk: Desk) -> None:
    desk.bring(MARCH, A, B)
    assert "could not be read" in desk.bring(APRIL, A, {"broken": "not JSON"}).not_compared
    assert desk.bring(MAY, A, {"broken": "not JSON either"}, complete=True).facts["missing"] == 1


def test_an_older_backup_brought_in_later_makes_nothing_missing_and_changes_nothing_current(desk: Desk) -> None:
    desk.bring(APRIL, A | {"text": "new words"}, B)
    report = desk.bring(MARCH, A | {"text": "old words"})
    assert report.not_compared.startswith("a later backup of this account is held already")
    current = desk.archive.connection.execute(
        "SELECT c.text FROM record r JOIN content c ON c.id = r.version WHERE r.id = 1"
    ).fetchone()
    assert current == ("new words",)
    assert len(desk.versions()) == 3


def test_words_that_return_are_an_edit_of_their_own(desk: Desk) -> None:
    desk.bring(MARCH, A)
    desk.bring(APRIL, A | {"text": "changed"})
    report = desk.bring(MAY, A)
    assert counts(report) == (1, 0, 0, 1, 0)
    assert [kind for kind, *_ in desk.findings()] == ["edited", "edited"]
    assert [text for _, text in desk.versions()] == ["The pool is closed", "changed", "The pool is closed"]
    assert desk.bring(MAY, A | {"likes": 9}).facts["edited"] == 0


def test_a_revision_may_say_again_what_an_earlier_one_said(desk: Desk) -> None:
    words = ("closed", "open", "closed")
    chain = [
        {
            "id": "1",
            "revision": str(number),
            "text": text,
            "at": "2026-02-01T10:00:00",
            "edited": f"2026-02-0{number}T11:00:00",
        }
        for number, text in enumerate(words, 1)
    ]
    assert desk.bring(MARCH, *chain).facts["edited"] == 2
    assert desk.states() == {"closed": "edited"}
    for month in (APRIL, MAY):
        assert counts(desk.bring(month, *chain, B))[2:4] == ((3, 0) if month == APRIL else (4, 0))
    assert [kind for kind, *_ in desk.findings()] == ["edited", "edited"]


def test_one_id_twice_with_different_content_is_two_records_not_an_edit(desk: Desk) -> None:
    report = desk.bring(MARCH, A, A | {"text": "another item with the same id"})
    assert counts(report) == (2, 2, 0, 0, 0)
    again = desk.bring(APRIL, A | {"text": "another item with the same id"}, A)
    assert counts(again) == (2, 0, 2, 0, 0)
    assert desk.findings() == []


def test_one_id_twice_with_the_same_content_is_one_record(desk: Desk) -> None:
    assert counts(desk.bring(MARCH, A, A)) == (2, 1, 1, 0, 0)


def test_one_of_two_records_under_one_id_can_be_edited(desk: Desk) -> None:
    twin = A | {"text": "another item with the same id"}
    desk.bring(MARCH, A, twin)
    report = desk.bring(APRIL, A, twin | {"text": "another item, edited"})
    assert counts(report) == (2, 0, 1, 1, 0)


N1 = {"text": "Thanks!", "by": "Grace", "at": "2026-02-01T10:00:00"}


def test_items_without_ids_are_matched_by_content_and_exact_twins_are_numbered(desk: Desk) -> None:
    assert counts(desk.bring(MARCH, N1, N1, N1 | {"by": "Tou"})) == (3, 3, 0, 0, 0)
    report = desk.bring(APRIL, N1, N1, N1, N1 | {"by": "Tou"})
    assert counts(report) == (4, 1, 3, 0, 0)
    assert report.facts["missing"] == 0


def test_nine_posts_in_one_second_are_nine_records(desk: Desk) -> None:
    posts = [{"text": f"post {number}", "by": "City", "at": "2026-02-01T10:00:00"} for number in range(9)]
    assert desk.bring(MARCH, *posts).facts["added"] == 9
    report = desk.bring(APRIL, *posts[:-1], posts[-1] | {"text": "post nine"})
    assert counts(report) == (9, 0, 8, 1, 0)


def test_an_edit_without_id_is_seen_where_nothing_else_can_be_meant(desk: Desk) -> None:
    desk.bring(MARCH, N1, N1 | {"at": "2026-02-02T10:00:00"})
    report = desk.bring(APRIL, N1 | {"text": "Thank you!"}, N1 | {"at": "2026-02-02T10:00:00"})
    assert counts(report) == (2, 0, 1, 1, 0)


def test_an_ambiguous_change_without_id_is_an_addition_and_a_missing_record(desk: Desk) -> None:
    desk.bring(MARCH, N1, N1 | {"text": "Hello"})
    report = desk.bring(APRIL, N1 | {"text": "other"}, N1 | {"text": "words"})
    assert counts(report) == (2, 2, 0, 0, 0)
    assert report.facts["missing"] == 2


def test_revisions_that_the_source_names_are_versions_of_one_record(desk: Desk) -> None:
    first = A | {"revision": "10", "edited": "2026-02-01T10:00:00"}
    second = A | {"revision": "11", "edited": "2026-02-01T10:20:00", "text": "corrected"}
    assert counts(desk.bring(MARCH, second, first)) == (2, 1, 0, 1, 0)
    assert [record for record, _ in desk.versions()] == [1, 1]
    assert desk.states() == {"corrected": "edited"}
    moment = "2026-02-01T10:20:00.000Z"
    assert desk.findings() == [("edited", moment, moment, "author")]
    assert counts(desk.bring(APRIL, first, second)) == (2, 0, 2, 0, 0)


def test_what_the_source_says_was_removed_is_a_finding_at_that_moment(desk: Desk) -> None:
    desk.bring(MARCH, A, B)
    desk.bring(APRIL, A, B | {"audience": "removed", "removed": "2026-03-20T08:00:00"})
    moment = "2026-03-20T08:00:00.000Z"
    assert desk.findings() == [("removed", moment, moment, "author")]
    assert desk.states()["The pool is open"] == "deleted"
    assert desk.bring(MAY, A).facts["missing"] == 0


def test_what_is_hidden_and_shown_again_is_told_as_such(desk: Desk) -> None:
    desk.bring(MARCH, A)
    desk.bring(APRIL, A | {"audience": "hidden"})
    assert list(desk.states().values()) == ["hidden"]
    desk.bring(MAY, A)
    assert list(desk.states().values()) == ["present"]
    assert [kind for kind, *_ in desk.findings()] == ["hidden", "shown"]


def test_a_newer_reader_that_reads_better_makes_no_edit(desk: Desk) -> None:
    desk.bring(MARCH, A | {"likes": 1})
    report = desk.bring(APRIL, A | {"likes": 2}, ingestor=PlainIngestor(2, " (read better)"))
    assert counts(report) == (1, 0, 1, 0, 0)
    assert report.facts["reread"] == 1
    assert desk.states() == {"The pool is closed (read better)": "present"}
    assert desk.findings() == [("reread", None, None, "reader")]


def test_a_newer_reader_still_sees_a_real_edit(desk: Desk) -> None:
    desk.bring(MARCH, A)
    report = desk.bring(APRIL, A | {"text": "changed"}, ingestor=PlainIngestor(2, " (read better)"))
    assert counts(report) == (1, 0, 0, 1, 0)


def test_an_attachment_is_stored_by_its_digest_and_a_changed_one_is_an_edit(desk: Desk) -> None:
    desk.bring(MARCH, A | {"files": {"pool.txt": "closed"}})
    report = desk.bring(APRIL, A | {"files": {"pool.txt": "open"}})
    assert counts(report) == (1, 0, 0, 1, 0)
    assert len(list(desk.archive.objects.names())) == 2


def test_an_attachment_that_a_later_backup_lacks_makes_no_edit(desk: Desk) -> None:
    desk.bring(MARCH, A | {"files": {"pool.txt": "closed"}})
    report = desk.bring(APRIL, A | {"files": {"pool.txt": None}})
    assert counts(report) == (1, 0, 1, 0, 0)
    assert report.facts["remarks"] == 1


def test_a_bug_in_a_reader_costs_one_defect_not_the_run(desk: Desk) -> None:
    report = desk.bring(MARCH, A, B, ingestor=PlainIngestor(fails_after=1))
    assert counts(report) == (2, 1, 0, 0, 1)
    assert "a bug in this reader" in accession(desk.archive, 1)["defects"][0]["text"]


def test_half_a_character_costs_a_remark_and_not_the_item(desk: Desk) -> None:
    report = desk.bring(MARCH, A | {"text": "half \ud83d of an emoji"})
    assert counts(report) == (1, 1, 0, 0, 0)
    assert desk.versions() == [(1, "half � of an emoji")]
    assert report.facts["remarks"] == 1


def test_the_same_item_in_two_accounts_is_two_records(desk: Desk) -> None:
    desk.bring(MARCH, A)
    desk.account = accounts.add(desk.archive, "other", platform="plain", department="Parks")
    assert desk.bring(MARCH, A).facts["added"] == 1


def test_a_backup_of_another_platform_is_refused(desk: Desk) -> None:
    path = plain(desk.folder, MARCH, [A])
    before = desk.archive.checkpoint()
    with pytest.raises(WrongPlatform):
        take_in(desk.archive, Backup.open([path]), desk.account, XIngestor(), Declaration())
    assert desk.archive.checkpoint() == before


def test_an_accession_tells_its_backup_and_who_brought_it(desk: Desk) -> None:
    from datetime import date
    from hashlib import sha256

    path = plain(desk.folder, MARCH, [A])
    desk.bring_path(path, exported_on=date(2026, 3, 5), exported_by="Ivo Dvorak", kept_at="shelf 3")
    told = accession(desk.archive, 1)
    assert told["backup_sha256"] == sha256(path.read_bytes()).hexdigest()
    assert told["backup_size"] == path.stat().st_size
    assert (told["exported_on"], told["exported_basis"]) == ("2026-03-05", "declared")
    assert (told["exported_by"], told["kept_at"]) == ("Ivo Dvorak", "shelf 3")


E0 = {"text": "The pool opens Monday", "by": "City", "at": "2026-02-01T10:00:00"}
E1 = E0 | {"text": "The pool opens Tuesday", "edited": "2026-02-02T09:00:00"}
E2 = E0 | {"text": "The pool opens Friday", "edited": "2026-02-03T09:00:00"}
EDITED = E2 | {"earlier": [E0, E1]}
SECOND_EDIT = "2026-02-02T09:00:00.000Z"
THIRD_EDIT = "2026-02-03T09:00:00.000Z"


def test_what_an_item_said_before_becomes_versions_of_its_record(desk: Desk) -> None:
    assert counts(desk.bring(MARCH, EDITED, A)) == (4, 2, 0, 2, 0)
    texts = [text for record, text in desk.versions() if record == desk.versions()[-1][0]]
    assert texts == [E0["text"], E1["text"], E2["text"]]
    assert desk.states() == {E2["text"]: "edited", A["text"]: "present"}
    assert [window for _, *window, _ in desk.findings()] == [[SECOND_EDIT] * 2, [THIRD_EDIT] * 2]
    assert counts(desk.bring(APRIL, EDITED, A)) == (4, 0, 4, 0, 0)
    assert len(desk.findings()) == 2


def test_what_an_item_said_before_may_be_held_already_or_be_learned_later(desk: Desk) -> None:
    desk.bring(MARCH, E0)
    assert counts(desk.bring(APRIL, EDITED)) == (3, 0, 1, 2, 0)
    assert [text for _, text in desk.versions()] == [E0["text"], E1["text"], E2["text"]]
    assert desk.states() == {E2["text"]: "edited"}


def test_the_history_of_an_item_that_stands_unchanged_is_added_behind_it(desk: Desk) -> None:
    desk.bring(MARCH, E2)
    assert counts(desk.bring(APRIL, EDITED)) == (3, 0, 1, 2, 0)
    assert desk.states() == {E2["text"]: "edited"}
    assert {text for _, text in desk.versions()} == {E0["text"], E1["text"], E2["text"]}
    assert {record for record, _ in desk.versions()} == {1}


def test_a_notice_of_removal_without_id_or_date_finds_its_record_by_its_words(desk: Desk) -> None:
    other = N1 | {"text": "Other words", "at": "2026-02-02T10:00:00"}
    desk.bring(MARCH, N1, other)
    notice = {"text": "Thanks!", "by": "Grace", "audience": "removed", "removed": "2026-03-20T08:00:00"}
    assert counts(desk.bring(APRIL, other, notice)) == (
        2,
        0,
        1,
        1,
        0,
    )
    moment = "2026-03-20T08:00:00.000Z"
    assert desk.findings() == [("removed", moment, moment, "author")]
    created = desk.archive.connection.execute("SELECT created_at FROM record ORDER BY id").fetchall()
    assert created == [("2026-02-01T10:00:00.000Z",), ("2026-02-02T10:00:00.000Z",)]
    assert desk.bring(MAY, other, notice).facts["missing"] == 0


def test_a_notice_of_removal_whose_words_are_said_twice_accuses_neither(desk: Desk) -> None:
    desk.bring(MARCH, N1, N1 | {"at": "2026-02-05T10:00:00"})
    notice = {"text": "Thanks!", "by": "Grace", "audience": "removed"}
    report = desk.bring(APRIL, N1, N1 | {"at": "2026-02-05T10:00:00"}, notice)
    assert counts(report) == (3, 1, 2, 0, 0)


def test_who_removed_an_item_is_told_where_the_source_knows(desk: Desk) -> None:
    desk.bring(MARCH, A | {"audience": "removed", "removed": "2026-02-20T08:00:00", "removed_by": "platform"})
    assert [cause for *_, cause in desk.findings()] == ["platform"]


def test_a_backup_of_one_list_makes_nobody_missing_from_another(desk: Desk) -> None:
    grace, tou = ({"kind": "subscriber", "id": str(n), "by": name} for n, name in ((1, "Grace"), (2, "Tou")))
    desk.bring(MARCH, grace, tou, list_name="Weekly")
    desk.bring("2026-03-02T12:00:00", {"kind": "subscriber", "id": "3", "by": "Grace"}, list_name="Alerts")
    assert desk.findings() == []
    report = desk.bring(APRIL, grace, list_name="Weekly")
    assert report.facts["missing"] == 1


def test_a_namesake_on_another_list_is_somebody_else(desk: Desk) -> None:
    grace = {"kind": "subscriber", "by": "Grace", "at": "2026-01-01T10:00:00"}
    desk.bring(MARCH, grace, list_name="Weekly")
    report = desk.bring(APRIL, grace, list_name="Alerts")
    assert counts(report) == (1, 1, 0, 0, 0)


def test_in_any_order_of_additions_edits_and_losses_the_counts_and_states_are_right(
    archive: Archive, tmp_path: Path
) -> None:
    """A model of what a platform shows, against what the archive makes of its backups."""
    (tmp_path / "backups").mkdir()
    desk = Desk(archive, tmp_path / "backups")
    rng = random.Random(7)
    shown: dict[str, str] = {}
    ever: set[str] = set()
    for month in range(1, 9):
        before = dict(shown)
        for native_id in list(shown):
            chance = rng.random()
            if chance < 0.2:
                del shown[native_id]
            elif chance < 0.4:
                shown[native_id] += "!"
        for _ in range(4):
            native_id = str(rng.randrange(40))
            shown.setdefault(native_id, f"text {native_id} {month}")
        items = [{"id": one, "text": text} for one, text in shown.items()]
        report = desk.bring(f"2026-{month:02}-01T12:00:00", *items)
        assert report.facts["added"] == len(shown.keys() - ever)
        assert report.facts["missing"] == len(before.keys() - shown.keys())
        ever |= shown.keys()
        deleted = archive.connection.execute("SELECT count(*) FROM record WHERE state = 'deleted'").fetchone()
        assert deleted == (len(ever - shown.keys()),)
        standing = archive.connection.execute(
            "SELECT c.native_id, c.text FROM record r JOIN content c ON c.id = r.version WHERE r.state <> 'deleted'"
        ).fetchall()
        assert dict(standing) == shown
    assert list(verify(archive, deep=True)) == []
    with Archive.open(archive.folder, ACTOR) as again:
        assert again.checkpoint() == archive.checkpoint()
