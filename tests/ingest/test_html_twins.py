from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import html_export as html
from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from conftest import bring_in
from drafts import told
from facebook_export import ACTIVITY, CITY, INBOX, POSTS, conversation, export, message, post
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft, Gap
from ingest.platforms.facebook_html import FacebookHtmlIngestor
from ingest.platforms.instagram_html import InstagramHtmlIngestor
from ingest.registry import AmbiguousFormat, identify

DATA = Path(__file__).parents[1] / "data"
FIXTURES = ("facebook_html/page_2026", "facebook_html/page_2021", "instagram_html/pt_2026")
T = 1772000000  # 2026-02-25 06:13:20 UTC: 12:13:20 am in Milbrook
FACEBOOK, INSTAGRAM = FacebookHtmlIngestor(), InstagramHtmlIngestor()
PAGES = f"{ACTIVITY}/posts/profile_posts_1.html"
TALK = f"{INBOX}/tou_1/message_1.html"


@pytest.mark.parametrize("fixture", FIXTURES)
def test_every_page_reads_as_its_golden_file_says(fixture: str) -> None:
    backup = Backup.open([DATA / fixture])
    reader = identify(backup)
    assert reader.name == fixture.partition("/")[0].replace("_", "-")
    check_golden(DATA / f"{fixture}.golden.json", told(reader, backup))


PRIVATE = ("198.51.100", "203.0.113", "44.123456", "private@milbrook", "nobodys_business", "1974")


@pytest.mark.parametrize("fixture", FIXTURES)
def test_private_pages_and_positions_are_in_no_field_but_the_native_bytes(fixture: str) -> None:
    backup = Backup.open([DATA / fixture])
    everything = json.dumps(told(identify(backup), backup), ensure_ascii=False)
    assert [secret for secret in PRIVATE if secret in re.sub(r'"native": \d+', "", everything)] == []


def test_a_block_keeps_its_own_bytes_and_no_others() -> None:
    backup = Backup.open([DATA / FIXTURES[0]])
    first = next(one for one in FACEBOOK.read(backup) if isinstance(one, Draft))
    assert first.native.count(b"_a6-i") == 1
    assert b"Flood on Mill Road" in first.native
    assert b"bridge" not in first.native


def test_a_page_of_unknown_classes_is_cut_by_its_structure(tmp_path: Path) -> None:
    page = html.page("Your posts", *(html.post("Said.", f"Words {n}", f"Feb 2{n}, 2026 6:13 pm") for n in range(3)))
    changed = page.replace(b"uiBoxWhite", b"x9y").replace(b"pam _3-95 _2ph- _a6-g", b"q1 z2")
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "your_posts_1.html").write_bytes(changed)
    found = [one for one in FACEBOOK.read(Backup.open([tmp_path])) if isinstance(one, Draft)]
    assert [one.text for one in found] == ["Words 0", "Words 1", "Words 2"]


def test_a_page_that_breaks_off_gives_what_is_there(tmp_path: Path) -> None:
    page = html.page("Your posts", *(html.post("Said.", f"Words {n}", f"Feb 2{n}, 2026 6:13 pm") for n in range(3)))
    backup = Backup.open([export(tmp_path / "a.zip", {PAGES: page[: page.index(b"Words 2") + 3]})])
    found = [one for one in FACEBOOK.read(backup) if isinstance(one, Draft)]
    assert [one.text for one in found][:2] == ["Words 0", "Words 1"]


def test_pages_beside_json_are_told_and_the_json_is_read(tmp_path: Path) -> None:
    files = {
        **CITY,
        POSTS: [post(T, "Snow")],
        PAGES: html.page("Your posts", html.post("Said.", "Snow", "Feb 25, 2026 12:13 am")),
        f"{ACTIVITY}/comments_and_reactions/comments.html": html.page("Comments"),
    }
    backup = Backup.open([export(tmp_path / "a.zip", files)])
    assert FACEBOOK.identify(backup) == Confidence.NONE
    found = list(identify(backup).read(backup))
    assert [one.text for one in found if isinstance(one, Draft)] == ["Snow"]
    alone, twin = (one.reason for one in found if isinstance(one, Defect))
    assert "--format facebook-html" in alone
    assert "the twin of what was read as JSON" in twin


