from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.accession import Declaration, Report, take_in
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft, Gap
from ingest.platforms.facebook_graph import NO_NAMES, FacebookGraphIngestor
from ingest.platforms.facebook_graph_files import without_tokens
from ingest.registry import identify
from ingest.report import findings

DATA = Path(__file__).parents[1] / "data" / "facebook_graph"
GRAPH = FacebookGraphIngestor()
TOKEN = "EAAGsecretTOKEN123"


def test_the_answers_read_as_the_golden_file_says() -> None:
    backup = Backup.open([DATA / "two_pages"])
    assert GRAPH.identify(backup) == Confidence.CONTENT
    assert identify(backup).name == "facebook-graph"
    check_golden(DATA / "two_pages.golden.json", told(GRAPH, backup))


def test_a_dump_fetched_to_its_end_holds_every_post_and_comment() -> None:
    assert GRAPH.coverage(Backup.open([DATA / "two_pages"])).complete == {"post", "comment"}


def copy_without(folder: Path, *left_out: str) -> Backup:
    for path in (DATA / "two_pages").iterdir():
        if path.name not in left_out:
            (folder / path.name).write_bytes(path.read_bytes())
    return Backup.open([folder])


def test_a_page_of_posts_that_was_not_fetched_is_told_and_nothing_is_complete(tmp_path: Path) -> None:
    backup = copy_without(tmp_path, "feed_2.json")
    assert GRAPH.coverage(backup).complete == frozenset()
    assert any(one.get("place") == "the feed" for one in told(GRAPH, backup))


def test_comments_that_were_not_fetched_are_told_and_comments_are_not_complete(tmp_path: Path) -> None:
    backup = copy_without(tmp_path, "700100_501_comments_2.json")
    assert GRAPH.coverage(backup).complete == {"post"}
    (defect,) = [one for one in told(GRAPH, backup) if "defect" in one]
    assert (defect["place"], defect["quarantined"]) == ("post or comment 501", False)


def test_no_token_is_in_anything_that_is_kept() -> None:
    folder = DATA / "two_pages"
    assert any(TOKEN in path.read_text() for path in folder.iterdir())
    for one in GRAPH.read(Backup.open([folder])):
        assert TOKEN not in repr(one)


def test_a_broken_page_costs_what_is_broken_and_keeps_no_token(tmp_path: Path) -> None:
    whole = (DATA / "two_pages" / "feed_1.json").read_bytes()
    cut = whole[: whole.index(b"700100_502") + 40] + TOKEN.encode().join([b'"next":"https:x?access_token=', b"&y"])
    (tmp_path / "feed_1.json").write_bytes(cut)
    found = list(GRAPH.read(Backup.open([tmp_path])))
    assert sum(isinstance(one, Draft) for one in found) == 4
    (broken,) = [one for one in found if isinstance(one, Defect) and one.quarantined]
    assert "item 2" in broken.place
    assert broken.native
    assert TOKEN not in repr(found)


@given(st.text(alphabet="abcXYZ0189_.-|", min_size=1))
def test_a_token_is_struck_out_wherever_it_stands(token: str) -> None:
    marked = f"T0KEN{token}"
    for text in (
        f'"https:\\/\\/x\\/y?access_token={marked}&after=1"',
        f'{{"access_token":"{marked}"}}',
        f"a?access_token%3D{marked}&b",
    ):
        struck = without_tokens(text.encode())
        assert marked.encode() not in struck
        assert b"struck-out" in struck


def test_an_error_saved_in_place_of_data_says_what_to_do(tmp_path: Path) -> None:
    error = {"error": {"message": "(#4) Application request limit reached", "code": 4, "type": "OAuthException"}}
    (tmp_path / "feed_3.json").write_text(json.dumps(error))
    backup = copy_without(tmp_path)
    defects = [one for one in GRAPH.read(backup) if isinstance(one, Defect)]
    assert [one.place for one in defects] == ["feed_3.json"]
    assert "request limit reached (code 4). Make this request again" in defects[0].reason
    assert GRAPH.coverage(backup).complete == frozenset()


PAGE = {"id": "700100", "name": "City of Milbrook"}


