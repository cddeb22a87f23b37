"""Where the rooms meet: an archive opened together with its finder and its followers.

Commands and the records desk open archives here and nowhere else, so both keep the same promises: what
was taken in is searchable and has an expiry date as soon as the command ends.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from archive import users
from archive.archive import Actor, Archive
from archive.followers import Follower, Progress
from archive.stops import Stopper
from ingest.words.follower import AttachmentTexts
from retention_schedules.expiry import Expiry
from retention_schedules.holds.catching import Holds
from retention_schedules.holds.standing import Standing
from retention_schedules.papers import Paper
from search.find import Finder
from search.index import SearchIndex


class House(Struct, frozen=True):
    """An opened archive, what finds in it, and what follows its ledger."""

    archive: Archive
    finder: Finder
    texts: AttachmentTexts
    index: SearchIndex
    expiry: Expiry
    holds: Holds

    @property
    def stoppers(self) -> tuple[Stopper, ...]:
        """Whoever keeps records besides the schedules: holds, open requests."""
        return (self.holds,)

    @property
    def followers(self) -> tuple[Follower, ...]:
        """Everything that is derived from the ledger and catches up with it."""
        return (self.texts, self.index, self.holds, self.expiry)

    def catch_up(self, progress: Progress | None = None) -> None:
        """Bring every follower to the ledger's head; a hold that catches something moves it once more."""
        if not self.texts.position and self.index.position:
            self.texts.catch_up(progress)
            if self.texts.has_words:  # which what was indexed before did not have
                self.index.rebuild(progress)
        for _ in range(3):
            for follower in self.followers:
                follower.catch_up(progress)
            if all(one.position >= self.archive.head() for one in self.followers):
                return

    def rebuild(self, progress: Progress | None = None) -> None:
        """Throw everything derived away and derive it again from ledger and holdings."""
        from archive import state

        with self.archive.state_transaction() as connection:
            state.rebuild(connection)
        for follower in self.followers:
            follower.rebuild(progress)


def system_user() -> str:
    """Return the name of the system's user."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown"


def open_archive(folder: Path, actor: str = "", password: str | None = None) -> Archive:
    """Open an archive for a person at the command line.

    ``actor`` is an assertion, written on the ledger beside the system's user. A registered user who gives
    the password is written as having proved it; a disabled one, or a wrong password, is refused.
    """
    system = system_user()
    archive = Archive.open(folder, Actor(actor or system, f"command line, as {system}"))
    try:
        archive.actor = _proved(archive, archive.actor, password)
    except BaseException:
        archive.close()
        raise
    return archive


def proved(archive: Archive, name: str, password: str | None) -> Actor:
    """Return another person who acts in the same run: the second of two who decide."""
    return _proved(archive, Actor(name, f"command line, as {system_user()}"), password)


def _proved(archive: Archive, actor: Actor, password: str | None) -> Actor:
    known = {user.name: user for user in users.listed(archive)}
    if actor.name in known and known[actor.name].disabled_at is not None:
        raise users.UnknownUser(actor.name)
    if password is None or actor.name not in known:
        return actor
    users.authenticate(archive, actor.name, password)
    return Actor(actor.name, f"{actor.via}, with password", proved=True)


def house(archive: Archive) -> House:
    """Return the archive with its finder and followers."""
    index = SearchIndex(archive, archive.folder / "index")
    finder = Finder(archive, index)
    holds = Holds(archive, finder, lambda: requests_in_the_way(archive))
    return House(archive, finder, AttachmentTexts(archive), index, Expiry(archive, finder), holds)


def requests_in_the_way(archive: Archive) -> Sequence[Standing]:
    """Tell retention which requests protect records today, by their collected sets and searches (19.35(5))."""
    from export.requests.protection import protected

    return [
        Standing(
            kind="request", subject=f"request:{one.number}", name=one.shown, why=one.why, queries=one.queries,
            of_all=not one.is_searched, until=one.until,
        )
        for one in protected(archive)
    ]  # fmt: skip


def printed(paper: Paper, moment: datetime) -> bytes:
    """Return a paper of retention's as a PDF."""
    from export.bundle.pdf.printing import printed as pdf

    return pdf(paper.title, paper.owner, paper.parts(), moment)


@contextmanager
def opened(folder: Path, actor: str = "", password: str | None = None) -> Iterator[House]:
    """Open an archive with everything around it, and close it at the end of the block."""
    with open_archive(folder, actor, password) as archive:
        yield house(archive)
