"""A release proves itself: every record is what the archive took in, and nothing that stays in can be guessed."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from archive import ledger, users, version_digest
from archive.archive import Actor, Archive
from archive.records import Content
from browsing import IN_A_BROWSER, seen_in, violations
from desk import Desk
from export.bundle.build import build
from export.production import act
from export.production import stage as staging
from export.production.blackout import Blackout
from export.production.opened import Opened
from export.production.resting import resting
from export.production.stage import again, produce, stage
from export.requests import register
from export.requests.collecting import by_hand
from export.review import approval, decisions, proposals, redactions
from export.review.exemptions import listed
from export.review.redactions import Mark, Redaction
from productions import record
from proof_oracle import Oracle
from viewer_sample import PICTURE

SECRET = "7351"
LONG = "The pool is closed until further notice, and we are sorry for that. " * 3
ITEMS: tuple[dict[str, Any], ...] = (
    {
        "id": "1", "at": "2026-02-01T10:00:00", "city": True, "by": "City of Milbrook",
        "text": "The pool is closed. `${x}` \\ </script> 🏊 \u2028 游泳池",
        "links": ["https://milbrook.example/?a=1&b=" + "x" * 80], "tags": ["pool"],
        "files": {"gate.png": PICTURE.decode("latin-1"), "lost.png": None},
        "alts": {"gate.png": "A gate"},
    },
    {
        "id": "2", "at": "2026-02-01T11:00:00", "by": "Grace Lor", "kind": "comment",
        "text": f"My code is {SECRET}, thanks.",
    },
    {"id": "3", "at": "2026-02-01T12:00:00", "by": "Pat Vang",
     "text": f"{LONG}My code is {SECRET}, he said. {LONG}Thanks to all who waited."},
    {
        "id": "4", "at": "2026-02-02T12:00:00", "kind": "email", "title": "Snow", "text": LONG, "by": "Ada <Byron>",
        "to": [(f"Person {n}", f"p{n}@milbrook.example") for n in range(40)],
        "details": {"Reply-To": SECRET, "note": "x"},
    },
    {"id": "5", "at": "2026-02-03T12:00:00", "text": "Withheld whole."},
)  # fmt: skip
"""Records 1 to 5: hostile text, a short text and a long one with a secret in it, mail, one that is withheld."""


def collected(desk: Desk, *items: dict[str, Any]) -> None:
    """Take items in and collect them all for a request; their records are 1, 2, 3."""
    desk.bring("2026-03-01T10:00:00", *items)
    register.open_request(desk.archive, date(2026, 4, 2), "The pool")
    by_hand(desk.archive, 1, list(range(1, len(items) + 1)))


def black_out_secrets(desk: Desk, *records: int) -> None:
    for one in records:
        found = proposals.of_words(desk.archive, 1, one, SECRET, everywhere=False)
        redactions.add(desk.archive, 1, [each.mark for each in found], "balancing", "A code.")


class Package:
    """A draft with redactions, and its bag."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.archive = desk.archive
        collected(desk, *ITEMS)
        black_out_secrets(desk, 2, 3)
        found = proposals.of_field(self.archive, 1, 4, "details.Reply-To")
        redactions.add(self.archive, 1, [one.mark for one in found], "balancing", "A code.")
        decisions.mark(self.archive, 1, [5], "withhold", "balancing", "A reason.")
        self.bag, self.checkpoint = self.built(folder)

    def built(self, folder: Path, staged: Any = None) -> tuple[Path, str]:
        made = staged or stage(self.archive, 1)
        bag = build(made.production, folder).bag
        made.clear()
        return bag, made.production.checkpoint


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    from conftest import ACTOR

    folder = tmp_path_factory.mktemp("proof")
    (folder / "backups").mkdir()
    archive = Archive.create(folder / "archive", ACTOR, name="City of Milbrook")
    return Package(Desk(archive, folder / "backups"), folder / "out")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(one) for one in path.read_text(encoding="utf-8").split("\n") if one.startswith("{")]


def test_every_record_is_proved_by_a_checker_written_from_the_docs(package: Package) -> None:
    assert Oracle(package.bag, package.checkpoint).check() == []
    assert len(lines(package.bag / "data/proof/records-0001.js")) == 4


def test_another_checkpoint_is_not_the_ledger_of_these_proofs(package: Package) -> None:
    other = package.checkpoint[:-1] + ("0" if package.checkpoint[-1] != "0" else "1")
    assert Oracle(package.bag, other).faults == [("ledger", "checkpoint")]


