from __future__ import annotations

import mailbox
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import msgspec

from demo.mailboxes import CLERK, COUNSEL, PARKS
from demo.truth import Truth


def mails(path: Path) -> list[EmailMessage]:
    parser = BytesParser(policy=policy.default)
    box = mailbox.mbox(path)
    return [parser.parsebytes(box.get_bytes(key)) for key in box.iterkeys()]


def everything(city: Path) -> list[EmailMessage]:
    return mails(city / "clerk.mbox") + mails(city / "parks.mbox")


def test_no_mail_has_a_fault(city: Path) -> None:
    for mail in everything(city):
        assert [fault for part in mail.walk() for fault in part.defects] == []


def test_each_mailbox_holds_what_was_sent_to_it(city: Path) -> None:
    assert all(CLERK in str(mail["To"]) for mail in mails(city / "clerk.mbox"))
    assert all(PARKS in str(mail["To"]) for mail in mails(city / "parks.mbox"))


def test_counsel_writes_in_the_middle_of_conversations(city: Path) -> None:
    truth = msgspec.json.decode((city / "truth.json").read_bytes(), type=Truth)
    counsels = {str(mail["Message-ID"])[1:-1] for mail in everything(city) if COUNSEL in str(mail["From"])}
    assert counsels
    assert any(set(thread[:-1]) & counsels for thread in truth.threads.values())


def test_answers_name_what_they_answer(city: Path) -> None:
    truth = msgspec.json.decode((city / "truth.json").read_bytes(), type=Truth)
    first = {answer: opening for opening, answers in truth.threads.items() for answer in answers}
    for mail in everything(city):
        native_id = str(mail["Message-ID"])[1:-1]
        references = str(mail["References"] or "").split()
        assert bool(references) == (native_id in first)
        if references:
            assert references[0] == f"<{first[native_id]}>"
            assert references[-1] == mail["In-Reply-To"]


def test_mails_come_in_several_character_sets_and_with_several_sorts_of_attachment(city: Path) -> None:
    parts = [part for mail in everything(city) for part in mail.walk()]
    assert len({part.get_content_charset() for part in parts} - {None}) >= 3
    attached = {part.get_content_type() for part in parts if part.is_attachment()}
    assert attached == {"image/jpeg", "application/pdf", "text/csv"}


def test_newsletters_name_their_list(city: Path) -> None:
    lists = [mail for mail in mails(city / "clerk.mbox") if mail["List-Id"]]
    assert len(lists) > 3
    assert all(mail["Precedence"] == "bulk" for mail in lists)
