"""Long bodies are read in pieces: what is read is the same, and memory stays that of the message itself."""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.measure import run
from demo.outlook import Item, store
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft, SourceAttachment
from ingest.mail import cutting, message
from ingest.mail.mbox import split
from ingest.registry import identify

NEVER = 1 << 40
HEAD = b"From: Clerk <clerk@milbrook.example>\r\nSubject: Plans\r\nMessage-ID: <plans@milbrook.example>\r\n"


def content(one: SourceAttachment) -> bytes:
    if one.member is None:
        return one.payload or b""
    with one.member.open_as_found() as stream:
        return stream.read()


def read(raw: bytes, worth: int = cutting.WORTH_CUTTING) -> tuple[object, ...]:
    """Return all that is read of a message, the contents of its files included."""
    *remarks, draft = message.draft(raw, "x", worth)
    assert isinstance(draft, Draft)
    files = [(one.name, one.alt, content(one)) for one in draft.attachments]
    said = [one.reason for one in remarks if isinstance(one, Defect)]
    return draft.title, draft.text, draft.author, draft.native, draft.details, files, said


# -- whatever stands in a message, cutting it changes nothing

ENDS = st.sampled_from([b"\r\n", b"\n", b"\r"])
NAMES = st.sampled_from([b"b", b"b1", b"b:1", b"-"])
ENCODINGS = st.sampled_from([b"base64", b"quoted-printable", b"x-uuencode", b"8bit", b"7bit", b"Base64", b""])
TYPES = st.sampled_from([b"text/plain", b"text/html", b"application/pdf", b"message/rfc822", b"multipart/mixed"])
LINES = st.sampled_from(
    [
        b"QUJDREVGR0g=", b"QUJDREVGR0hJSktM", b"Zm9v*YmFy", b"A=B=C", b"caf\xc3\xa9", b"caf=C3=A9 =",
        b"begin 644 a", b"#86)C", b"end", b"", b"--", b"--b", b"--b--", b"--b1", b"-- ",
        b"From here", b"Note: a line", b" folded", b"~cut~0;",
    ]
)  # fmt: skip


@st.composite
def parts(draw: st.DrawFn, depth: int = 2) -> bytes:
    """Draw a part of a message, headers and body, whole or damaged."""
    end, boundary, kind = draw(ENDS), draw(NAMES), draw(TYPES)
    head = [b"Content-Type: " + kind + b'; boundary="' + boundary + b'"']
    head.append(b"Content-Transfer-Encoding: " + draw(ENCODINGS))
    if draw(st.booleans()):
        head.append(b'Content-Disposition: attachment; filename="a.bin"')
    inner: list[bytes] = draw(st.lists(LINES, max_size=8))
    if draw(st.booleans()):
        inner = [base64.b64encode(draw(st.binary(max_size=120)))]
    if depth and kind.startswith((b"multipart", b"message")):
        inner = draw(st.lists(LINES, max_size=2))
        for one in draw(st.lists(parts(depth - 1), max_size=3)):
            inner += [b"--" + boundary, one] if kind.startswith(b"multipart") else [one]
        inner.append(b"--" + boundary + b"--")
    blank = [b""] if draw(st.integers(0, 9)) else []
    return end.join([*head, *blank, *inner])


@settings(max_examples=300, deadline=None)
@given(parts(), st.integers(4, 60))
def test_whatever_is_cut_out_of_a_message_reads_as_if_nothing_were(part: bytes, worth: int) -> None:
    raw = HEAD + part
    assert read(raw, worth) == read(raw, NEVER)


def mail(*encoded: bytes, encoding: bytes = b"base64", kind: bytes = b"application/pdf") -> bytes:
    """Return a mail with files, written as they come."""
    head = (
        HEAD + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nSee attached.\r\n'
    )
    part = b'--b\r\nContent-Type: %b; name="plans"\r\nContent-Transfer-Encoding: %b\r\n\r\n%b\r\n'
    return head + b"".join(part % (kind, encoding, one) for one in encoded) + b"--b--\r\n"


PLANS = bytes(range(256)) * 12_000
"""Three megabytes, more than are held of a decoded file."""