def test_a_conversation_in_html_by_itself_is_either_and_the_account_decides(tmp_path: Path) -> None:
    talk = html.page("Tou Vang", html.message("Tou Vang", "Hi", "Feb 25, 2026 12:13 am"))
    backup = Backup.open([export(tmp_path / "a.zip", {"messages/inbox/tou_1/message_1.html": talk})])
    with pytest.raises(AmbiguousFormat):
        identify(backup)
    assert identify(backup, "instagram").name == "instagram-html"
    mine = Backup.open(
        [export(tmp_path / "b.zip", {"your_instagram_activity/messages/inbox/tou_1/message_1.html": talk})]
    )
    assert identify(mine, "facebook").name == "instagram-html"


def test_a_resident_whose_name_is_part_of_the_citys_is_not_the_city(tmp_path: Path) -> None:
    date = "Feb 25, 2026 12:13 am"
    talks = {
        TALK: html.page("City", html.message("City", "It is I, a resident", date), by="City of Milbrook"),
        f"{INBOX}/tou_2/message_1.html": html.page(
            "Tou Vang", html.message("City of Milbrook", "Yes", date), html.message("Tou Vang", "?", date),
            by="City of Milbrook",
        ),
    }  # fmt: skip
    backup = Backup.open([export(tmp_path / "facebook-milbrook-2026-03-01-a.zip", talks)])
    found = {one.text: one.author.is_account for one in FACEBOOK.read(backup) if isinstance(one, Draft)}
    assert found == {"It is I, a resident": False, "Yes": True, "?": False}


@pytest.mark.parametrize("junk", ["<div>" * 100_000, "<b>" * 100_000, "<table><tr><td>" * 20_000, "\0<br/>&#0;" * 1000])
def test_markup_without_end_costs_its_block(tmp_path: Path, junk: str) -> None:
    words = html.post("Said.", "Words", "Feb 25, 2026 12:13 am")
    page = html.page("Posts", words, html.post("Said.", "HERE", "Feb 25, 2026 12:13 am").replace("HERE", junk), words)
    backup = Backup.open([export(tmp_path / "a.zip", {PAGES: page})])
    found = [one for one in FACEBOOK.read(backup) if isinstance(one, Draft | Defect)]
    assert next(one.text for one in found if isinstance(one, Draft)) == "Words"
    assert any(isinstance(one, Defect) and "nested deeper" in one.reason for one in found) or len(found) == 4


SAID = {"Snow emergency.\nMove your car": T, "The pool opens": T + 100_020, "Twins": T + 200_000}
CLOCKS = {T: "Feb 25, 2026 12:13 am", T + 100_020: "Feb 26, 2026 4:00 am", T + 200_000: "Feb 27, 2026 7:46 am"}


def as_json(words: dict[str, int]) -> dict[str, object]:
    talk = conversation(
        "tou_1", message((T + 300) * 1000 + 7, "When?"), message((T + 360) * 1000, "Now", "City of Milbrook")
    )
    return {**CITY, POSTS: [post(at, said) for said, at in words.items()], f"{INBOX}/tou_1/message_1.json": talk}


def as_html(words: dict[str, int], **head: str) -> dict[str, object]:
    head = {"by": "City of Milbrook", **head}
    talk = [
        html.message("City of Milbrook", "Now", "Feb 25, 2026 12:19 am"),
        html.message("Tou Vang", "When?", "Feb 25, 2026 12:18 am"),
    ]
    return {
        PAGES: html.page("Posts", *(html.post("Said.", said, CLOCKS[at]) for said, at in words.items()), **head),
        TALK: html.page("Tou Vang", *talk, **head),
    }