def comment(number: int, text: str, **more: Any) -> dict[str, Any]:
    at = f"2026-02-03T{13 + number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}+0000"
    who = {"id": f"9{number}", "name": f"Citizen {number}"}
    return {"id": f"501_{9000 + number}", "created_time": at, "from": who, "message": text, "like_count": 0, **more}


def post(number: int, text: str, *comments: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": f"700100_{number}", "created_time": f"2026-02-{number - 500:02}T12:00:00+0000", "from": PAGE,
        "message": text, "permalink_url": f"https://www.facebook.com/700100/posts/{number}", "is_published": True,
        "comments": {"data": list(comments), "summary": {"total_count": len(comments)}}, **more,
    }  # fmt: skip


def dump(path: Path, *posts: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"data": posts, "paging": {"cursors": {"before": "a", "after": "b"}}}))
    return path


def drafts(backup: Backup) -> list[Draft]:
    return [one for one in GRAPH.read(backup) if isinstance(one, Draft)]


@pytest.mark.parametrize("shape", ["response", "list", "lines", "page", "published_posts", "single"])
def test_however_a_dump_is_cut_the_same_records_come_out(shape: str, tmp_path: Path) -> None:
    posts = [post(501, "The pool", comment(1, "When?")), post(502, "The library")]
    edge = {"data": posts, "paging": {"cursors": {"before": "a", "after": "b"}}}
    texts = {
        "response": json.dumps(edge), "list": json.dumps(posts), "lines": "\n".join(map(json.dumps, posts)),
        "page": json.dumps(PAGE | {"feed": edge}), "published_posts": json.dumps(PAGE | {"published_posts": edge}),
    }  # fmt: skip
    if shape == "single":
        for number, one in enumerate(posts):
            (tmp_path / f"post{number}.json").write_text(json.dumps(one, indent=2))
    else:
        (tmp_path / f"dump.{'jsonl' if shape == 'lines' else 'json'}").write_text(texts[shape])
    backup = Backup.open([tmp_path])
    assert GRAPH.identify(backup) == Confidence.CONTENT
    found = {(one.kind, one.native_id, one.thread) for one in drafts(backup) if one.kind != "profile"}
    assert found == {("post", "700100_501", ""), ("comment", "501_9001", "700100_501"), ("post", "700100_502", "")}
    assert all(one.author.is_account for one in drafts(backup) if one.kind == "post" and shape in ("response", "page"))


def test_a_thread_of_hundreds_over_many_files_is_one_thread(tmp_path: Path) -> None:
    replies = [comment(number, f"Reply {number}") for number in range(300)]
    first = post(501, "The pool", *replies[:50])
    first["comments"]["paging"] = {"next": "https://graph.facebook.com/v23.0/700100_501/comments?after=50"}
    dump(tmp_path / "feed.json", first)
    for begin in range(50, 300, 50):
        page: dict[str, Any] = {"data": replies[begin : begin + 50]}
        if begin < 250:
            page["paging"] = {"next": f"https://graph.facebook.com/v23.0/700100_501/comments?after={begin}"}
        (tmp_path / f"more_{begin}.json").write_text(json.dumps(page))
    backup = Backup.open([tmp_path])
    assert GRAPH.coverage(backup).complete == {"post", "comment"}
    comments = [one for one in drafts(backup) if one.kind == "comment"]
    assert len({one.native_id for one in comments}) == 300
    assert {one.thread for one in comments} == {"700100_501"}


def test_names_that_the_token_may_not_read_are_a_gap_and_nobody_is_invented(tmp_path: Path) -> None:
    nameless = [{key: value for key, value in comment(n, "Hm").items() if key != "from"} for n in range(3)]
    one = {key: value for key, value in post(501, "The pool", *nameless).items() if key != "from"}
    found = list(GRAPH.read(Backup.open([dump(tmp_path / "feed.json", one)])))
    assert Gap(NO_NAMES) in found
    assert {one.author.name for one in found if isinstance(one, Draft)} == {""}
    assert Gap(NO_NAMES) not in list(GRAPH.read(Backup.open([DATA / "two_pages"])))


