from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
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
from ingest.platforms.facebook_graph_files import RANKED
from ingest.platforms.meta_graph_files import without_tokens
from ingest.registry import identify
from ingest.report import findings

DATA = Path(__file__).parents[1] / "data" / "facebook_graph"
GRAPH = FacebookGraphIngestor()
TOKEN = "EAAGsecretTOKEN123"


@pytest.mark.parametrize("dump", ["two_pages", "pages", "nested.json", "lines.jsonl", "mixed"])
def test_the_answers_read_as_the_golden_file_says(dump: str) -> None:
    backup = Backup.open([DATA / dump])
    assert GRAPH.identify(backup) == Confidence.CONTENT
    assert identify(backup).name == "facebook-graph"
    check_golden(DATA / f"{dump.partition('.')[0]}.golden.json", told(GRAPH, backup))


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


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (4, "wait an hour"), (32, "wait an hour"), (190, "make a new one"), (10, "lacks a permission"),
        (200, "lacks a permission"), (12, "leave this request out"), (1, "for fewer items"), (100, "Make this request"),
    ],
)  # fmt: skip
def test_an_error_saved_in_place_of_data_says_what_to_do(code: int, remedy: str, tmp_path: Path) -> None:
    error = {"error": {"message": "(#4) Application request limit reached", "code": code, "type": "OAuthException"}}
    (tmp_path / "feed_3.json").write_text(json.dumps(error))
    backup = copy_without(tmp_path)
    defects = [one for one in GRAPH.read(backup) if isinstance(one, Defect)]
    assert [one.place for one in defects] == ["feed_3.json"]
    assert f"request limit reached (code {code}). " in defects[0].reason
    assert remedy in defects[0].reason
    assert defects[0].quarantined
    assert GRAPH.coverage(backup).complete == frozenset()


REAL = "EAAB" + "x1Y2" * 20


def test_a_token_in_an_error_in_a_file_name_or_in_what_is_broken_is_struck_out(tmp_path: Path) -> None:
    error = {"error": {"message": f"Error validating access token {REAL}: it has ended", "code": 190}}
    (tmp_path / "error.json").write_text(json.dumps(error))
    broken = {"nothing": 1, "comments": {"data": [], "paging": {"next": f"https://x.example/?access_token={REAL}"}}}
    dump(tmp_path / f"feed?access_token={REAL}&limit=1.json", post(501, "The pool", broken))
    (tmp_path / f"access_token={REAL}.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    shared = {"type": "share", "url": f"https://milbrook.example/?a=1&access_token={REAL}"}
    dump(tmp_path / "more.json", post(502, "The library", attachments={"data": [shared]}))
    found = list(GRAPH.read(Backup.open([tmp_path])))
    assert sum(isinstance(one, Draft) for one in found) == 2
    assert sum(isinstance(one, Defect) for one in found) == 3
    assert REAL not in repr(found)


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
    words = "Our app asks https://graph.facebook.com/ for the pool's posts"
    (tmp_path / "profile_posts_1.json").write_text(json.dumps([{"timestamp": 1770000000, "data": [{"post": words}]}]))
    (tmp_path / "tweets.js").write_text('window.YTD.tweets.part0 = [{"tweet": {"id": "1"}}]')
    assert GRAPH.identify(Backup.open([tmp_path])) == Confidence.NONE


# -- how programs save answers


def kept(folder: Path, name: str, payload: bytes) -> list[Draft | Defect]:
    (folder / name).write_bytes(payload)
    backup = Backup.open([folder])
    assert GRAPH.identify(backup) == Confidence.CONTENT
    return [one for one in GRAPH.read(backup) if isinstance(one, Draft | Defect)]


def answer(*posts: dict[str, Any], following: str = "", **more: Any) -> str:
    return json.dumps({"data": posts, **({"paging": {"next": following}} if following else {}), **more})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["feed.json", "page.json", "feed.jsonl"])
