from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from conftest import bring_in
from facebook_export import (
    CITY,
    COMMENTS,
    EDITS,
    FOLLOWERS,
    INBOX,
    POSTS,
    TRASH,
    conversation,
    export,
    message,
    post,
    trashed,
    wording,
)
from ingest.accession import Declaration
from ingest.report import findings

T = 1772000000
MARCH, APRIL, MAY = "2026-03-01", "2026-04-01", "2026-05-01"
IN_MARCH = 1773000000
WINDOW = ("2026-03-01T23:59:59.999Z", "2026-04-01T23:59:59.999Z")


def stored(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Page:
    """The city's Page, and exports of it."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive = archive
        self.folder = folder
        accounts.add(archive, "fb-city", platform="facebook", department="Clerk", handle="cityofmilbrook")

    def bring(self, day: str, files: dict[str, Any], **declared: Any) -> dict[str, int]:
        number = len(list(self.folder.iterdir()))
        path = self.folder / f"facebook-cityofmilbrook-{day}-code{number}.zip"
        return bring_in(
            self.archive,
            export(path, {**CITY, **files, "start_here.html": day.encode()}),
            "fb-city",
            Declaration(**declared),
        )

    def findings(self) -> list[tuple[str, str | None, str | None, str]]:
        return [(one["kind"], one["after_at"], one["by_at"], one["cause"]) for one in findings(self.archive)]

    def states(self) -> list[tuple[str, str]]:
        return self.archive.connection.execute(
            "SELECT coalesce(c.text, c.author_name), r.state FROM record r JOIN content c ON c.id = r.version"
            " ORDER BY r.id"
        ).fetchall()

    def versions(self) -> list[tuple[int, str]]:
        return self.archive.connection.execute(
            "SELECT v.record, c.text FROM version v JOIN content c ON c.id = v.id ORDER BY v.id"
        ).fetchall()


@pytest.fixture
def page(archive: Archive, tmp_path: Path) -> Iterator[Page]:
    (tmp_path / "exports").mkdir()
    made = Page(archive, tmp_path / "exports")
    yield made
    assert list(verify(archive, deep=True)) == []


def brief(counts: dict[str, int]) -> tuple[int, ...]:
    return tuple(counts[key] for key in ("items", "added", "held", "edited", "quarantined", "missing"))


def names(*people: str) -> dict[str, Any]:
    return {"followers_v3": [{"name": name} for name in people]}


def test_two_exports_tell_an_edit_a_removal_and_a_follower_who_left_and_nothing_else(page: Page) -> None:
    first = [post(T + 3, "The pool opens Monday"), post(T + 2, "Closed on Friday"), post(T + 1, "Fête on the green")]
    page.bring(MARCH, {POSTS: first, FOLLOWERS: names("Grace Lor", "Tou Vang", "Grace Lor", "José Núñez")})
    second = [post(T + 3, "The pool opens Tuesday"), first[2]]
    history = [wording(IN_MARCH, "The pool opens Tuesday", "7"), wording(T + 3, "The pool opens Monday", "7")]
    counts = page.bring(
        APRIL,
        {
            POSTS: second,
            EDITS: history,
            TRASH: {"label_values": trashed(IN_MARCH + 5, "Closed on Friday"), "fbid": "9"},
            FOLLOWERS: names("Grace Lor", "Tou Vang", "José Núñez"),
        },
        complete=True,
    )
    assert brief(counts) == (7, 0, 5, 2, 0, 1)
    edited, removed = stored(IN_MARCH), stored(IN_MARCH + 5)
    assert sorted(page.findings()) == sorted(
        [
            ("removed", removed, removed, "city"),
            ("edited", edited, edited, "city"),
            ("missing", *WINDOW, "unknown"),
        ]
    )
    assert page.states() == [
        ("The pool opens Tuesday", "edited"),
        ("Closed on Friday", "deleted"),
        ("Fête on the green", "present"),
        ("Grace Lor", "present"),
        ("Tou Vang", "present"),
        ("Grace Lor", "deleted"),
        ("José Núñez", "present"),
    ]


def test_an_export_that_tells_the_same_again_adds_and_finds_nothing(page: Page) -> None:
    history = [wording(T + 9, "The pool opens Tuesday", "7"), wording(T + 3, "The pool opens Monday", "7")]
    files = {
        POSTS: [post(T + 3, "The pool opens Tuesday"), post(T + 3, "Nine posts"), post(T + 3, "in one second")],
        EDITS: history,
        TRASH: {"label_values": trashed(T + 5, "Closed on Friday")},
        FOLLOWERS: names("Grace Lor", "Grace Lor"),
        f"{INBOX}/tou_1/message_1.json": conversation("tou_1", message(T * 1000, "Hello")),
    }
    page.bring(MARCH, files)
    before = page.findings()
    assert brief(page.bring(APRIL, files, complete=True)) == (8, 0, 8, 0, 0, 0)
    assert page.findings() == before


def test_a_post_stays_in_the_trash_from_one_export_to_the_next(page: Page) -> None:
    page.bring(MARCH, {POSTS: [post(T, "Closed on Friday")]})
    trash = {TRASH: {"label_values": trashed(IN_MARCH, "Closed on Friday")}}
    page.bring(APRIL, trash)
    assert brief(page.bring(MAY, trash, complete=True)) == (1, 0, 1, 0, 0, 0)
    assert page.states() == [("Closed on Friday", "deleted")]


def test_a_post_that_was_edited_and_then_removed_keeps_its_versions(page: Page) -> None:
    history = [wording(T + 9, "Closed on Friday", "7"), wording(T, "Closed on Thursday", "7")]
    page.bring(MARCH, {POSTS: [post(T, "Closed on Thursday")]})
    trash = {"label_values": trashed(IN_MARCH, "Closed on Friday")}
    page.bring(APRIL, {EDITS: [wording(T + 1, "Of another post", "8")], POSTS: [post(T, "Closed on Friday")]})
    counts = page.bring(MAY, {EDITS: history, TRASH: trash})
    assert counts["items"] == counts["added"] + counts["held"] + counts["edited"]
    assert [text for record, text in page.versions() if record == 1] == [
        "Closed on Thursday",
        "Closed on Friday",
        "Closed on Friday",
    ]


def test_another_language_of_the_interface_edits_nothing(page: Page) -> None:
    def files(sentence: str, label: str, reaction: str) -> dict[str, Any]:
        reacted = {"timestamp": T, "label_values": [{"label": label, "value": reaction}], "fbid": "5"}
        return {
            POSTS: [post(T, "Snow", title=sentence)],
            COMMENTS: {
                "comments_v2": [
                    {
                        "timestamp": T,
                        "data": [{"comment": {"timestamp": T, "comment": "Yes", "author": "City of Milbrook"}}],
                        "title": sentence,
                    }
                ]
            },
            COMMENTS.replace("comments.json", "likes_and_reactions.json"): [reacted],
        }

    page.bring(MARCH, files("City of Milbrook added a photo.", "Reaction", "Love"))
    counts = page.bring(APRIL, files("City of Milbrook ha añadido una foto.", "Reacción", "Me encanta"), complete=True)
    assert brief(counts) == (3, 0, 3, 0, 0, 0)
    assert page.findings() == []


def test_a_new_name_of_the_page_or_of_somebody_in_a_conversation_edits_nothing(page: Page) -> None:
    one = conversation("tou_1", message(T * 1000, "Hello"), message(T * 1000 - 5, "Good day", "City of Milbrook"))
    page.bring(MARCH, {POSTS: [post(T, "Snow")], f"{INBOX}/tou_1/message_1.json": one})
    other = conversation(
        "tou_1",
        message(T * 1000, "Hello", "Facebook user"),
        message(T * 1000 - 5, "Good day", "Milbrook, Wisconsin"),
        people=("Facebook user", "Ewa Nowak"),
    )
    dashboard = {"prodash_activity": [{"page_name": "Milbrook, Wisconsin"}]}
    files = {POSTS: [post(T, "Snow")], f"{INBOX}/tou_1/message_1.json": other, next(iter(CITY)): dashboard}
    assert brief(page.bring(APRIL, files, complete=True)) == (3, 0, 3, 0, 0, 0)


def test_an_edit_is_told_from_its_neighbours_of_the_same_second_by_its_history(page: Page) -> None:
    page.bring(MARCH, {POSTS: [post(T, "Polls open at 8"), post(T, "Polls close at 8"), post(T, "Vote")]})
    history = [wording(IN_MARCH, "Polls open at 7", "7"), wording(T, "Polls open at 8", "7")]
    second = [post(T, "Polls open at 7"), post(T, "Polls close at 8"), post(T, "Please vote")]
    counts = page.bring(APRIL, {POSTS: second, EDITS: history}, complete=True)
    assert brief(counts) == (4, 0, 2, 2, 0, 0)
    assert {kind for kind, *_ in page.findings()} == {"edited"}


def test_a_message_that_was_unsent_is_removed_and_its_words_are_kept(page: Page) -> None:
    file = f"{INBOX}/tou_1/message_1.json"
    page.bring(MARCH, {file: conversation("tou_1", message(T * 1000, "Never mind"))})
    gone = {"sender_name": "Tou Vang", "timestamp_ms": T * 1000, "is_unsent": True}
    assert page.bring(APRIL, {file: conversation("tou_1", gone)})["edited"] == 1
    assert page.findings() == [("removed", *WINDOW, "author")]
    assert page.versions() == [(1, "Never mind"), (1, None)]


def test_an_export_without_the_list_makes_no_follower_missing(page: Page) -> None:
    page.bring(MARCH, {POSTS: [post(T, "Snow")], FOLLOWERS: names("Grace Lor")})
    assert page.bring(APRIL, {POSTS: [post(T, "Snow")]}, complete=True)["missing"] == 0
    assert page.bring(MAY, {POSTS: [post(T, "Snow")], FOLLOWERS: names()}, complete=True)["missing"] == 1


def test_a_picture_that_a_later_export_does_not_hold_makes_no_edit(page: Page) -> None:
    shown = post(T, "Snow", "posts/media/a/1_n.png")
    page.bring(MARCH, {POSTS: [shown], "posts/media/a/1_n.png": b"\x89PNG not really"})
    assert brief(page.bring(APRIL, {POSTS: [shown]}, complete=True)) == (1, 0, 1, 0, 0, 0)


def test_a_time_of_change_before_an_export_that_shows_the_old_words_dates_no_edit(page: Page) -> None:
    touched = {"update_timestamp": T + 60}
    page.bring(MARCH, {POSTS: [{"timestamp": T, "data": [{"post": "Snow"}, touched]}]})
    page.bring(APRIL, {POSTS: [{"timestamp": T, "data": [{"post": "Much snow"}, touched]}]})
    assert page.findings() == [("edited", *WINDOW, "unknown")]


def test_a_picture_learned_from_the_trash_is_that_of_the_held_post(page: Page) -> None:
    uri = "posts/media/a/1_n.png"
    page.bring(MARCH, {POSTS: [post(T, "Snow", uri)], uri: b"\x89PNG not really"})
    values = [*trashed(IN_MARCH, "Snow"), {"label": "Media", "media": [{"uri": uri}]}]
    page.bring(APRIL, {TRASH: {"label_values": values}})
    shown = page.archive.connection.execute("SELECT DISTINCT sha256 FROM attachment").fetchall()
    assert len(shown) == 1
    assert page.states() == [("Snow", "deleted")]
