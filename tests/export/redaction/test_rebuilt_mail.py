from __future__ import annotations

import email
from email.message import EmailMessage, MIMEPart
from email.policy import default
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import productions
from export.redaction.mail import rebuild
from export.released import Ground, Redaction, ReleasedAttachment, ReleasedRecord

GROUND = Ground(code="home", citation="Wis. Stat. 19.36(13)", title="Financial identifying information")


def mail(**values: object) -> ReleasedRecord:
    plain: dict[str, object] = {
        "kind": "email", "platform": "email", "author": "Grace Ødegård", "handle": "grace@mail.example",
        "recipients": ("to: Clerk <clerk@milbrook.example>", "cc: tou@mail.example"),
        "created_at": "2026-03-03T10:00:00+00:00", "title": "The pool", "text": "See you there.\n",
        "native_id": "att@mail.example", "parent": "first@mail.example",
    }  # fmt: skip
    return productions.record(12, **(plain | values))


def read(payload: bytes) -> EmailMessage:
    message = email.message_from_bytes(payload, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def said(message: MIMEPart) -> str:
    text: str = message.get_content()
    return text.replace("\r\n", "\n").rstrip("\n")


def test_a_message_says_what_is_released_and_that_it_was_made_anew() -> None:
    redaction = Redaction(number=1, field="text", start=0, stop=3, marker="[redacted 1: c]", ground=GROUND)
    text = "Call me at [redacted 1: Wis. Stat. 19.36(13)].\nÜber den Pool 游泳池"
    message = read(rebuild(mail(text=text, redactions=(redaction,)), ()))
    assert message["From"] == "Grace Ødegård <grace@mail.example>"
    assert message["To"] == "Clerk <clerk@milbrook.example>"
    assert message["Cc"] == "tou@mail.example"
    assert message["Date"] == "Tue, 03 Mar 2026 10:00:00 +0000"
    assert message["Subject"] == "The pool"
    assert message["Message-ID"] == "<att@mail.example>"
    assert message["In-Reply-To"] == "<first@mail.example>"
    assert message["X-Muniment-Bates"] == "MILBROOK-2026-0001-000012"
    assert message["X-Muniment-Redacted"] == (
        "made anew from what is released, not the original message; 1 blacked out (1: Wis. Stat. 19.36(13))"
    )
    assert said(message) == text
    assert message.defects == []


def test_what_is_not_released_has_no_header() -> None:
    message = read(rebuild(mail(native_id="", parent="", created_at="", recipients=()), ()))
    assert set(message.keys()) & {"Message-ID", "In-Reply-To", "Date", "To", "Cc"} == set()


def test_a_blacked_out_person_is_a_name_without_an_address() -> None:
    people = ("to: Grace <[redacted 1: 19.36(13)]>", "to: ann@mail.example", "[redacted 2: 905.03]")
    message = read(rebuild(mail(author="[redacted 3: 905.03]", handle="", recipients=people), ()))
    assert message["From"].groups[0].display_name == "[redacted 3: 905.03]"
    assert message["From"].addresses == ()
    assert [one.addr_spec for one in message["To"].addresses] == ["ann@mail.example"]
    assert message["To"].groups[0].display_name == "Grace <[redacted 1: 19.36(13)]>"
    assert "[redacted 2: 905.03]" in message["X-Muniment-Recipients"]


def test_attachments_come_along_with_their_names_and_bytes(tmp_path: Path) -> None:
    files: list[tuple[ReleasedAttachment, Path]] = []
    for name, kind in (("pool 游泳池.jpg", "image/jpeg"), ("a\r\nX-Evil: 1.eml", "message/rfc822"), ("", "no type")):
        path = tmp_path / str(len(files))
        path.write_bytes(f"bytes of {len(files)}\r\n".encode())
        files.append((productions.attachment(name, "media/x", path.read_bytes(), kind), path))
    payload = rebuild(mail(), files)
    parts = list(read(payload).iter_attachments())
    assert [part.get_filename() for part in parts] == ["pool 游泳池.jpg", "a X-Evil: 1.eml", "attachment"]
    assert [part.get_content_type() for part in parts] == ["image/jpeg", *["application/octet-stream"] * 2]
    assert [part.get_payload(decode=True) for part in parts] == [
        b"bytes of 0\r\n",
        b"bytes of 1\r\n",
        b"bytes of 2\r\n",
    ]
    assert payload == rebuild(mail(), files)
    assert b"\nX-Evil" not in payload


def test_a_text_cannot_end_its_part_though_it_knows_how_boundaries_look(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    files = [(productions.attachment("a.bin", "media/a", b"x", "application/pdf"), path)]
    first = rebuild(mail(text="before"), files)
    boundary = read(first).get_boundary()
    text = f"before\n--{boundary}\nContent-Type: text/html\n\n<b>evil</b>\n--{boundary}--"
    message = read(rebuild(mail(text=text), files))
    body = message.get_body()
    assert body is not None
    assert said(body) == text
    assert len(list(message.iter_attachments())) == 1


hostile = st.one_of(
    st.text(max_size=120),
    st.lists(
        st.sampled_from(["\r\n", "\n", "\r", "Bcc: evil@x.example", "\x85", "\u2028", "\0", "=?utf-8?q?=0AX:1?=", ",",
                         ";", "<", ">", '"', "\\", "(", ")", "@", " ", "游泳", "é", "\ud800", "[redacted]", "a" * 90]),
        max_size=12,
    ).map("".join),
)  # fmt: skip
HEADERS = {
    "From", "To", "Cc", "X-Muniment-Recipients", "Date", "Subject", "Message-ID", "In-Reply-To", "X-Muniment-Bates",
    "X-Muniment-Redacted", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
}  # fmt: skip


@given(hostile, hostile, hostile, hostile, hostile)
def test_no_value_can_start_a_header_and_every_message_is_ascii(
    author: str, handle: str, title: str, text: str, who: str
) -> None:
    record = mail(
        author=author, handle=handle, title=title, text=text, native_id=who, parent=handle,
        recipients=(f"to: {who} <{handle}>", f"cc: {who}", who), bates=title,
    )  # fmt: skip
    payload = rebuild(record, ())
    assert payload == rebuild(record, ())
    assert payload.isascii()
    head = payload.partition(b"\r\n\r\n")[0]
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert b"\r" not in head.replace(b"\r\n", b"")
    message = email.message_from_bytes(payload)
    assert len(message.keys()) == len(set(message.keys()))
    assert set(message.keys()) <= HEADERS
    assert max(map(len, head.split(b"\r\n"))) <= 998


@given(hostile)
def test_a_subject_and_a_text_are_read_as_they_were_released(words: str) -> None:
    words = words.encode("utf-8", "replace").decode()
    message = read(rebuild(mail(title=words, text=words), ()))
    assert letters(message.get_content()) == letters(words)
    assert letters(message["Subject"]) == letters(words)


def letters(text: str) -> str:
    return "".join(one for one in text if one.isalnum())
