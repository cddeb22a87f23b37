"""What really happens in Milbrook: who writes what, what becomes of it, and who is on which list.

Nothing here knows a platform's files. A writer (``x_archive``, ``facebook_export``, …) is given an account
and a moment, and writes the backup that its platform would have given then. All moments are aware UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from demo.people import Person

By = Literal["city", "author", "platform"]
Motif = Literal["landscape", "pool", "plow", "map", "gate", "park"]
Platform = Literal[
    "x", "facebook", "email", "mailchimp", "govdelivery", "slack", "teams", "sms", "whatsapp", "google-voice",
    "google-chat", "discord", "telegram",
]  # fmt: skip

Event = Literal["", "joined", "placed", "received", "missed"]


class Media(Struct, frozen=True, kw_only=True):
    """A picture (JPEG) or a short video (WebM): its file's name, the seed it is drawn from, its description.

    ``motif`` is what it shows, by the seed where empty. ``captions`` are the spoken lines of a video; the
    platform offers them as a file of their own.
    """

    name: str
    seed: int
    video: bool = False
    alt: str = ""
    captions: tuple[str, ...] = ()
    motif: Motif | Literal[""] = ""


class Wording(Struct, frozen=True):
    """What an entry says from a moment on.

    ``told`` means that the platform's history of edits tells of this change: Facebook's does of some, and
    of others says nothing.
    """

    at: datetime
    text: str
    told: bool = False


class Absence(Struct, frozen=True):
    """A span in which an entry is gone or hidden; ``until`` None: it has not come back.

    ``trashed`` means that the platform keeps it in the account's trash for thirty days.
    """

    since: datetime
    until: datetime | None
    by: By
    how: Literal["deleted", "hidden"]
    trashed: bool = False


class Entry(Struct, kw_only=True):
    """A post, comment, message, article or page and its fate. ``author`` None is the account itself; ids are the
    platform's own.

    ``parent`` is the id of what it answers, ``thread`` that of the post at the top; both empty for a post.
    ``wordings`` are in order of time, the first at the moment of writing. ``title`` stays what it is, and is
    empty on platforms that know none. ``event`` is what it is instead of words: its author came into the channel,
    or called or was called.
    """

    id: str
    kind: Literal["post", "comment", "message", "article", "page"]
    wordings: tuple[Wording, ...]
    author: Person | None = None
    title: str = ""
    parent: str = ""
    thread: str = ""
    language: str = "en"
    media: tuple[Media, ...] = ()
    absences: tuple[Absence, ...] = ()
    likes: int = 0
    event: Event = ""

    @property
    def at(self) -> datetime:
        """When it was written."""
        return self.wordings[0].at

    def wording(self, moment: datetime) -> Wording:
        """Return what it says at a moment."""
        return [one for one in self.wordings if one.at <= moment][-1]

    def absence(self, moment: datetime) -> Absence | None:
        """Return why it is not to be seen at a moment, None if it is."""
        for one in self.absences:
            if one.since <= moment and (one.until is None or moment < one.until):
                return one
        return None

    def is_there(self, moment: datetime) -> bool:
        """Return whether it is not deleted at a moment; it may be hidden."""
        absence = self.absence(moment)
        return absence is None or absence.how == "hidden"


class Line(Struct, frozen=True):
    """One private message; ``author`` None is the city."""

    id: str
    at: datetime
    text: str
    author: Person | None = None


class Reaction(Struct, frozen=True):
    """What the account itself thought of somebody's entry (by its id): LIKE, LOVE, CARE, …"""

    at: datetime
    entry: str
    how: str = "LIKE"


class Conversation(Struct, kw_only=True):
    """Private messages between the account and one citizen, in order of time."""

    id: str
    person: Person
    lines: tuple[Line, ...]


class Channel(Struct, kw_only=True):
    """What several people say to each other in one place, by time: a channel, a chat, what goes to and from a number.

    ``members`` are those beside the account itself; ``open`` is what all or many may read.
    """

    id: str
    name: str
    sort: Literal["open", "group", "direct"]
    members: tuple[Person, ...]
    entries: list[Entry] = []


class Subscription(Struct, kw_only=True):
    """One person on one list, from joining to leaving; who comes back has a second one with the same id.

    ``left_by`` tells who ended it: the person, or the platform (an address that bounces); empty with a
    ``left_at`` is a row that the city took off its list, without a trace. ``ip`` is where the consent came
    from (documentation addresses only, RFC 5737). ``retagged`` are tags that the city gave it later, by time.
    """

    id: str
    person: Person
    list_name: str
    joined_at: datetime
    left_at: datetime | None = None
    left_by: Literal["", "author", "platform"] = ""
    ip: str = ""
    tags: tuple[str, ...] = ()
    retagged: tuple[tuple[datetime, tuple[str, ...]], ...] = ()

    def tags_at(self, moment: datetime) -> tuple[str, ...]:
        """Return the tags that it has at a moment."""
        return [self.tags, *(tags for at, tags in self.retagged if at <= moment)][-1]

    def stands(self, moment: datetime) -> bool:
        """Say whether the person is on the list at a moment."""
        return self.joined_at <= moment and (self.left_at is None or moment < self.left_at)


class Newsletter(Struct, kw_only=True):
    """One issue sent to one list."""

    id: str
    list_name: str
    at: datetime
    subject: str
    text: str


class Enclosure(Struct, frozen=True):
    """A file that goes with a letter: a photograph, a page (PDF) or a table (CSV), drawn from its seed."""

    name: str
    sort: Literal["picture", "document", "table"]
    seed: int


class Letter(Struct, kw_only=True):
    """One mail, and the ids of those it answers, oldest first.

    ``deleted_at`` is when it was taken out of the mailbox; ``list_id`` is that of a mailing list.
    """

    id: str
    at: datetime
    sender: Person
    to: tuple[Person, ...]
    subject: str
    text: str
    answers: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    html: bool = False
    charset: str = "utf-8"
    list_id: str = ""
    privileged: bool = False
    deleted_at: datetime | None = None

    @property
    def thread(self) -> str:
        """The id of the letter that began the conversation."""
        return self.answers[0] if self.answers else self.id


class Account(Struct, kw_only=True):
    """One account of the city and all that ever happened on it.

    ``name`` is its id in Muniment, ``handle`` and ``native_id`` the platform's.
    """

    name: str
    platform: str
    department: str
    title: str
    handle: str
    native_id: str = ""
    biography: tuple[Wording, ...] = ()
    entries: list[Entry] = []
    conversations: list[Conversation] = []
    channels: list[Channel] = []
    subscriptions: list[Subscription] = []
    newsletters: list[Newsletter] = []
    letters: list[Letter] = []
    reactions: list[Reaction] = []

    def standing(self, moment: datetime) -> list[Entry]:
        """Return what was written by a moment and is not deleted then; what answers a deleted entry is gone with it.

        Hidden entries stand. The order is that of time.
        """
        found: dict[str, Entry] = {}
        for one in sorted(self.entries, key=lambda one: one.at):
            if one.at <= moment and one.is_there(moment) and (not one.parent or one.parent in found):
                found[one.id] = one
        return list(found.values())
