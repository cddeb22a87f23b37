from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from conftest import bring_in
from drafts import told
from facebook_export import export
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft, Gap
from ingest.platforms.facebook_graph import FacebookGraphIngestor
from ingest.platforms.instagram_graph import NO_NAMES, InstagramGraphIngestor
from ingest.registry import identify

DATA = Path(__file__).parents[1] / "data" / "instagram_graph"
GRAPH = InstagramGraphIngestor()
TOKEN = "EAAGsecretTOKEN"
POST = "17900000000000001"


@pytest.mark.parametrize("dump", ["whole", "lines.jsonl"])
def test_the_answers_about_instagram_read_as_the_golden_file_says(dump: str) -> None:
    backup = Backup.open([DATA / dump])
    assert GRAPH.identify(backup) == Confidence.CONTENT
    assert FacebookGraphIngestor().identify(backup) == Confidence.NONE
    assert identify(backup).name == "instagram-graph"
    check_golden(DATA / f"{dump.partition('.')[0]}.golden.json", told(GRAPH, backup))


def test_a_dump_of_a_page_is_not_instagrams() -> None:
    for path in sorted((DATA.parent / "facebook_graph").iterdir()):
        if not path.name.endswith(".golden.json"):
            backup = Backup.open([path])
            assert GRAPH.identify(backup) == Confidence.NONE
            assert identify(backup).name == "facebook-graph"


def copy_without(folder: Path, *left_out: str) -> Backup:
    for path in (DATA / "whole").iterdir():
        if path.name not in left_out:
            (folder / path.name).write_bytes(path.read_bytes())
    return Backup.open([folder])


def test_a_dump_whose_lists_end_holds_every_post_and_comment(tmp_path: Path) -> None:
    whole = GRAPH.coverage(Backup.open([DATA / "whole"]))
    assert whole.complete == {"post", "comment"}
    assert whole.account_handle == "cityofmilbrook"


@pytest.mark.parametrize(
    ("left_out", "complete", "said"),
    [
        ("media_0002.json", set(), "the last page of posts names a further one"),
        ("media_0001.json", set(), "a number is left out"),
        (f"{POST}_comments_0002.json", {"post"}, "not all pages of its comments"),
        ("tags.json", set(), ""),
    ],
)
def test_what_was_not_fetched_is_told_and_not_complete(
    tmp_path: Path, left_out: str, complete: set[str], said: str
) -> None:
    if left_out == "media_0001.json":
        for name in ("media_0003.json", "media_0004.json"):
            (tmp_path / name).write_bytes((DATA / "whole" / "media_0002.json").read_bytes())
    backup = copy_without(tmp_path, left_out)
    assert GRAPH.coverage(backup).complete == complete
    reasons = [one.reason for one in GRAPH.read(backup) if isinstance(one, Defect)]
    assert not said or any(said in reason for reason in reasons)


def test_comments_that_instagram_counts_and_does_not_give_are_told(tmp_path: Path) -> None:
    answer = json.loads((DATA / "whole" / "media_0002.json").read_text())
    answer["data"][0]["comments_count"] = 7
    (tmp_path / "media_0001.json").write_text(json.dumps(answer))
    (remark,) = [one for one in GRAPH.read(Backup.open([tmp_path])) if isinstance(one, Defect)]
    assert "counts more comments than are here under 17900000000000003:" in remark.reason
    assert not remark.quarantined


def test_no_token_of_the_dump_is_in_anything_that_is_kept() -> None:
    assert TOKEN in (DATA / "whole" / "media_0001.json").read_text()
    for dump in ("whole", "lines.jsonl"):
        for one in GRAPH.read(Backup.open([DATA / dump])):
            assert TOKEN not in repr(one)


def test_a_token_without_permission_invents_nobody(tmp_path: Path) -> None:
    item = {"id": "1", "timestamp": "2026-02-25T06:13:20+0000", "text": "Who am I?", "hidden": False, "like_count": 0}
    (tmp_path / "1790_comments.json").write_text(json.dumps({"data": [item]}))
    found = list(GRAPH.read(Backup.open([tmp_path])))
    (draft,) = (one for one in found if isinstance(one, Draft))
    assert (draft.author.handle, draft.author.is_account, draft.thread) == ("", False, "1790")
    assert Gap(NO_NAMES) in found


def test_the_export_and_the_api_tell_one_record_and_a_hidden_comment_is_found(archive: Archive, tmp_path: Path) -> None:
    accounts.add(archive, "ig-city", platform="instagram", department="Clerk", handle="cityofmilbrook")
    caption = "Flood on Mill Road: avoid the area. #flood"
    posts = [{"media": [{"uri": "a.png", "creation_timestamp": 1772000000, "title": caption}]}]
    made = export(tmp_path / "instagram-cityofmilbrook-2026-03-01-a.zip", {"content/posts_1.json": posts})
    assert bring_in(archive, made, "ig-city")["added"] == 1
    first = bring_in(archive, DATA / "whole", "ig-city")
    assert first["counterparts"] == 1
    answer = json.loads((DATA / "whole" / "media_0001.json").read_text())
    answer["data"][0]["comments"]["data"][0]["hidden"] = True
    (tmp_path / "later").mkdir()
    copy_without(tmp_path / "later", "media_0001.json")
    (tmp_path / "later" / "media_0001.json").write_text(json.dumps(answer))
    assert bring_in(archive, tmp_path / "later", "ig-city")["edited"] == 1
    found = archive.connection.execute("SELECT kind FROM finding ORDER BY id").fetchall()
    assert [kind for (kind,) in found] == ["counterpart", "hidden"]
    row = archive.connection.execute("SELECT c.audience FROM content c WHERE c.text = 'You are all liars'").fetchone()
    assert row == ("hidden",)
    assert list(verify(archive, deep=True)) == []


KEYS = (
    "data", "paging", "id", "timestamp", "caption", "text", "hidden", "media_type", "username", "from", "comments",
    "replies", "children", "media", "error", "messages", "created_time", "mentioned_media", "followers_count",
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("2026-02-25T06:13:20+0000"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(ANYTHING, st.sampled_from(["media_1.json", "17_comments.json", "x_messages.json", "a.jsonl", "stories.json"]))
def test_no_answer_makes_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, value: Any, name: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any answer.zip"
    export(path, {name: json.dumps(value).encode()})
    backup = Backup.open([path])
    GRAPH.identify(backup)
    GRAPH.coverage(backup)
    assert all(isinstance(one, Draft | Defect | Gap) for one in GRAPH.read(backup))
