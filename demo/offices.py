"""Offices whose mailboxes have a life together."""

from __future__ import annotations

from msgspec import Struct

from demo import story, texts
from demo.people import Person


class Office(Struct, frozen=True):
    """An office with a mailbox: its account, its address, and what it writes of (``voice``).

    ``handover`` is what it writes above a conversation that it gives to the other office.
    """

    account: str
    department: str
    title: str
    person: Person
    voice: str
    handover: str


class Offices(Struct, frozen=True):
    """Two offices that write to each other. The first has most of the mail; ``chance`` names their own chance.

    ``story`` says that the pool's story is told in their letters; offices without one clear out a few letters.
    """

    chance: str
    first: Office
    second: Office
    conversations: int = 70
    story: bool = False


def clerk_and_parks() -> Offices:
    """Return the two offices to which the story of the swimming pool happens."""
    people = story.cast()
    clerk, parks = texts.book().letters.handovers
    return Offices(
        "mail",
        Office("mail-clerk", "Clerk-Treasurer", "Mailbox of the City Clerk", people["clerk"], "city", clerk),
        Office("mail-parks", "Parks", "Mailbox of Parks and Recreation", people["parks"], "parks", parks),
        story=True,
    )
