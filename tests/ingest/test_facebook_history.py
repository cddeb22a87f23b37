from __future__ import annotations

from pathlib import Path
from typing import Any

from facebook_export import CITY, EDITS, POSTS, export, post, wording
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft
from ingest.platforms.facebook import FacebookIngestor

T = 1772000000


def read(tmp_path: Path, posts: list[dict[str, Any]], edits: Any) -> list[Draft]:
    path = export(tmp_path / "a.zip", {POSTS: posts, EDITS: edits, **CITY})
    return [one for one in FacebookIngestor().read(Backup.open([path])) if isinstance(one, Draft)]


def said(draft: Draft) -> list[tuple[str, str]]:
    return [(one.text, one.edited.raw if one.edited else "") for one in (*draft.earlier, draft)]


def test_each_saved_wording_is_told_oldest_first_with_its_time(tmp_path: Path) -> None:
    edits = [wording(T + 20, "third", "7"), wording(T, "first", "7"), wording(T + 10, "second", "7")]
    (found,) = read(tmp_path, [post(T, "third")], edits)
    assert said(found) == [("first", ""), ("second", str(T + 10)), ("third", str(T + 20))]


def test_an_earlier_wording_has_its_own_tags_mentions_and_bytes(tmp_path: Path) -> None:
    edits = [wording(T + 20, "#new words", "7"), wording(T, "#old words of @[1:2:Grace Lor]", "7")]
    (found,) = read(tmp_path, [post(T, "#new words", "posts/media/1_n.png", tags=[{"name": "Tou Vang"}])], edits)
    (before,) = found.earlier
    assert (before.text, before.tags) == ("#old words of Grace Lor", ("old",))
    assert (before.mentions, found.mentions) == (("Grace Lor", "Tou Vang"), ("Tou Vang",))
    assert b"#old words" in before.native
    assert before.attachments == found.attachments


def test_the_words_before_and_after_an_edit_may_stand_in_one_record(tmp_path: Path) -> None:
    both = {
        "timestamp": T + 9,
        "label_values": [{"label": "Before", "value": "old"}, {"label": "After", "value": "new"}],
    }
    (found,) = read(tmp_path, [post(T, "new")], {**both, "fbid": "7"})
    assert said(found) == [("old", ""), ("new", str(T + 9))]


def test_of_two_posts_with_the_same_words_the_one_that_was_there_then_has_the_history(
    tmp_path: Path,
) -> None:
    edits = [wording(T + 5, "Pool closed", "7"), wording(T, "Pool open", "7")]
    later, sooner = read(tmp_path, [post(T + 900, "Pool closed"), post(T, "Pool closed")], edits)
    assert later.earlier == ()
    assert said(sooner) == [("Pool open", ""), ("Pool closed", str(T + 5))]


def test_two_posts_edited_to_the_same_words_have_a_history_each(tmp_path: Path) -> None:
    edits = [wording(T + 5, "Closed", key) for key in ("7", "8")]
    edits += [wording(T, text, key) for text, key in (("Pool open", "7"), ("Park open", "8"))]
    found = read(tmp_path, [post(T, "Closed"), post(T, "Closed")], edits)
    assert sorted(one.earlier[0].text for one in found) == ["Park open", "Pool open"]


def test_a_history_that_no_post_claims_is_a_record_with_revisions(tmp_path: Path) -> None:
    edits = [wording(T + 5, "corrected", "7"), wording(T, "written", "7")]
    found = read(tmp_path, [post(T, "something else")], edits)
    assert [(one.text, one.native_id, one.revision) for one in found[1:]] == [
        ("written", "7", "0"),
        ("corrected", "7", "1"),
    ]


def test_one_wording_of_what_was_never_changed_is_no_edit(tmp_path: Path) -> None:
    (found,) = read(tmp_path, [post(T, "as it was")], [wording(T, "as it was", "7")])
    assert (found.earlier, found.edited) == ((), None)


def test_an_edit_without_words_is_named(tmp_path: Path) -> None:
    edits = [{"timestamp": T, "label_values": [{"label": "Text"}], "fbid": "7"}]
    path = export(tmp_path / "a.zip", {EDITS: edits, **CITY})
    (defect,) = (one for one in FacebookIngestor().read(Backup.open([path])) if isinstance(one, Defect))
    assert "without words" in defect.reason