@pytest.mark.parametrize(
    ("encoded", "held"),
    [
        (base64.encodebytes(PLANS), PLANS),
        (base64.encodebytes(PLANS)[:-3], PLANS[:-2]),
        (base64.encodebytes(PLANS).replace(b"A", b"*A", 1), PLANS),
        (base64.encodebytes(PLANS[:-1]) + base64.encodebytes(PLANS), PLANS[:-1]),
    ],
    ids=["whole", "cut off", "a sign that is none", "two in one"],
)
def test_a_large_file_in_base64_is_decoded_as_far_as_it_goes(encoded: bytes, held: bytes) -> None:
    draft = list(message.draft(mail(encoded), "x"))[-1]
    assert isinstance(draft, Draft)
    assert draft.attachments[0].member is not None
    assert content(draft.attachments[0]) == held
    assert content(draft.attachments[0]) == held  # as often as asked for


def test_a_large_message_inside_a_message_is_kept_whole() -> None:
    inner = mail(base64.encodebytes(PLANS)).replace(b"\r\n", b"\n")
    raw = mail(inner, encoding=b"7bit", kind=b"message/rfc822")
    draft = list(message.draft(raw.replace(b'boundary="b"', b'boundary="a"', 1).replace(b"--b", b"--a", 1), "x"))[-1]
    assert isinstance(draft, Draft)
    assert read(raw) == read(raw, NEVER)


# -- memory

PEAK = """
import resource, sys
from pathlib import Path
from ingest.backup import Backup
from ingest.registry import identify
backup = Backup.open([Path(sys.argv[1])])
for one in identify(backup).read(backup):
    del one
"""


def _mbox(raw: bytes) -> bytes:
    lines = raw.replace(b"\r\n", b"\n")
    return b"".join(
        b"From clerk@milbrook.example Mon Mar  2 10:00:00 2026\n"
        + lines.replace(b"<plans", b"<plans%d" % number)
        + b"\n"
        for number in range(2)
    )


def _emlx(raw: bytes) -> bytes:
    return b"%d\n" % len(raw) + raw


@pytest.mark.parametrize(
    ("name", "written"), [("plans.eml", bytes), ("plans.mbox", _mbox), ("1.emlx", _emlx)], ids=["eml", "mbox", "emlx"]
)
def test_a_large_mail_takes_little_more_memory_than_its_own_bytes(tmp_path: Path, name: str, written: object) -> None:
    assert callable(written)
    raw = mail(base64.encodebytes(PLANS * 10))
    (tmp_path / name).write_bytes(written(raw))
    (tmp_path / "small.eml").write_bytes(HEAD + b"\r\nHello")
    command = [sys.executable, "-c", PEAK]
    small, large = (run([*command, str(tmp_path / one)]) for one in ("small.eml", name))
    assert (small.code, large.code) == (0, 0)
    assert (large.memory - small.memory) * (1 << 20) < 1.8 * len(raw)


def test_a_large_file_in_an_outlook_store_takes_little_more_memory_than_its_own_bytes(tmp_path: Path) -> None:
    item = Item(subject="Plans", message_id="<plans@milbrook.example>", files=[("plans.pdf", PLANS * 10)])
    for name, files in (("small.pst", []), ("large.pst", item.files)):
        one = Item(subject=item.subject, message_id=item.message_id, files=files)
        (tmp_path / name).write_bytes(store({"Inbox": [one]}))
    small, large = (run([sys.executable, "-c", PEAK, str(tmp_path / f"{one}.pst")]) for one in ("small", "large"))
    assert (small.code, large.code) == (0, 0)
    assert (large.memory - small.memory) * (1 << 20) < 2.5 * len(PLANS * 10)
    (draft,) = [one for one in _read(tmp_path / "large.pst") if isinstance(one, Draft)]
    assert draft.attachments[0].payload == PLANS * 10


def _read(path: Path) -> list[object]:
    backup = Backup.open([path])
    return list(identify(backup).read(backup))


# -- a mailbox is split while it streams


class Trickle(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 1000))


def test_a_mailbox_is_split_the_same_however_it_is_read() -> None:
    padding = b"x" * 70 + b"\n"
    letters = [b"Subject: %d\n\n" % number + padding * (number * 7) + b">From here\n" for number in range(40)]
    mailbox = b"".join(b"From clerk@milbrook.example Mon Mar  2 10:00:00 2026\n" + one + b"\n" for one in letters)
    expected = [one.replace(b">From", b"From") for one in letters]
    assert list(split(io.BytesIO(mailbox))) == expected
    assert list(split(Trickle(mailbox))) == expected