def opened(browser: Any, bag: Path) -> Any:
    """Open the page that checks, and wait for what it found."""
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get("about:blank")
    browser.get((bag / "data" / "CHECK.html").as_uri())
    WebDriverWait(browser, 60).until(lambda page: page.execute_script("return document.body.dataset.done"))
    return browser


def said(page: Any, name: str) -> str:
    return str(page.find_element("id", name).text)


# -- a single changed character


def copied(package: Package, folder: Path) -> Path:
    return Path(shutil.copytree(package.bag, folder / "bag"))


def changed(bag: Path, name: str, old: str, new: str, nth: int = 0) -> None:
    """Replace one place of a file that holds a text; it must be there."""
    path = bag / "data" / name
    text = path.read_text(encoding="utf-8")
    start = -1
    for _ in range(nth + 1):
        start = text.index(old, start + 1)
    path.write_text(text[:start] + new + text[start + len(old) :], encoding="utf-8")


def strings(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str | int | bool]]:
    """Yield every string, number and truth value within an object, with its place."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from strings(one, (*at, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from strings(one, (*at, place))
    else:
        yield at, value


def with_another(value: Any, at: tuple[Any, ...]) -> Any:
    """Return an object in which one string, number or truth value is another one."""
    made = json.loads(json.dumps(value))
    holder = made
    for step in at[:-1]:
        holder = holder[step]
    old = holder[at[-1]]
    if isinstance(old, bool):
        holder[at[-1]] = not old
    elif isinstance(old, int):
        holder[at[-1]] = old + 1
    else:
        middle = len(old) // 2
        holder[at[-1]] = old[:middle] + ("1" if old[middle : middle + 1] != "1" else "2") + old[middle + 1 :]
    return made


def test_any_change_of_any_released_value_is_found_and_its_record_is_named(package: Package, tmp_path: Path) -> None:
    bag = copied(package, tmp_path)
    path = bag / "data" / "records.jsonl"
    records = lines(path)
    tried = 0
    for number, given_out in enumerate(records):
        for at, _ in strings(given_out):
            if at[0] == "draft":
                continue
            other = [*records[:number], with_another(given_out, at), *records[number + 1 :]]
            path.write_text("".join(json.dumps(one) + "\n" for one in other), encoding="utf-8")
            faults = Oracle(bag, package.checkpoint).check()
            assert faults, at
            assert at == ("bates",) or {bates for bates, _ in faults} == {given_out["bates"]}, (at, faults)
            tried += 1
    assert tried > 150


@pytest.mark.parametrize("name", ["proof/records-0001.js", "proof/ledger.js"])
def test_any_change_of_a_proof_or_a_ledger_row_is_found(package: Package, tmp_path: Path, name: str) -> None:
    bag = copied(package, tmp_path)
    path = bag / "data" / name
    first, *rows, last = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    for number, row in enumerate(rows):
        for at, _ in strings(json.loads(row)):
            other = [*rows[:number], json.dumps(with_another(json.loads(row), at)), *rows[number + 1 :]]
            path.write_text("\n".join((first, *other, last)), encoding="utf-8")
            assert Oracle(bag, package.checkpoint).check(), (number, at)


def test_a_record_that_was_left_out_or_added_is_named(package: Package, tmp_path: Path) -> None:
    bag = copied(package, tmp_path)
    path = bag / "data" / "records.jsonl"
    records = lines(path)
    path.write_text("".join(json.dumps(one) + "\n" for one in records[1:]), encoding="utf-8")
    assert Oracle(bag, package.checkpoint).check() == [(records[0]["bates"], "not released")]
    added = records[0] | {"bates": "MILBROOK-2026-0001-000099", "number": 99}
    path.write_text("".join(json.dumps(one) + "\n" for one in [*records, added]), encoding="utf-8")
    assert Oracle(bag, package.checkpoint).check() == [("MILBROOK-2026-0001-000099", "no proof")]


def test_a_picture_that_was_changed_is_named(package: Package, tmp_path: Path) -> None:
    bag = copied(package, tmp_path)
    [gate] = (bag / "data" / "media").glob("*.png")
    gate.write_bytes(gate.read_bytes()[:-1] + b"x")
    assert Oracle(bag, package.checkpoint).check() == [("MILBROOK-2026-0001-000001", "attachments.0")]


# -- what the proof must not tell


def hashes(bag: Path) -> set[str]:
    """Return everything in a bag that could be a hash, long or short."""
    found: set[str] = set()
    for path in bag.rglob("*"):
        if path.is_file():
            found.update(re.findall(r"[0-9a-f]{32,64}", path.read_bytes().decode("latin-1")))
    return found


def salts(bag: Path) -> list[bytes]:
    """Return what a guesser has instead of the salt: nothing, and every blind that went out."""
    found = re.findall(r'\["([^"]+)","([0-9a-f]{64})",', (bag / "data/proof/records-0001.js").read_text())
    return [b"", *(bytes.fromhex(blind) for _, blind in found)]


def test_a_secret_of_four_digits_cannot_be_found_by_trying_all(package: Package) -> None:
    known = hashes(package.bag)
    prefixes = salts(package.bag)
    assert len(prefixes) > 20
    assert len(known) > 100
    texts = {
        "text": "My code is {}, thanks.", "details.Reply-To": "{}",
        "text[3/8]": "y for that. My code is {}, he said. The pool is closed until f",
    }  # fmt: skip
    for guess in (f"{n:04}" for n in range(10_000)):
        for name, form in texts.items():
            value = json.dumps(form.format(guess), ensure_ascii=False).encode()
            tails = (value, form.format(guess).encode(), guess.encode())
            label = name.encode()
            for prefix in prefixes:
                blind = prefix or hashlib.sha256(label).digest()
                entry = b"\0\1" + blind + label + b"\0" + value
                assert hashlib.sha256(entry).hexdigest() not in known
            assert not known & {hashlib.sha256(tail).hexdigest() for tail in tails}


def test_no_salt_goes_out_and_nothing_of_what_stays_in(package: Package) -> None:
    everything = b"".join(path.read_bytes() for path in (package.bag / "data" / "proof").iterdir())
    held = package.archive.connection.execute("SELECT salt, native, place, text FROM content ORDER BY id").fetchall()
    for number, (salt, native, place, text) in enumerate(held, 1):
        assert salt not in everything
        assert salt.hex().encode() not in everything
        assert place.encode() not in everything
        if number > 1:
            assert hashlib.sha256(native).hexdigest().encode() not in everything
            assert (text.encode() in everything) == (number == 4)
    said = re.sub(rb"[0-9a-f]{64}", b"", everything)  # four digits stand in random digests by chance
    assert SECRET.encode() not in said
    trees = [json.dumps(one["tree"]) for one in lines(package.bag / "data/proof/records-0001.js")]
    assert "details.note" in trees[3]
    assert "Reply-To" not in "".join(trees)


def test_no_row_of_the_ledger_is_told_but_those_that_vouch_and_the_checkpoint(package: Package) -> None:
    told = [json.loads(one["row"]) for one in lines(package.bag / "data/proof/ledger.js")]
    assert [one["event"] for one in told] == ["production.drafted", "accession.progress"]
    assert ledger.head(package.archive.connection).seq > 5


# -- again, and for good


def test_two_builds_have_the_same_bytes(package: Package, tmp_path: Path) -> None:
    bag, checkpoint = package.built(tmp_path / "again")
    assert checkpoint == package.checkpoint
    for path in sorted((package.bag / "data").rglob("*")):
        if path.is_file() and (path.parent.name == "proof" or path.name == "CHECK.html"):
            assert path.read_bytes() == (bag / path.relative_to(package.bag)).read_bytes(), path


def test_a_production_made_again_later_still_proves(desk: Desk, tmp_path: Path) -> None:
    archive = desk.archive
    collected(desk, ITEMS[0], ITEMS[2], ITEMS[4])
    black_out_secrets(desk, 2)
    decisions.mark(archive, 1, [1], "release")
    decisions.mark(archive, 1, [3], "withhold", "balancing", "A reason.")
    users.add(archive, "dana", "attorney", "a long enough password")
    before, archive.actor = archive.actor, Actor("dana", "test", proved=True)
    approval.approve(archive, staging.check(archive, 1), act.draft(archive, 1))
    archive.actor = before
    first = produce(archive, 1)
    built = build(first.production, tmp_path / "first").bag
    first.clear()
    assert Oracle(built, first.production.checkpoint).check() == []
    desk.bring("2026-03-05T10:00:00", ITEMS[0] | {"text": "Edited later."}, *ITEMS[1:])
    repeated = again(archive, 1, 1)
    later = build(repeated.production, tmp_path / "later").bag
    repeated.clear()
    assert Oracle(later, first.production.checkpoint).check() == []
    for path in sorted((built / "data" / "proof").iterdir()):
        assert path.read_bytes() == (later / "data" / "proof" / path.name).read_bytes()


def test_a_production_from_before_there_were_proofs_has_none(package: Package, tmp_path: Path) -> None:
    staged = stage(package.archive, 1)
    (staged.production.staging / "vouchers.jsonl").write_bytes(b"")
    bag, _ = package.built(tmp_path, staged)
    assert not (bag / "data" / "CHECK.html").exists()
    assert not (bag / "data" / "proof").exists()
    assert "CHECK.html" not in (bag / "START-HERE.html").read_text(encoding="utf-8")


# -- which words rest on the certificate


def blacked(length: int, spans: list[tuple[int, int]]) -> tuple[str, Blackout, list[Any], Any]:
    """Return a text of distinct signs, what is black of it, the record that goes out, and its tree."""
    held = "".join(chr(0x4E00 + place) for place in range(length))
    content = Content(text=held)
    marks = [Mark(1, "text", start, start + size) for start, size in spans if start < length]
    said = Blackout(content, [Redaction(n, one, "balancing", "", "", "", 1) for n, one in enumerate(marks)], listed())
    one = record(1, text=said("text"), redactions=tuple(said.placed))
    fields = version_digest.fields(content)
    found = resting(fields, one, said, set())
    tree = Opened(b"salt", fields, one, said).tree
    return held, said, [said("text")[each.start : each.stop] for each in found], tree


def leaves(node: Any) -> list[tuple[str, str]]:
    """Return the names and values that a tree shows."""
    if isinstance(node, str):
        return []
    return [(node[0], node[2])] if len(node) == 3 else [*leaves(node[0]), *leaves(node[1])]


@given(st.integers(1, 400), st.lists(st.tuples(st.integers(0, 400), st.integers(1, 90)), min_size=1, max_size=4))
def test_every_word_is_black_or_opened_or_rests_on_the_certificate(length: int, spans: list[tuple[int, int]]) -> None:
    assume(any(start < length for start, _ in spans))
    held, _, resting_words, tree = blacked(length, spans)
    black = {held[place] for start, size in spans for place in range(start, min(start + size, length))}
    opened_words = "".join(value for name, value in leaves(tree) if name.startswith("text["))
    assert opened_words + "".join(resting_words) == "".join(one for one in held if one not in black)
    assert held.startswith(opened_words)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 32), st.integers(1, 32))
def test_a_proof_is_the_same_for_every_short_length_of_what_is_black(
    before: int, after: int, one: int, two: int
) -> None:
    trees = [blacked(before + size + after, [(before, size)])[3] for size in (one, two)]
    assert [name for name, _ in leaves(trees[0])] == [name for name, _ in leaves(trees[1])]


@settings(max_examples=20)
@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 300))
def test_a_proof_tells_no_length_closer_than_a_segment(before: int, after: int, size: int) -> None:
    seen = before + after

    def told(length: int) -> list[str]:
        return [name for name, _ in leaves(blacked(seen + length, [(before, length)])[3])]

    fits = [length for length in range(1, 400) if told(length) == told(size)]
    assert size in fits and len(fits) >= 32


# -- the page


def tampered(browser: Any, package: Package, folder: Path, name: str, old: str, new: str, nth: int = 0) -> Any:
    bag = copied(package, folder)
    changed(bag, name, old, new, nth)
    page = opened(browser, bag)
    assert page.find_element("tag name", "body").get_attribute("data-done") == "wrong"
    return page


class TestPage:
    """``CHECK.html`` opened from disk by a real browser."""

    pytestmark = IN_A_BROWSER

    def test_it_says_that_all_records_are_what_the_archive_took_in(self, browser: Any, package: Package) -> None:
        page = opened(browser, package.bag)
        assert said(page, "verdict") == (
            "4 of 4 records are what the archive took in.\n3 have something blacked out: the rest of them is proved, "
            "but for the words listed below, which rest on the certificate."
        )
        assert "text: My code is" in said(page, "resting")
        assert "text: y for that. My code is\ntext: , he said. The pool is closed until f" in said(page, "resting")
        assert said(page, "wrong") == ""
        assert [one for one in page.get_log("browser") if "favicon" not in one["message"]] == []

    @pytest.mark.parametrize(
        ("old", "new", "nth", "bates", "value"),
        [
            ("The pool is closed. `", "The pool is clozed. `", 0, 1, "text"),
            ("further notice", "further notise", 0, 3, "text"),
            ("My code", "My cede", 1, 3, "text"),
            ("Pat Vang", "Pat Yang", 0, 3, "author"),
            ('"local_time":"2026-02-01 04:00"', '"local_time":"2026-02-01 05:00"', 0, 1, "date shown"),
            ("p7@milbrook.example", "p8@milbrook.example", 0, 4, "recipient 8"),
            ("and 10 more", "and 11 more", 0, 4, "recipient 31"),
            ('"note":"x"', '"note":"y"', 0, 4, "detail “note”"),
            ("A gate", "A date", 0, 1, "attachment 1"),
            ('"kind":"comment"', '"kind":"message"', 0, 2, "kind"),
            ('"captured_at":"20', '"captured_at":"19', 0, 1, "day it was taken in"),
        ],
    )  # fmt: skip
    def test_a_changed_value_is_named(
        self, browser: Any, package: Package, tmp_path: Path, old: str, new: str, nth: int, bates: int, value: str
    ) -> None:
        page = tampered(browser, package, tmp_path, "viewer/records-0001.js", old, new, nth)
        assert said(page, "verdict").startswith("3 of 4 records are what the archive took in.")
        [row] = page.find_elements("css selector", "#wrong tbody tr")
        assert row.text.startswith(f"MILBROOK-2026-0001-{bates:06} the viewer’s {value}")

    def test_a_changed_proof_is_named(self, browser: Any, package: Package, tmp_path: Path) -> None:
        page = tampered(browser, package, tmp_path, "proof/records-0001.js", "Pat Vang", "Pat Yang")
        assert "MILBROOK-2026-0001-000003" in said(page, "wrong")
        assert "not what ledger row" in said(page, "wrong")

    def test_a_changed_ledger_row_is_named(self, browser: Any, package: Package, tmp_path: Path) -> None:
        page = tampered(browser, package, tmp_path, "proof/ledger.js", "accession:1", "accession:2")
        assert said(page, "verdict").startswith("0 of 4 records")
        assert "it is not in the ledger that the checkpoint stands for" in said(page, "wrong")

    def test_a_changed_checkpoint_is_found(self, browser: Any, package: Package, tmp_path: Path) -> None:
        page = tampered(browser, package, tmp_path, "proof/ledger.js", "production.drafted", "production.drafter")
        assert "is not the one that is printed on this page" in said(page, "wrong")

    def test_without_its_files_it_says_what_to_do(self, browser: Any, package: Package, tmp_path: Path) -> None:
        bag = copied(package, tmp_path)
        shutil.rmtree(bag / "data" / "proof")
        assert "extract the whole zip" in said(opened(browser, bag), "broken")

    def test_its_digests_are_those_of_every_length(self, browser: Any, package: Package) -> None:
        page = opened(browser, package.bag)
        lengths = [*range(0, 130), 1000, 100_001]
        got = page.execute_script(
            "return arguments[0].map(n => Array.from(sha256(Uint8Array.from({length: n}, (_, i) => i % 251))))", lengths
        )
        for length, digest in zip(lengths, got, strict=True):
            assert bytes(digest) == hashlib.sha256(bytes(i % 251 for i in range(length))).digest()

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("right", [True, False])
    @pytest.mark.parametrize("width", [1200, 320])
    def test_it_keeps_wcag_2_1_aa(
        self, browser: Any, package: Package, tmp_path: Path, right: bool, width: int, scheme: str
    ) -> None:
        bag = copied(package, tmp_path)
        if not right:
            changed(bag, "viewer/records-0001.js", "Pat Vang", "Pat Yang")
        seen_in(browser, width, 900, scheme)
        page = opened(browser, bag)
        assert violations(page) == []
        assert page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")

    def test_its_policy_allows_its_own_scripts_and_styles_only(self, browser: Any, package: Package) -> None:
        page = opened(browser, package.bag)
        policy = page.execute_script("return document.querySelector('meta[http-equiv]').content")
        assert "unsafe" not in policy
        assert "http" not in policy