def test_a_picture_that_lies_beside_the_answers_is_attached(tmp_path: Path) -> None:
    copy_without(tmp_path)
    (tmp_path / "61_n.jpg").write_bytes(b"\xff\xd8\xff\xe0 a picture")
    (pump,) = [one for one in drafts(Backup.open([tmp_path])) if one.native_id == "700100_502"]
    assert [one.name for one in pump.attachments] == ["61_n.jpg"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"data": []}', '{"data": {}}', '{"data": [1, null, "x"]}', "\0"]
)
def test_what_is_no_answer_fails_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text(text)
    copy_without(tmp_path)
    found = list(GRAPH.read(Backup.open([tmp_path])))
    assert sum(isinstance(one, Draft) for one in found) == 13


def test_another_formats_json_is_not_claimed(tmp_path: Path) -> None:
    (tmp_path / "profile_posts_1.json").write_text('[{"timestamp": 1770000000, "data": [{"post": "The pool"}]}]')
    (tmp_path / "tweets.js").write_text('window.YTD.tweets.part0 = [{"tweet": {"id": "1"}}]')
    assert GRAPH.identify(Backup.open([tmp_path])) == Confidence.NONE


# -- two dumps, one after the other


class Page:
    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive = archive
        self.folder = folder
        self.account = accounts.add(archive, "fb-city", platform="facebook", department="Clerk")

    def bring(self, day: str, *posts: dict[str, Any]) -> Report:
        from archive.clock import read_date

        backup = Backup.open([dump(self.folder / f"{day}.json", *posts)])
        return take_in(self.archive, backup, self.account, GRAPH, Declaration(exported_on=read_date(day)))

    def found(self) -> list[tuple[str, str, str, str]]:
        names = dict(self.archive.connection.execute("SELECT id, native_id FROM record"))
        return [(one["kind"], names[one["record"]], one["after"], one["by"]) for one in findings(self.archive)]


@pytest.fixture
def page(archive: Archive, tmp_path: Path) -> Iterator[Page]:
    (tmp_path / "dumps").mkdir()
    yield Page(archive, tmp_path / "dumps")
    assert list(verify(archive, deep=True)) == []


def test_two_dumps_tell_what_happened_between_them_and_nothing_else(page: Page) -> None:
    a, b, c, d = (comment(number, f"Comment {number}") for number in range(1, 5))
    page.bring("2026-03-01", post(501, "The pool", a, b, c, d | {"is_hidden": True}), post(502, "The library"))
    liked = {"like_count": 99, "comment_count": 3, "can_hide": False}
    second = page.bring(
        "2026-04-01",
        post(
            501, "The pool is closed", a | liked, c | {"is_hidden": True}, d | {"is_hidden": False}, comment(5, "New")
        ),
        post(502, "The library", updated_time="2026-03-30T12:00:00+0000", shares={"count": 7}),
    )
    assert page.found() == [
        ("edited", "700100_501", "2026-03-01", "2026-04-01"),
        ("hidden", "501_9003", "2026-03-01", "2026-04-01"),
        ("shown", "501_9004", "2026-03-01", "2026-04-01"),
        ("missing", "501_9002", "2026-03-01", "2026-04-01"),
    ]
    assert (second.facts["added"], second.facts["edited"], second.facts["missing"]) == (1, 3, 1)


def test_an_unfinished_dump_makes_nobody_missing(page: Page) -> None:
    page.bring("2026-03-01", post(501, "The pool", comment(1, "When?"), comment(2, "Why?")))
    cut = post(501, "The pool", comment(1, "When?"))
    cut["comments"]["paging"] = {"next": "https://graph.facebook.com/v23.0/700100_501/comments?after=1"}
    report = page.bring("2026-04-01", cut)
    assert page.found() == []
    assert report.facts["remarks"] == 1


def test_zipped_it_reads_the_same(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "dump.zip", "w") as packed:
        for path in sorted((DATA / "two_pages").iterdir()):
            packed.write(path, f"fb-dump/{path.name}")
    places = {one["place"].removeprefix("fb-dump/") for one in told(GRAPH, Backup.open([tmp_path / "dump.zip"]))}
    assert places == {one["place"] for one in told(GRAPH, Backup.open([DATA / "two_pages"]))}
