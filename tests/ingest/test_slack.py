from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.messaging.slack import SlackIngestor
from ingest.messaging.slack_messages import moment
from ingest.messaging.slack_text import readable
from ingest.registry import identify
from message_office import SAMPLES, MessageOffice, items

DATA = Path(__file__).parents[1] / "data" / "slack"
STREETS = "streets/2026-03-04.json"


@pytest.fixture
def office(archive: Archive) -> Iterator[MessageOffice]:
    made = MessageOffice(archive, "slack")
    yield made
    assert list(verify(archive, deep=True)) == []


def workspace(folder: Path, **changed: Any) -> Path:
    """Copy the fixture, with the text of Ben's answer or the first message's reactions changed."""
    shutil.copytree(DATA / "workspace", folder)
    path = folder / STREETS
    day = json.loads(path.read_text())
    if "answer" in changed:
        day[2]["text"] = changed["answer"]
        day[2]["edited"]["ts"] = "1773400000.000000"
    if "reactions" in changed:
        day[1]["reactions"] = changed["reactions"]
    if "gone" in changed:
        day[2] = {"type": "message", "subtype": "tombstone", "ts": day[2]["ts"], "text": changed["gone"]}
    path.write_text(json.dumps(day))
    return folder


def test_a_workspace_reads_as_its_golden_file_says() -> None:
    backup = Backup.open([DATA / "workspace"])
    assert identify(backup).name == "slack"
    check_golden(DATA / "workspace.golden.json", told(SlackIngestor(), backup))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<@U0ADA> and <@U0NOBODY>", "@ada and @U0NOBODY"),
        ("<#C1|parks> <#C2> <!here> <!subteam^S1|@crew>", "#parks #pool @here @crew"),
        ("<https://a.example/x?a=1&amp;b=2>", "https://a.example/x?a=1&b=2"),
        ("<https://a.example|our page> <mailto:c@a.example|c@a.example>", "our page (https://a.example) c@a.example"),
        ("<!date^1772616600^{date}|4 March>", "4 March"),
        ("1 &lt; 2 &amp;amp; <b>", "1 < 2 &amp; <b>"),
    ],
)
def test_slacks_own_marks_read_as_people_see_them(written: str, shown: str) -> None:
    people, channels = {"U0ADA": "ada"}, {"C2": "pool"}
    assert readable(written, lambda one: people.get(one, ""), lambda one: channels.get(one, ""))[0] == shown


def test_tokens_that_open_files_are_struck_out_of_the_native_bytes() -> None:
    _, drafts, _ = items(DATA / "workspace")
    plan = next(one for one in drafts if one.text == "the plan")
    assert b"?t=struck-out" in plan.native
    assert b"xoxe" not in plan.native
    assert plan.attachments[0].member is not None


def test_an_edit_between_two_exports_is_found_and_reactions_are_none(office: MessageOffice, tmp_path: Path) -> None:
    office.bring(workspace(tmp_path / "a"), "2026-03-10")
    before = office.findings()
    counts = office.bring(workspace(tmp_path / "b", answer="Until Monday 🚧", reactions=[]), "2026-04-10")
    assert (counts["added"], counts["edited"]) == (0, 1)
    assert office.findings()[len(before) :] == [("edited", "author")]


def test_what_the_workspace_keeps_of_edits_becomes_versions_of_one_record(
    office: MessageOffice, tmp_path: Path
) -> None:
    office.bring(workspace(tmp_path / "a"), "2026-03-10")
    oak = [text for _, text in office.versions() if text.startswith("Oak Street opens")]
    assert oak == ["Oak Street opens at 8:00", "Oak Street opens at 9:00"]
    assert office.findings().count(("removed", "unknown")) == 2


def test_a_message_that_is_a_tombstone_later_is_removed_and_nobody_is_blamed(
    office: MessageOffice, tmp_path: Path
) -> None:
    office.bring(workspace(tmp_path / "a"), "2026-03-10")
    before = office.findings()
    office.bring(workspace(tmp_path / "b", gone="Diese Nachricht wurde gelöscht."), "2026-04-10")
    assert office.findings()[len(before) :] == [("removed", "unknown")]


def test_the_range_in_the_zips_name_is_what_it_covers(tmp_path: Path) -> None:
    named = tmp_path / "Milbrook Slack export Mar 1 2026 - Apr 2 2026"
    coverage = SlackIngestor().coverage(Backup.open([workspace(named)]))
    assert (coverage.since, coverage.until) == (date(2026, 3, 1), date(2026, 4, 2))
    assert coverage.complete == frozenset()


def test_an_item_without_its_time_costs_itself(tmp_path: Path) -> None:
    name, drafts, defects = items(DATA / "workspace" / "streets" / "2026-03-05.json")
    assert name == "slack"
    assert [one.place for one in defects if one.quarantined] == ["2026-03-05.json, item 3"]
    assert len(drafts) == 4


@given(st.text(max_size=40))
def test_no_text_makes_the_reader_of_slacks_times_or_marks_fail(text: str) -> None:
    found = moment(text)
    assert found.raw == text
    assert isinstance(readable(text, lambda _: "", lambda _: "")[0], str)


SAMPLE = SAMPLES / "slack" / "hfaran__slack-export-viewer" / "tests" / "testarchive.zip"


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the sample of a Slack export is not beside this checkout")
def test_the_sample_by_another_hand_goes_in_whole() -> None:
    name, drafts, defects = items(SAMPLE)
    assert (name, len(drafts), len(defects)) == ("slack", 158, 0)
    assert len({one.native_id for one in drafts}) == 158
    assert Counter(one.thread for one in drafts) == {"C0JGLMMNX": 102, "C0JL6CGQ2": 56}
    assert all(one.text or one.attachments or one.details.get("subtype") for one in drafts)
