"""Who was on a list when, and how that is known: spans out of what a list tells and what its backups show.

A list that tells times (a consent, an unsubscription) is believed to the second. Where it does not, a
change happened at some moment between two backups, and nobody can say when: it is *possible* from the
first of them on and *sure* from the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

ON_NO_LIST = ("removed", "draft")
"""Audiences of a subscriber who has left, or who is known and has not joined."""

Answer = Literal["yes", "possibly", "no"]


class Change(Struct, frozen=True):
    """Somebody joined (``on``) or left a list after ``after`` and at ``by`` at the latest; stored UTC times.

    ``after`` is empty where nothing before is known: whoever is in the first backup joined at any time before.
    ``told`` means that the list itself tells the moment; ``after`` and ``by`` are then the same.
    ``ended_by`` says who ended it where that is known: author (the person), city, platform (a bounce).
    """

    on: bool
    after: str
    by: str
    told: bool = False
    ended_by: str = ""

    def answer(self, moment: str) -> Answer:
        """Say whether the change has happened at a moment."""
        if self.by <= moment:
            return "yes"
        return "no" if self.told or moment <= self.after else "possibly"


class Shown(Struct, frozen=True):
    """What one version, or one comparison of backups, shows of a subscriber.

    ``on`` says whether the person is on the list then; ``after`` and ``by`` are the backups between which that
    came about. ``told_at`` is when it did as the list itself tells, empty where it does not.
    """

    on: bool
    after: str
    by: str
    told_at: str = ""
    ended_by: str = ""


def changes(shown: Iterable[Shown], told_join: str = "") -> Iterator[Change]:
    """Yield the joins and leaves that a subscriber's versions and findings amount to, in their order.

    ``told_join`` is when the list says that somebody joined whom the archive only knows as having left; without
    it, they joined at any time before they left.
    """
    here = False
    last = ""
    for number, one in enumerate(shown):
        if number == 0 and not one.on and one.told_at:
            is_told = "" < told_join < one.told_at
            yield Change(True, told_join if is_told else "", told_join if is_told else one.told_at, is_told)
            here = True
        if one.on == here:
            continue
        here = one.on
        told = one.told_at if one.told_at > last else ""
        by = told or one.by
        yield Change(here, told or max(one.after, last), by, bool(told), "" if here else one.ended_by)
        last = by


def answer(made: Iterable[Change], moment: str) -> Answer:
    """Say whether a subscriber was on the list at a moment (stored UTC time)."""
    here: Answer = "no"
    for one in made:
        happened = one.answer(moment)
        if happened == "no":
            break
        if happened == "possibly":
            return "possibly"
        here = "yes" if one.on else "no"
    return here
