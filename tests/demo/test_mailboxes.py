from __future__ import annotations

import mailbox
import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from demo.truth import load

CLERK = "clerk@milbrook.example"
PARKS = "parks@milbrook.example"
COUNSEL = "ada.lindqvist@milbrook.example"
BOXES = {"clerk-2026-04-01.mbox": CLERK, "parks-2026-04-01.mbox": PARKS}


def mails(path: Path) -> list[EmailMessage]:
    parser = BytesParser(policy=policy.default)
    box = mailbox.mbox(path)
    return [parser.parsebytes(box.get_bytes(key)) for key in box.iterkeys()]


def everything(city: Path) -> list[EmailMessage]:
    return [mail for name in BOXES for mail in mails(city / name)]


def test_no_mail_has_a_fault(city: Path) -> None:
    for mail in everything(city):
        assert [fault for part in mail.walk() for fault in part.defects] == []


def test_each_mailbox_holds_what_was_sent_to_it_or_by_it(city: Path) -> None:
    for name, address in BOXES.items():
        assert all(address in f"{mail['To']} {mail['From']}" for mail in mails(city / name))


def test_counsel_writes_in_the_middle_of_conversations(city: Path) -> None:
    truth = load(city)
    counsels = {str(mail["Message-ID"])[1:-1] for mail in everything(city) if COUNSEL in str(mail["From"])}
    assert counsels
    assert any(set(thread[:-1]) & counsels for thread in truth.threads.values())


def test_answers_name_what_they_answer(city: Path) -> None:
    truth = load(city)
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
    lists = [mail for mail in mails(city / "clerk-2026-04-01.mbox") if mail["List-Id"]]
    assert len(lists) > 3
    assert all(mail["Precedence"] == "bulk" for mail in lists)


def test_what_counsel_advised_is_quoted_in_a_reply_and_in_a_forward(city: Path) -> None:
    told = everything(city)
    texts = {str(mail["Message-ID"]): mail.get_body(("plain",)).get_content() for mail in told}  # type: ignore[union-attr]
    advice = "take the post of yesterday down"
    says = {str(mail["Subject"])[:4]: str(mail["From"]) for mail in told if advice in texts[str(mail["Message-ID"])]}
    assert COUNSEL not in says["Fwd:"]
    quoted = [one for one in texts.values() if f"> Please {advice}" in one]
    assert quoted


def test_no_mail_runs_together_or_was_left_unfilled(city: Path) -> None:
    for mail in everything(city):
        body = mail.get_body(("plain",))
        assert body is not None
        text = str(body.get_content())
        assert not re.search(r"[{}]|\.\.(?!\.)| {2}|[a-z][.!?][A-Z]", text), text


def test_a_mail_is_answered_after_it_was_written(city: Path) -> None:
    told = {str(mail["Message-ID"]): mail for mail in everything(city)}
    for mail in told.values():
        before = told.get(str(mail["In-Reply-To"]))
        assert before is None or before["Date"].datetime < mail["Date"].datetime
