"""Mail in which a platform tells of a post or an answer stays a mail, and says of what it tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.outlook import Item, msg
from ingest.backup import Backup
from ingest.ingestor import Draft
from ingest.registry import identify

LINK = "https://nextdoor.com/p/Abc123-xY?token=of-the-reader"
ADDRESS = "https://nextdoor.com/p/Abc123-xY"
SENDER = "reply@ss.email.nextdoor.com"


def only(path: Path) -> Draft:
    backup = Backup.open([path])
    (draft,) = [one for one in identify(backup).read(backup) if isinstance(one, Draft)]
    return draft


def eml(folder: Path, sender: str, body: str) -> Path:
    path = folder / "notice.eml"
    path.write_text(
        f"From: Nextdoor <{sender}>\nTo: clerk@milbrook.example\nSubject: A neighbor answered\n"
        f"Message-ID: <n1@notices.example>\nContent-Type: text/html\n\n{body}\n"
    )
    return path


def test_a_notification_of_nextdoor_names_the_post_and_stays_a_mail(tmp_path: Path) -> None:
    draft = only(eml(tmp_path, SENDER, f'<p>Is the pool open? <a href="{LINK}">See</a></p>'))
    assert (draft.kind, draft.author.handle, draft.url) == ("email", SENDER, ADDRESS)
    assert draft.details["Notification"].startswith("from Nextdoor")
    assert "not verified" in draft.details["Notification"]


def test_a_notification_says_the_same_out_of_outlook(tmp_path: Path) -> None:
    item = Item(subject="A neighbor answered", html=f'<a href="{LINK}">See</a>'.encode(), author=("Nextdoor", SENDER))
    (tmp_path / "notice.msg").write_bytes(msg(item))
    draft = only(tmp_path / "notice.msg")
    assert (draft.kind, draft.url) == ("email", ADDRESS)
    assert draft.details["Notification"].startswith("from Nextdoor")


@pytest.mark.parametrize(
    ("sender", "body"),
    [
        ("clerk@milbrook.example", LINK),
        ("reply@nextdoor.com.mail.example", LINK),
        ("reply@not-nextdoor.com", LINK),
        (SENDER, "Your weekly digest"),
        (SENDER, "https://mail.example/?to=nextdoor.com/p/Abc123"),
        (SENDER, "https://nextdoor.com/news_feed/?post=1"),
    ],
)
def test_what_is_no_notification_by_sender_and_link_is_not_called_one(tmp_path: Path, sender: str, body: str) -> None:
    draft = only(eml(tmp_path, sender, body))
    assert (draft.url, draft.details.get("Notification")) == ("", None)
