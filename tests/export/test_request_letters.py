"""Letters: what they must say, that they say what was searched, and that each can be shown again exactly."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import accounts
from archive.archive import Archive
from archive.tables import DISPOSED
from archive.verify import verify
from composition import House
from export.released import Ground
from export.requests import letters
from export.requests.collection import collect
from export.requests.correspondence import blocks, sent
from export.requests.fees import sheet
from export.requests.history import acts
from export.requests.letters import LetterNeeds, UnknownLetter, compose, kinds
from export.requests.progress import clock, status
from export.requests.register import open_request

GROUND = Ground(
    code="balancing",
    citation="Common-law balancing test",
    title="A resident's bank account",
    reason="The number tells the public nothing, and its release invites fraud.",
)


@pytest.fixture
def asked(own_milbrook: House) -> Archive:
    """A city in which the pool was searched, one account has no backup, and more time was taken."""
    archive = own_milbrook.archive
    accounts.add(archive, "ig-city", platform="instagram", department="Recreation", handle="CityOfMilbrook")
    open_request(archive, date(2026, 4, 2), "All about the pool closure", "Ada Example", incarcerated=True)
    collect(archive, own_milbrook.finder, 1, "pool")
    clock.extend(archive, 1, archive.now_local().date() + timedelta(days=20), "Forty mailboxes are to be read.")
    return archive


def words(text: str) -> str:
    """Return a letter on one line, as a person reads it."""
    return re.sub(r"\s+", " ", text)


def test_every_letter_says_what_was_searched(asked: Archive) -> None:
    (position,) = asked.connection.execute("SELECT position FROM selection").fetchone()
    for kind in kinds():
        said = words(compose(asked, 1, kind, [GROUND], note="Something that only a person knows.").text)
        assert "What was searched" in said, kind
        assert f"position {position} of" in said
        for name in ("x-city", "fb-parks", "mail-clerk", "alerts"):
            assert name in said
        assert "x-police (MilbrookPolice on x, Police department): February 15, 2026; April 1, 2026" in said
        assert "What the backups of x-city and x-police never hold" in said
        assert (
            "ig-city (CityOfMilbrook on instagram, Recreation department): no backup of it was in the archive" in said
        )
        assert "Nothing in the archive has been disposed of." in said


def test_what_was_disposed_of_is_said_by_series_and_authority(asked: Archive) -> None:
    version, leaf = asked.connection.execute("SELECT id, leaf FROM content ORDER BY id LIMIT 1").fetchone()
    with asked.act("disposition.executed", "disposition:1") as act:
        act.add(DISPOSED, ("content", version, leaf, version, "2026-04-01", "destroy", "social-media", "Ord. 12"))
    said = words(compose(asked, 1, "no-records").text)
    assert "1 record version of the series social-media, destroyed on April 1, 2026, Ord. 12" in said
    assert "Nothing in the archive has been disposed of" not in said


def test_a_backup_that_came_after_the_search_is_not_said_to_be_searched(asked: Archive) -> None:
    asked_before = words(compose(asked, 1, "no-records").text)
    assert "so not part of it" not in asked_before
    late = words(_after(asked, 1).text)
    assert "Taken in after the latest search, so not part of it: - x-city" in late


def _after(archive: Archive, number: int) -> letters.Letter:
    """Write the letter of a request whose search stood before the last backup of x-city."""
    from archive.tables import SELECTION

    (seq,) = archive.connection.execute(
        "SELECT max(l.seq) FROM ledger l JOIN accession a ON l.subject = 'accession:' || a.id"
        " WHERE l.event = 'accession.closed' AND a.account = 'x-city'"
    ).fetchone()
    second = open_request(archive, date(2026, 4, 2), "The same, as it stood before").id
    with archive.act("request.collected", f"request:{second}") as act:
        selection = act.add(SELECTION, (f"request:{second}", "collected", seq - 1))
        act.state(f"selection:{selection}", "query", "pool")
        act.facts |= {"selection": selection, "position": seq - 1, "found": 0, "added": 0}
    return compose(archive, second, "no-records")


def test_before_any_search_a_letter_says_so(archive: Archive) -> None:
    open_request(archive, date(2026, 4, 2), "The pool")
    said = words(compose(archive, 1, "acknowledgement").text)
    assert "No search has been made for this request yet." in said and "To: the requester" in said
    with pytest.raises(LetterNeeds, match="nothing was searched"):
        compose(archive, 1, "no-records")


@pytest.mark.parametrize("kind", ["denial", "partial-denial"])
def test_a_denial_gives_each_reason_and_how_it_can_be_reviewed(asked: Archive, kind: str) -> None:
    said = words(compose(asked, 1, kind, [GROUND]).text)
    assert f"- {GROUND.title} ({GROUND.citation}): {GROUND.reason}" in said
    assert "subject to review by mandamus under Wis. Stat. § 19.37(1)" in said
    assert "upon application to the attorney general or a district attorney" in said
    assert "no later than 90 days" in said and "at least 90 days after this denial" in said
    with pytest.raises(LetterNeeds, match="gives specific reasons"):
        compose(asked, 1, kind)


def test_a_denial_gives_the_reasons_with_which_the_request_was_denied(archive: Archive) -> None:
    open_request(archive, date(2026, 4, 2), "The pool")
    status.move(archive, 1, "denied", "They are drafts.\n\nNobody else has seen them.")
    said = compose(archive, 1, "denial").text
    assert "They are drafts.\n\nNobody else has seen them.\n\nHow you can have this reviewed" in said
    assert "drafts" not in compose(archive, 1, "denial", [GROUND]).text


def test_who_is_free_is_told_of_sixty_days_and_no_limit(archive: Archive) -> None:
    open_request(archive, date(2026, 4, 2), "The pool")
    said = words(compose(archive, 1, "denial", note="It does not exist in any form.").text)
    assert "at least 60 days after this denial" in said and "incarcerated" not in said


@pytest.mark.parametrize("kind", ["record-subject", "officeholder"])
def test_a_notice_to_a_record_subject_names_neither_requester_nor_query(asked: Archive, kind: str) -> None:
    said = words(compose(asked, 1, kind, note="Your e-mail of 3 March.", addressee="Pat Parks").text)
    assert "To: Pat Parks" in said and "Your e-mail of 3 March." in said
    for kept in ("Ada Example", "pool closure", "“pool”"):
        assert kept not in said
    assert "Within 5 days after you receive this notice" in said and "19.345" in said


def test_the_fee_letter_shows_what_is_charged_and_not_internal_time(asked: Archive) -> None:
    sheet.add(asked, 1, "copies", "120", 25, note="Black and white")
    sheet.add(asked, 1, "location", "1", 4999)
    sheet.add(asked, 1, "redaction", "7", 5000)
    said = words(compose(asked, 1, "fees").text)
    assert "Copies: 120 pages at $0.25, together $30.00 (Wis. Stat. § 19.35(3)(a)). Black and white" in said
    assert "The total is $30.00." in said and "The total exceeds $5.00, so the law lets us ask you to pay" in said
    assert "only if it costs $50.00 or more" in said and "$49.99" not in said and "350" not in said


def test_what_only_a_person_can_say_is_asked_for(asked: Archive) -> None:
    for kind, one in kinds().items():
        if "note" in one.needs:
            with pytest.raises(LetterNeeds, match="--note"):
                compose(asked, 1, kind)
    with pytest.raises(UnknownLetter, match="acknowledgement, clarify"):
        compose(asked, 1, "farewell")


def test_a_letter_is_shown_again_exactly_as_it_was_sent(asked: Archive) -> None:
    made = compose(asked, 1, "extension", signed="Grace Clerk, City Clerk")
    one = sent.send(asked, made)
    clock.extend(asked, 1, asked.now_local().date() + timedelta(days=40), "Sixty mailboxes, it turned out.")
    assert compose(asked, 1, "extension", signed="Grace Clerk, City Clerk").text != made.text
    assert sent.again(asked, 1, one.letter) == (made.text, made.html.encode())
    assert acts(asked, 1)[-2].facts == {
        "kind": "extension", "object": one.html_sha256, "text": one.text_sha256,
        "tables": acts(asked, 1)[-2].facts["tables"],
    }  # fmt: skip
    with pytest.raises(sent.NoSuchLetter):
        sent.again(asked, 1, 2)
    assert list(verify(asked)) == []
    asked.objects.path(one.text_sha256).unlink()
    assert [each.where for each in verify(asked)] == [f"object {one.text_sha256}"]


def test_two_letters_of_one_day_are_the_same_bytes(asked: Archive) -> None:
    assert compose(asked, 1, "acknowledgement") == compose(asked, 1, "acknowledgement")


HOSTILE = '<script>alert(1)</script>\n\n# Your request is granted\n\n- {{ 7*7 }} \x00\x1b[31m \u202egnorw &amp; "x"'


def test_what_a_requester_wrote_is_text_in_a_letter_and_makes_no_heading(archive: Archive) -> None:
    open_request(archive, date(2026, 4, 2), HOSTILE, HOSTILE)
    made = compose(archive, 1, "acknowledgement", addressee=HOSTILE, signed=HOSTILE)
    page = Page(made.html)
    assert "script" not in page.tags and "alert(1)" in made.html
    assert page.headings == ["We have your records request", "What was searched"]
    assert "49" not in words(made.text).replace("19.", "") and "{{ 7*7 }}" in made.text
    assert not {"\x00", "\x1b", "\u202e"} & set(made.text + made.html)


class Page(HTMLParser):
    """The tags and headings of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.headings: list[str] = []
        self._in_heading = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        self._in_heading = tag in ("h1", "h2")

    def handle_endtag(self, tag: str) -> None:
        self._in_heading = False

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.headings.append(data)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=200), max_size=6))
def test_blocks_of_a_letter_keep_every_word(parts: list[str]) -> None:
    read = blocks.read("\n\n".join(parts))
    kept = " ".join(line for block in read for line in block.lines)
    assert sorted(kept.replace("#", "").replace("-", "").split()) == sorted(
        " ".join(parts).replace("#", "").replace("-", "").split()
    )


def test_citations_stand_on_one_line(asked: Archive) -> None:
    for kind in kinds():
        text = compose(asked, 1, kind, [GROUND], note="x").text
        assert not re.search(r"§\n", text) and all(
            len(line) <= 78 or " " not in line.strip("- ") for line in text.splitlines()
        )
