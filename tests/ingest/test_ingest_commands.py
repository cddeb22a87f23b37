from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import cli

DATA = Path(__file__).parents[1] / "data"


class Prompt:
    """The command line on one archive with an account of a website."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self("init", str(folder), "--name", "City of Milbrook")
        self("account", "add", "www", "--platform", "website", "--department", "Clerk")

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(cli.muniment, ["--archive", str(self.folder), *arguments])


@pytest.fixture
def prompt(tmp_path: Path) -> Prompt:
    return Prompt(tmp_path / "archive")


def test_an_unknown_table_is_proposed_a_mapping_corrected_tried_and_taken_in(prompt: Prompt, tmp_path: Path) -> None:
    table, mapping = str(DATA / "tables" / "milbrook"), tmp_path / "table.toml"
    proposed = prompt("identify", table, "--to", str(mapping))
    assert (proposed.exit_code, "--dry-run" in proposed.output) == (1, True)
    assert prompt("identify", table, "--to", str(mapping)).exit_code == 3
    assert json.loads(prompt("identify", table, "--json").output)["proposal"] == mapping.read_text()
    mapping.write_text(mapping.read_text().replace('zone = ""', 'zone = "America/Chicago"'))
    tried = prompt("ingest", table, "--account", "www", "--mapping", str(mapping), "--dry-run")
    assert "post" in tried.output and "day first" in tried.output
    assert prompt("ingest", table, "--account", "www", "--mapping", str(mapping)).exit_code == 1
    shown = json.loads(prompt("accession", "show", "1", "--json").output)
    assert (shown["format"], shown["recipe"]) == ("table", mapping.read_text())
    assert prompt("search", "shuttle", "--count").output.strip() == "1"


def test_what_is_told_of_a_backup_is_told_in_words(prompt: Prompt, tmp_path: Path) -> None:
    prompt("account", "add", "chat", "--platform", "whatsapp", "--department", "Clerk")
    (tmp_path / "WhatsApp Chat with Ada.txt").write_text("3/14/26, 10:00 - Ada: Is the pool open?\n", encoding="utf-8")
    taken = prompt("ingest", str(tmp_path / "WhatsApp Chat with Ada.txt"), "--account", "chat").output
    assert "2 remarks; see `muniment accession show 1`." in taken and "defect" not in taken
    shown = prompt("accession", "show", "1").output.splitlines()
    assert {"closed           yes", "kinds            message 1"} <= set(shown)
    assert not [one for one in shown if "{" in one or "[" in one or one == one.split(" ")[0]]


def test_what_is_neither_a_format_nor_a_table_is_still_unknown(prompt: Prompt, tmp_path: Path) -> None:
    (tmp_path / "riddle.bin").write_bytes(b"nobody knows")
    found = prompt("identify", str(tmp_path / "riddle.bin"))
    assert found.exit_code == 1 and "none of the formats" in found.output


def test_a_plain_folder_goes_in_only_by_name_and_its_words_are_found(prompt: Prompt, tmp_path: Path) -> None:
    folder = tmp_path / "drawer"
    folder.mkdir()
    (folder / "memo.txt").write_text("The culvert on Elm Street", encoding="utf-8")
    (folder / "scan.pdf").write_bytes(b"%PDF-1.4 fictional")
    assert prompt("ingest", str(folder), "--account", "www").exit_code == 1
    assert prompt("ingest", str(folder), "--account", "www", "--format", "files").exit_code == 0
    assert prompt("search", "culvert", "--count").output.strip() == "1"
    (row,) = (json.loads(line) for line in prompt("search", "culvert", "--json").output.splitlines())
    assert (row["kind"], row["title"], row["audience"], row["created_at"]) == ("page", "memo.txt", "private", None)


def test_the_inbox_of_the_settings_is_taken_in_and_the_exit_code_tells(prompt: Prompt, tmp_path: Path) -> None:
    assert prompt("ingest", "--inbox").exit_code == 4
    settings = prompt.folder / "muniment.toml"
    settings.write_text(settings.read_text().replace('inbox = ""', 'inbox = "../inbox"'))
    (tmp_path / "inbox" / "www").mkdir(parents=True)
    assert prompt("ingest", "--inbox", "--settled", "0").exit_code == 0
    shutil.copy(DATA / "feed" / "polls" / "2026-03-01.xml", tmp_path / "inbox" / "www")
    assert "Left for the next run" in prompt("ingest", "--inbox").output
    assert "Would be taken in" in prompt("ingest", "--inbox", "--settled", "0", "--dry-run").output
    taken = prompt("ingest", "--inbox", str(tmp_path / "inbox"), "--settled", "0")
    assert taken.exit_code == 0 and "was moved to" in taken.output
    assert prompt("search", "Elm", "--count").output.strip() == "2"
    (tmp_path / "inbox" / "www" / "riddle.bin").write_bytes(b"nobody knows")
    failed = prompt("ingest", "--inbox", "--settled", "0", "--json")
    assert (failed.exit_code, json.loads(failed.output)["ended"]) == (1, "failed")


def test_an_inbox_and_a_backup_exclude_each_other_and_one_of_them_is_needed(prompt: Prompt) -> None:
    assert prompt("ingest", "--inbox", "x", "--account", "www").exit_code == 2
    assert prompt("ingest", str(DATA / "feed")).exit_code == 2
    assert prompt("ingest", "--account", "www").exit_code == 2


def test_a_backup_that_holds_no_record_says_so(prompt: Prompt, tmp_path: Path) -> None:
    feed = tmp_path / "empty.xml"
    feed.write_text('<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel></channel></rss>')
    for options in (["--dry-run"], []):
        told = prompt("ingest", str(feed), "--account", "www", *options)
        assert (told.exit_code, "Nothing in this backup is a record" in told.output) == (0, True)


def test_a_rehearsal_refuses_what_the_ingest_would(prompt: Prompt) -> None:
    for options in (["--dry-run"], []):
        told = prompt("ingest", str(DATA / "x" / "g2"), "--account", "www", *options)
        assert told.exit_code == 3 and "of the platform “x”" in told.output