def test_whatever_a_shell_saves_is_read(encoding: str, name: str, tmp_path: Path) -> None:
    text = answer(post(501, "Grüße from the pool 🏊"))
    if name == "page.json":
        text = json.dumps(PAGE | {"feed": json.loads(text)}, ensure_ascii=False, indent=2)
    found = kept(tmp_path, name, text.encode(encoding))
    assert [one.text for one in found if isinstance(one, Draft) and one.kind == "post"] == ["Grüße from the pool 🏊"]


def test_answers_one_a_line_are_all_read_and_their_paging_counts(tmp_path: Path) -> None:
    lines = [answer(post(501, "a"), following=f"{FEED}?after=1"), answer(post(502, "b")), "", answer()]
    found = kept(tmp_path, "feed.ndjson", "\n".join(lines).encode())
    assert [one.text for one in found if isinstance(one, Draft)] == ["a", "b"]
    assert len(found) == 2
    assert GRAPH.coverage(Backup.open([tmp_path])).complete == {"post", "comment"}


def test_a_broken_line_costs_itself(tmp_path: Path) -> None:
    lines = [answer(post(501, "a")), "{broken", answer(post(503, "c"))]
    found = kept(tmp_path, "feed.jsonl", "\n".join(lines).encode())
    assert [one.text if isinstance(one, Draft) else one.place for one in found] == ["a", "feed.jsonl, line 2", "c"]


def test_paging_may_stand_before_the_data(tmp_path: Path) -> None:
    text = json.dumps({"paging": {"cursors": {"before": "a"}}, "data": [post(501, "a")]})
    assert [type(one) for one in kept(tmp_path, "feed.json", text.encode())] == [Draft]


def test_comments_that_were_asked_for_by_ids_belong_to_those_posts(tmp_path: Path) -> None:
    text = json.dumps({"700100_501": {"data": [comment(1, "When?")]}, "700100_502": {"data": []}})
    (found,) = kept(tmp_path, "by_ids.json", text.encode())
    assert isinstance(found, Draft)
    assert (found.kind, found.parent, found.thread) == ("comment", "700100_501", "700100_501")


def test_half_a_character_costs_nothing(tmp_path: Path) -> None:
    text = answer(post(501, "half HALF", comment(1, "whole"), comment(2, "half HALF"))).replace("HALF", "\\ud83d")
    texts = [one.text for one in kept(tmp_path, "feed.json", text.encode()) if isinstance(one, Draft)]
    assert texts == ["half \ud83d", "whole", "half \ud83d"]


def test_a_broken_page_of_a_page_keeps_what_is_whole(tmp_path: Path) -> None:
    text = json.dumps(PAGE | {"feed": {"data": [post(501, "a"), post(502, "b")]}})
    found = kept(tmp_path, "page.json", text[: text.index("700100_502") + 30].encode())
    assert [type(one) for one in found] == [Draft, Defect]


def test_the_own_bytes_of_a_page_and_a_post_hold_nothing_of_what_others_wrote(tmp_path: Path) -> None:
    page = PAGE | {"feed": json.loads(answer(post(501, "The pool", comment(1, "Secretly annoyed"))))}
    page, words, remark = kept(tmp_path, "page.json", json.dumps(page, indent=1).encode())  # type: ignore[assignment]
    assert isinstance(page, Draft)
    assert isinstance(words, Draft)
    assert b"pool" not in page.native
    assert b"annoyed" not in words.native
    assert b"annoyed" in remark.native


def test_a_message_of_which_only_the_id_is_told_is_no_empty_message(tmp_path: Path) -> None:
    messages = [{"id": "m_2", "created_time": "2026-02-01T12:00:00+0000", "from": PAGE, "message": "Yes.", "to": {}}]
    messages.append({"id": "m_1", "created_time": "2025-02-01T12:00:00+0000"})
    text = json.dumps({"data": [{"id": "t_1", "messages": {"data": messages}}], "paging": {"next": f"{FEED}?after=1"}})
    draft, defect = kept(tmp_path, "conversations.json", text.encode())[:2]
    assert isinstance(draft, Draft)
    assert isinstance(defect, Defect)
    assert (draft.native_id, draft.thread, defect.quarantined) == ("m_2", "t_1", False)