class Twins:
    """An account whose export comes in both forms."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive, self.folder = archive, folder
        accounts.add(archive, "fb-city", platform="facebook", department="Clerk", handle="cityofmilbrook")

    def bring(self, day: str, files: Mapping[str, object]) -> dict[str, int]:
        number = len(list(self.folder.iterdir()))
        path = self.folder / f"facebook-cityofmilbrook-{day}-{number}.zip"
        return bring_in(self.archive, export(path, {**files, "files/x.txt": str(number).encode()}), "fb-city")

    def standing(self) -> list[tuple[str, str]]:
        rows = self.archive.connection.execute(
            "SELECT c.text, c.created_precision FROM record r JOIN content c ON c.id = r.version ORDER BY r.created_at"
        )
        return [(text.replace("\n", " "), precision) for text, precision in rows]


@pytest.fixture
def twins(archive: Archive, tmp_path: Path) -> Twins:
    (tmp_path / "backups").mkdir()
    return Twins(archive, tmp_path / "backups")


EXACT = [
    ("Snow emergency. Move your car", "second"), ("When?", "millisecond"), ("Now", "millisecond"),
    ("The pool opens", "second"), ("Twins", "second"),
]  # fmt: skip


@pytest.mark.parametrize("json_first", [True, False])
def test_both_twins_of_an_export_are_one_record_each_and_the_json_stands(twins: Twins, json_first: bool) -> None:
    forms = [as_json(SAID), as_html(SAID)]
    first, second = (twins.bring("2026-03-01", one) for one in (forms if json_first else reversed(forms)))
    assert first["added"] == 5
    assert (second["added"], second["counterparts"], second["edited"]) == (0, 5, 0)
    assert twins.standing() == EXACT
    assert list(verify(twins.archive, deep=True)) == []


def test_both_twins_again_add_nothing(twins: Twins) -> None:
    for day in ("2026-03-01", "2026-04-01", "2026-05-01"):
        for form in (as_json(SAID), as_html(SAID)):
            last = twins.bring(day, form)
    assert (last["added"], last["edited"], last["counterparts"]) == (0, 0, 0)
    assert twins.archive.connection.execute("SELECT count(*) FROM version").fetchone() == (10,)
    assert twins.standing() == EXACT


def test_an_edit_that_both_twins_show_is_found_once(twins: Twins) -> None:
    for day, words in (("2026-03-01", SAID), ("2026-04-01", LATER)):
        for form in (as_json(words), as_html(words)):
            twins.bring(day, form)
    found = twins.archive.connection.execute("SELECT kind FROM finding WHERE kind <> 'counterpart'").fetchall()
    assert found == [("edited",)]
    assert ("The pool opens at noon", "second") in twins.standing()


def made(day: str) -> dict[str, str]:
    """Return the heading of a page made at noon (UTC) of a day."""
    local = datetime.fromisoformat(f"{day}T12:00Z").astimezone(ZoneInfo("America/Chicago"))
    return {"made": f"{day}T12:00Z", "shown": f"{local:%A, %B %d, %Y at %I:%M %p} UTC"}


LATER = {("The pool opens at noon" if said == "The pool opens" else said): at for said, at in SAID.items()}


def test_an_hour_of_summer_time_does_not_part_the_twins(twins: Twins) -> None:
    twins.bring("2026-03-01", as_json(SAID))
    assert twins.bring("2026-07-01", as_html(SAID, **made("2026-07-01")))["counterparts"] == 5
    assert len(twins.standing()) == 5


def test_an_hour_of_summer_time_does_not_part_two_exports_in_html(twins: Twins) -> None:
    assert twins.bring("2026-03-01", as_html(SAID))["added"] == 5
    again = twins.bring("2026-07-01", as_html(SAID, **made("2026-07-01")))
    assert (again["added"], again["held"], again["missing"]) == (0, 5, 0)
    edited = twins.bring("2026-12-01", as_html(LATER, **made("2026-12-01")))
    assert (edited["added"], edited["held"], edited["edited"]) == (0, 4, 1)
    assert list(verify(twins.archive, deep=True)) == []


@pytest.mark.parametrize("json_first", [True, False])
@pytest.mark.parametrize("month", ["2026-03", "2026-07"])
def test_an_edit_from_one_twin_to_the_other_is_an_edit(twins: Twins, json_first: bool, month: str) -> None:
    days = [f"{month}-{number:02}" for number in (1, 3, 5)]
    forms = [as_json(SAID), as_html(LATER, **made(days[1]))]
    if not json_first:
        forms = [as_html(SAID, **made(days[0])), as_json(LATER)]
    _, edited, last = (twins.bring(day, form) for day, form in zip(days, [*forms, as_json(LATER)], strict=True))
    assert (edited["added"], edited["counterparts"], edited["edited"]) == (0, 4, 1)
    assert (last["added"], last["edited"]) == (0, 0)
    assert ("The pool opens at noon", "second") in twins.standing()
    assert len(twins.standing()) == 5


def test_of_two_posts_in_one_minute_neither_is_taken_for_the_other_reworded(twins: Twins) -> None:
    twins.bring("2026-03-01", as_json({"Twins": T, "Pair": T + 10}))
    both = [html.post("Said.", said, CLOCKS[T]) for said in ("Twins", "Couple")]
    assert twins.bring("2026-03-02", {PAGES: html.page("Posts", *both)})["edited"] == 1
    twins.bring("2026-03-01", as_json({"One": T + 200_000, "Two": T + 200_010}))
    changed = [html.post("Said.", said, CLOCKS[T + 200_000]) for said in ("Three", "Four")]
    unsure = twins.bring("2026-03-02", {PAGES: html.page("Posts", *changed)})
    assert (unsure["edited"], unsure["added"]) == (0, 2)


def test_what_one_twin_shows_in_the_trash_and_the_other_again_is_back(twins: Twins) -> None:
    message = {"label": "Message", "value": "The pool opens"}
    trash = {"media": [], "label_values": [{"label": "URL", "value": "https://f.example/1"}, message], "fbid": "1"}
    kept = {said: at for said, at in SAID.items() if said != "The pool opens"}
    twins.bring("2026-03-01", as_html(SAID))
    twins.bring("2026-03-02", {**as_json(kept), f"{ACTIVITY}/posts/trash.json": trash})
    twins.bring("2026-03-03", as_html(SAID, **made("2026-03-03")))
    again = [
        twins.bring("2026-03-04", form) for form in (as_html(SAID, **made("2026-03-04")), as_json(SAID), as_json(SAID))
    ]
    found = twins.archive.connection.execute("SELECT kind FROM finding WHERE kind <> 'counterpart'").fetchall()
    assert found == [("removed",), ("shown",)]
    assert [(one["added"], one["missing"]) for one in again] == [(0, 0)] * 3
    assert twins.archive.connection.execute("SELECT 1 FROM record WHERE state = 'deleted'").fetchone() is None


def test_a_post_among_the_deleted_of_one_twin_is_the_post_of_the_other(archive: Archive, tmp_path: Path) -> None:
    accounts.add(archive, "ig-city", platform="instagram", department="Clerk", handle="cityofmilbrook")
    shown = {"media": [{"uri": "media/posts/1.jpg", "creation_timestamp": T, "title": "Snow"}]}
    deleted = html.page("Recently deleted", html.caption("Snow", CLOCKS[T], ["media/posts/1.jpg"]))
    for day, files in (
        ("01", {"content/posts_1.json": [shown]}),
        ("02", {"content/recently_deleted_content.html": deleted}),
    ):
        bring_in(archive, export(tmp_path / f"instagram-cityofmilbrook-2026-03-{day}-a.zip", files), "ig-city")
    found = archive.connection.execute("SELECT record, kind, cause FROM finding").fetchall()
    assert found == [(1, "removed", "city")]


def test_a_page_without_a_clock_says_so_and_is_matched_by_its_words(twins: Twins) -> None:
    twins.bring("2026-03-01", as_json(SAID))
    second = twins.bring("2026-03-01", as_html(SAID, made=""))
    assert (second["added"], second["counterparts"]) == (0, 5)
    assert second["remarks"] == 1


def test_the_same_words_in_the_next_minute_are_another_record(twins: Twins) -> None:
    twins.bring("2026-03-01", as_json({"Twins": T + 200_000}))
    late = {PAGES: html.page("Posts", html.post("Said.", "Twins", "Feb 27, 2026 7:48 am"), by="City of Milbrook")}
    assert twins.bring("2026-03-01", late)["added"] == 1


@given(st.binary(max_size=300), st.sampled_from([PAGES, TALK, "content/posts_1.html", "comments/post_comments_1.html"]))
def test_no_page_makes_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, junk: bytes, name: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any page.zip"
    page = html.page("Posts", html.post("Said.", "Words", "Feb 25, 2026 12:13 am"))
    export(path, {name: page.replace(b"Words", junk)})
    backup = Backup.open([path])
    for reader in (FACEBOOK, INSTAGRAM):
        reader.identify(backup)
        reader.coverage(backup)
        assert all(isinstance(one, Draft | Defect | Gap) for one in reader.read(backup))
