"""Whom a message reached: by the report of its sending, by the lists of that moment, or by its own headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive import clock
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.records import Version
from archive.subscribers import list_sent_to
from archive.version_digest import stored_time
from search.context import current
from search.subscribers import Answered, around, as_of, shown_in, sums

FROM_THE_SENDER = ("public", "followers")
"""Audiences of a message as its sender's account keeps it; a copy that came to a mailbox is private, and names that."""


class NotSent(MunimentError):
    """A record names nobody that it was sent to, and its account (or the one named) has no such list."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, record: int, account: str) -> None:
        super().__init__(
            f"Record {record} was sent to no list that the archive knows of {account} at its moment."
            f" `muniment subscribers {account} --lists` shows that account's lists; if it went through another's, say"
            f" `muniment subscribers ACCOUNT --for {record}`."
        )


class NoMessage(MunimentError):
    """A record is somebody on a list, and reached nobody."""

    exit_code = ExitCode.USAGE

    def __init__(self, record: int) -> None:
        super().__init__(
            f"Record {record} is a subscriber, no message. `muniment subscribers --person ADDRESS` shows the lists that"
            " a person is on; name a message with --for."
        )


def of_message(archive: Archive, record: int, account: str = "", list_name: str | None = None) -> Answered:
    """Return whom a message reached: from its recipient report, else reconstructed from the lists of that moment.

    ``account`` is whose lists it went through, where it lies in another (a mailbox); ``list_name`` which of them. A
    message that came through no list is answered by its own headers.
    """
    sent = current(archive, record)
    if sent.kind == "subscriber":
        raise NoMessage(record)
    told = _addressees(sent, "to")
    if told and sent.content.list_name and sent.content.audience in FROM_THE_SENDER and not account:
        rows = [row | {"basis": "told"} for row in told]
        return Answered(rows, [f"{len(rows):,} people, as the recipient report of this very message tells."])
    account = account or sent.account
    wanted = list_name or list_sent_to(archive, account, sent.content.list_name)
    rows = _on_lists(archive, sent, account, wanted)
    if rows:
        said = sums(rows) if wanted else [f"Possibly {len(rows):,} people."]
        return Answered(rows, [*said, *_reconstructed(archive, sent, account, wanted)])
    rows = [row | {"basis": "headers"} for row in _addressees(sent, "to", "cc", "bcc")]
    if not rows or list_name or account != sent.account:
        raise NotSent(record, account)
    return Answered(rows, [f"{len(rows):,} people, as its own headers name them.", _through_a_list(record)])


def _addressees(sent: Version, *roles: str) -> list[dict[str, Any]]:
    common = {"account": sent.account, "list_name": sent.content.list_name}
    found = [one for one in sent.content.recipients if one.role in roles]
    return [common | {"name": one.name, "address": one.address, "role": one.role} for one in found]


def _on_lists(archive: Archive, sent: Version, account: str, wanted: str | None) -> list[dict[str, Any]]:
    """Return the people of a list when a message was sent; of all lists, none of them sure, if none is known."""
    if sent.content.created is None or sent.content.created.at is None:
        return []
    rows = as_of(archive, account, wanted, stored_time(sent.content.created.at))
    unsure = {} if wanted else {"on": "possibly"}
    return [row | unsure | {"basis": "reconstructed"} for row in rows]


def _reconstructed(archive: Archive, sent: Version, account: str, wanted: str | None) -> Iterator[str]:
    """Yield what the people of a list at a moment rest on."""
    if not wanted:
        said = f"calls its list “{sent.content.list_name}”, which is" if sent.content.list_name else "names"
        yield (
            f"The message {said} none of the lists of {account}: everybody on any of them is shown, none as sure. "
            f"Name the list: `muniment subscribers {account} --for {sent.record} --list NAME`."
        )
    copies = ", ".join(row["address"] or row["name"] for row in _addressees(sent, "to"))
    if copies and sent.content.audience == "private":
        yield f"What is held is one copy of it, sent to {copies}."
    moment = stored_time(sent.content.created.at) if sent.content.created and sent.content.created.at else ""
    near = around(archive, shown_in(archive, account, wanted), moment)
    yield (
        "Reconstructed: no recipient report of this message is held. These are the people of the list when it was sent "
        f"({clock.in_words(clock.read_stored(moment), archive.timezone)}), as follows from {' and '.join(near)}."
    )


def _through_a_list(record: int) -> str:
    return (
        "Whom a list sent it on to is not among them. If it is a bulletin, name the account of its lists: "
        f"`muniment subscribers ACCOUNT --for {record} --list NAME`."
    )