def test_an_id_that_a_program_rounded_is_no_id(tmp_path: Path) -> None:
    text = answer(post(502, "b"), post(501, "a") | {"id": 1.047e17})
    draft, defect = kept(tmp_path, "feed.json", text.encode())
    assert isinstance(draft, Draft)
    assert isinstance(defect, Defect)
    assert "rounded" in defect.reason


def test_seconds_since_1970_are_read(tmp_path: Path) -> None:
    found, _ = kept(
        tmp_path, "feed.json", answer(post(501, "a") | {"created_time": 1770000000}, post(502, "b")).encode()
    )
    assert isinstance(found, Draft)
    assert found.created is not None
    assert found.created.at is not None
    assert found.created.at.isoformat() == "2026-02-02T02:40:00+00:00"


def test_a_hostile_name_of_a_file_leads_nowhere_else(tmp_path: Path) -> None:
    for name in ("../../../etc/passwd", "C:\\\\Windows\\\\passwd"):
        files = [{"id": "1", "name": name, "mime_type": "text/plain"}]
        message = {"id": "m_1", "created_time": "2026-02-01T12:00:00+0000", "from": PAGE, "message": "", "to": {}}
        message["attachments"] = {"data": files}
        (tmp_path / "passwd").write_text("beside the answers")
        text = json.dumps({"data": [{"id": "t_1", "messages": {"data": [message]}}], "paging": {"next": f"{FEED}?a"}})
        found = kept(tmp_path, "conversations.json", text.encode())[0]
        assert isinstance(found, Draft)
        (file,) = found.attachments
        assert file.name == "passwd"
        assert file.member is not None
        assert file.member.read() == b"beside the answers"


def test_nesting_without_end_costs_one_item(tmp_path: Path) -> None:
    deep = json.dumps(comment(1, "x"))[:-1] + ', "comments": {"data": ['
    first = json.dumps(post(502, "b"))
    first = first[: first.rindex('{"data": []') + len('{"data": [')] + deep * 3000 + "]}}" * 3000 + "]}}"
    text = '{"data": [' + first + ", " + json.dumps(post(501, "a")) + "]}"
    found = kept(tmp_path, "feed.json", text.encode())
    assert [one.text for one in found if isinstance(one, Draft) and one.kind == "post"] == ["a"]
    assert any(isinstance(one, Defect) for one in found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            [
                "id", "data", "from", "message", "created_time", "comments", "feed", "messages", "parent", "paging",
                "attachments", "attachment", "media", "image", "target", "subattachments", "message_tags", "to", "name",
                "shares", "reactions", "summary", "error", "code", "reviewer", "privacy", "open_graph_story", "next",
            ]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON)
