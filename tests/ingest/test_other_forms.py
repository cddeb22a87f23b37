"""A form of an export that is known and not read says what to ask for instead."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from ingest.backup import Backup
from ingest.other_forms import OtherForm, _forms
from ingest.registry import identify, reader_of
from message_office import items
from test_cli import Shell

DATA = Path(__file__).parents[1] / "data"
FORMS = {
    "messages.html": (
        "<!DOCTYPE html>\n<html>\n <head>\n  <title>Exported Data</title>\n </head>\n <body>\n"
        '  <div class="page_wrap">\n   <div class="page_body chat_page">\n    <div class="message default">\n'
        '     <div class="text">The pool opens</div>\n    </div>\n   </div>\n  </div>\n </body>\n</html>\n'
    ),
    "streets.html": (
        "<!DOCTYPE html>\n<html><head><title>streets</title><style>.chatlog__message { }</style></head><body>\n"
        '<div class="preamble"></div><div class="chatlog"><div class="chatlog__message">The pool opens</div></div>'
    ),
    "streets.csv": "\ufeffAuthorID,Author,Date,Content,Attachments,Reactions\n100,ada,2026-03-04T09:00:00,Pool,,\n",
    "older.csv": "Author;Date;Content;Attachments;Reactions\nada_lor;04-Mar-26;The pool;;\n",
    "streets.txt": f"{'=' * 62}\r\nGuild: Milbrook\r\nChannel: text / streets\r\n{'=' * 62}\r\n\r\n[3/4/2026] ada\r\n",
    "msgstore.db.crypt15": "\x01\x02",
}
WORDS = {
    "messages.html": "choose “Format: JSON”",
    "msgstore.db.crypt15": "“Export chat”",
}


def written(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(FORMS[name].encode())
    return path


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_not_read_says_what_to_ask_for_instead(tmp_path: Path, name: str) -> None:
    with pytest.raises(OtherForm, match=re.escape(WORDS.get(name, "choose the format “JSON”"))):
        identify(Backup.open([written(tmp_path, name)]))


def test_the_command_line_says_so_and_takes_nothing_in(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "archive")
    shell("init", str(shell.folder), "--name", "City of Milbrook")
    shell("account", "add", "streets", "--platform", "discord", "--department", "Streets")
    backup = str(written(tmp_path, "streets.csv"))
    for options in ((), ("--format", "discord")):
        told = shell("ingest", backup, "--account", "streets", *options, expect=1)
        assert "DiscordChatExporter wrote as a table" in told
        assert "-f Json" in told
    assert shell.rows("accession", "list") == []


@pytest.mark.parametrize(
    ("fixture", "page"), [("telegram/channel", "messages.html"), ("discord/export", "streets.html")]
)
def test_a_page_beside_what_is_read_is_named_and_not_passed_over(tmp_path: Path, fixture: str, page: str) -> None:
    shutil.copytree(DATA / fixture, tmp_path / "export")
    written(tmp_path / "export", page)
    _, drafts, defects = items(tmp_path / "export")
    assert drafts
    named = [one.place for one in defects if one.reason.startswith("not read: ")]
    assert [one.rsplit("/", 1)[-1] for one in named] == [page]


def test_a_folder_of_pages_may_still_be_taken_in_as_files(tmp_path: Path) -> None:
    backup = Backup.open([written(tmp_path, "messages.html")])
    assert reader_of(backup, "files").name == "files"


def test_other_pages_and_tables_are_not_taken_for_such_a_form(tmp_path: Path) -> None:
    for number, words in enumerate(("<title>Exported Data</title>", "<p>chatlog__</p>", "Guild: x\nChannel: y\n")):
        for ending in (".html", ".csv", ".txt"):
            path = tmp_path / f"{number}{ending}"
            path.write_text(words, encoding="utf-8")
            member = Backup.open([path]).members()[0]
            assert not any(one.is_of(member) for one in _forms())
