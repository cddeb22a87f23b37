"""The commands on requests: what a Clerk reads, and what a script gets."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli
from archive.archive import Actor, Archive

DOCS = Path(__file__).parents[2] / "docs"


class Clerk:
    """The command line on an archive with one account and one request."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, *arguments: str, expect: int = 0) -> str:
        result = CliRunner().invoke(cli.muniment, ["--archive", str(self._folder), "--as", "clerk", *arguments])
        assert result.exit_code == expect, (arguments, result.output, result.exception)
        return result.output

    def rows(self, *arguments: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in self("request", *arguments, "--json").splitlines()]


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    with Archive.create(tmp_path / "archive", Actor("tester", "test"), name="City of Milbrook"):
        pass
    made = Clerk(tmp_path / "archive")
    made("account", "add", "x-city", "--platform", "x", "--department", "Clerk", "--handle", "CityOfMilbrook")
    made(
        "request", "open", "--received-on", "2026-04-02", "--description", "All about the pool", "--channel", "e-mail",
        "--received-by", "Grace", "--outside-number", "26-118", "--incarcerated",
    )  # fmt: skip
    return made


def test_a_request_from_its_register_to_its_end(clerk: Clerk, tmp_path: Path) -> None:
    assert "LATE" in clerk("request", "list")
    assert "is routed to: Clerk." in clerk("request", "route", "1")
    assert "Task 1: Clerk is asked" in clerk(
        "request", "task", "1", "--department", "Clerk", "--asked", "The log", "--due", "2026-04-09", "--who", "Pat"
    )
    assert "It is done." in clerk("request", "handed-in", "1", "1", "--text", "There is none", "--on", "2026-04-08")
    clerk("request", "note", "1", "--in", "--text", "Please hurry", "--channel", "telephone", "--on", "2026-04-20")
    clerk("request", "collect", "1", "--query", "pool")
    assert "Total $12.50" in clerk("request", "fee", "1", "--add", "copies", "--quantity", "50", "--unit-cost", "0.25")
    assert "owed $0.00" in clerk("request", "pay", "1", "12.50")
    letter = tmp_path / "letter.html"
    clerk("request", "letter", "1", "no-records", "--to", str(letter))
    again = tmp_path / "again.html"
    clerk("request", "letter", "1", "--again", "1", "--to", str(again))
    assert letter.read_bytes() == again.read_bytes() and b"What was searched" in letter.read_bytes()
    assert "is closed since" in clerk("request", "close", "1", "--reason", "There are no such records")
    shown = clerk("request", "show", "1")
    for said in (
        "by e-mail, taken by Grace", "committed or incarcerated", "Outside number: 26-118", "Answered on",
        "done  Clerk (Pat): The log", "handed in on 2026-04-08: There is none", "paid $12.50", "Incoming by telephone",
        "no-records, by clerk", "closed, by clerk: There are no such records", "90 working days later",
    ):  # fmt: skip
        assert said in shown, said
    assert "is open again" in clerk("request", "reopen", "1", "--reason", "She knows of one")
    assert clerk("verify", "--deep").startswith("Sound.")


def test_a_denial_says_until_when_records_stay_and_which_letter_goes_with_it(clerk: Clerk) -> None:
    said = clerk("request", "deny", "1", "--reason", "It is a draft", "--on", "2026-04-09")
    assert "denied since 2026-04-09" in said and "nothing may be destroyed until 90 working days later" in said
    assert "muniment request letter 1 denial" in said
    assert "pending since" in clerk("request", "mandamus", "1", "--note", "Case 26CV1")
    assert "An action for mandamus is pending" in clerk("request", "show", "1")


def test_refusals_leave_everything_as_it_was(clerk: Clerk) -> None:
    before = clerk("log")
    clerk("request", "status", "1", "released", expect=3)
    clerk("request", "letter", "1", "denial", expect=3)
    clerk("request", "letter", "1", "farewell", expect=4)
    clerk("request", "letter", "2", "acknowledgement", expect=4)
    clerk("request", "fee", "1", "--add", "search", "--unit-cost", "1", expect=4)
    clerk("request", "fee", "1", "--add", "copies", "--unit-cost", "a quarter", expect=2)
    clerk("request", "fee", "1", "--waive", expect=3)
    clerk("request", "handed-in", "1", "1", "--text", "x", expect=4)
    clerk("request", "extend", "1", "--until", "2026-04-03", "--reason", "x", expect=3)
    clerk("request", "note", "1", expect=2)
    clerk("request", "challenge", "1", "nowhere.csv", expect=4)
    clerk("request", "log", "--to-file", "log.pdf", expect=2)
    assert clerk("log") == before


def test_a_dry_run_keeps_nothing(clerk: Clerk, tmp_path: Path) -> None:
    before = clerk("log")
    (tmp_path / "list.txt").write_text("https://x.com/CityOfMilbrook/status/2024558350955446401\n")
    assert "1 not held." in clerk("request", "challenge", "1", str(tmp_path / "list.txt"), "--dry-run")
    assert "We have your request." in clerk("request", "letter", "1", "acknowledgement", "--dry-run")
    assert clerk("log") == before


def test_every_key_for_scripts_is_documented(clerk: Clerk, tmp_path: Path) -> None:
    named = set(re.findall(r"`(\w+)`", (DOCS / "json.md").read_text(encoding="utf-8")))
    (tmp_path / "list.txt").write_text("12345\n")
    for arguments in (
        ("list",), ("show", "1"), ("route", "1"), ("amend", "1", "--description", "The pool"),
        ("task", "1", "--department", "IT", "--asked", "x", "--due", "2026-04-09"),
        ("handed-in", "1", "1", "--text", "x"), ("note", "1", "--text", "x"),
        ("extend", "1", "--until", "2099-01-01", "--reason", "x"),
        ("fee", "1", "--add", "copies", "--unit-cost", "1"), ("pay", "1", "1"), ("letter", "1", "acknowledgement"),
        ("letter", "1"), ("letter", "1", "--again", "1"), ("log",), ("challenge", "1", str(tmp_path / "list.txt")),
        ("status", "1", "in review"), ("deny", "1", "--reason", "x"), ("reopen", "1", "--reason", "x"),
        ("close", "1", "--reason", "x"), ("mandamus", "1", "--over"),
    ):  # fmt: skip
        for row in clerk.rows(*arguments):
            assert set(row) <= named, (arguments, set(row) - named)


def test_hostile_text_moves_no_cursor(clerk: Clerk) -> None:
    clerk("request", "amend", "1", "--description", "\x1b[2J\u202egone", "--requester", "\x1b]0;x\x07")
    for said in (clerk("request", "show", "1"), clerk("request", "list"), clerk("request", "log")):
        assert "\x1b" not in said and "\u202e" not in said and "\x07" not in said