def test_no_answer_makes_the_reader_fail(value: Any, tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text(json.dumps(value))
    (tmp_path / "list.json").write_text(json.dumps({"data": [value, post(501, "a"), {"id": "1_2", **value_of(value)}]}))
    backup = Backup.open([tmp_path])
    GRAPH.coverage(backup)
    assert any(isinstance(one, Draft) and one.native_id == "700100_501" for one in GRAPH.read(backup))


@pytest.mark.parametrize("posts", [[post(501, "a", comment(1, "b"))], post(501, "a", comment(1, "b"))])
def test_posts_without_the_answer_around_them_do_not_prove_that_they_are_all(posts: Any, tmp_path: Path) -> None:
    (tmp_path / "posts.json").write_text(json.dumps(posts))
    assert GRAPH.coverage(Backup.open([tmp_path])).complete == frozenset()


def value_of(value: Any) -> dict[str, Any]:
    return {"created_time": "2026-02-01T12:00:00+0000"} | (value if isinstance(value, dict) else {"message": value})


# -- what a dump proves

FEED = "https://graph.facebook.com/v26.0/700100/feed"


def pages(folder: Path, *numbers: int, **query: str) -> Backup:
    """Write pages of one post each; every one but the last names a further one."""
    for number in numbers:
        following = f"{FEED}?{''.join(f'{key}={value}&' for key, value in query.items())}after={number}"
        text = answer(post(500 + number, "a"), following=following if number != numbers[-1] else "")
        (folder / f"feed_{number:04}.json").write_text(text)
    return Backup.open([folder])


def test_a_hole_between_numbered_pages_is_told_and_nothing_is_complete(tmp_path: Path) -> None:
    backup = pages(tmp_path, 1, 2, 4)
    assert GRAPH.coverage(backup).complete == frozenset()
    assert "feed_" in {one.place for one in GRAPH.read(backup) if isinstance(one, Defect)}
    whole = pages(tmp_path, 1, 2, 3, 4)
    assert GRAPH.coverage(whole).complete == {"post", "comment"}


def test_a_dump_of_a_range_of_time_is_not_complete(tmp_path: Path) -> None:
    assert GRAPH.coverage(pages(tmp_path, 1, 2, since="2026-01-01")).complete == frozenset()


def test_a_year_with_more_posts_than_facebook_gives_is_not_complete(tmp_path: Path) -> None:
    posts = [post(510, "a") | {"id": f"700100_{number}"} for number in range(RANKED)]
    fewer = Backup.open([dump(tmp_path / "feed.json", *posts[1:])])
    assert GRAPH.coverage(fewer).complete == {"post", "comment"}
    all_of_them = Backup.open([dump(tmp_path / "feed.json", *posts)])
    assert GRAPH.coverage(all_of_them).complete == frozenset()
    (defect,) = [one for one in GRAPH.read(all_of_them) if isinstance(one, Defect)]
    assert "500 posts of 2026" in defect.reason


def test_comments_whose_answers_were_not_fetched_are_not_complete(tmp_path: Path) -> None:
    asked = comment(1, "When?", comment_count=2)
    without = Backup.open([dump(tmp_path / "feed.json", post(501, "a", asked))])
    assert GRAPH.coverage(without).complete == {"post"}
    (defect,) = [one for one in GRAPH.read(without) if isinstance(one, Defect)]
    assert "fetch them too" in defect.reason
    flat = Backup.open([dump(tmp_path / "feed.json", post(501, "a", asked, comment(2, "At six", parent={"id": "1"})))])
    assert GRAPH.coverage(flat).complete == {"post", "comment"}


def test_a_file_that_nothing_names_is_told(tmp_path: Path) -> None:
    copy_without(tmp_path)
    (tmp_path / "README.txt").write_text("made by hand")
    places = {one.place for one in GRAPH.read(Backup.open([tmp_path])) if isinstance(one, Defect)}
    assert places == {"README.txt"}


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
    liked = {"like_count": 99, "can_hide": False}
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


def test_the_way_out_of_facebook_is_signed_anew_each_time_and_makes_no_edit(page: Page) -> None:
    def sharing(signature: str) -> dict[str, Any]:
        address = f"https://l.facebook.com/l.php?u=https%3A%2F%2Fmilbrook.example%2Flevy%3Fa%3D1&h={signature}"
        image = {"image": {"src": f"https://scontent.xx.fbcdn.net/v/1_n.jpg?oh={signature}"}}
        shared = {"type": "share", "title": "The levy", "url": address, "target": {"url": address}, "media": image}
        sticker = {"type": "sticker", "url": f"https://scontent.xx.fbcdn.net/v/2_n.png?oh={signature}"}
        return post(501, "See", comment(1, "", attachment=sticker), attachments={"data": [shared]})

    page.bring("2026-03-01", sharing("AT0first"))
    second = page.bring("2026-04-01", sharing("AT1second"))
    assert (second.facts["held"], second.facts["edited"], page.found()) == (2, 0, [])
    (draft, _) = drafts(Backup.open([page.folder / "2026-04-01.json"]))
    assert draft.links == ("https://milbrook.example/levy?a=1",)


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
