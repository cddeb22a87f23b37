"""The interface of everything that writes into a bundle."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct

from export.bundle.bag import Bag
from export.released import Production


class Entry(Struct, frozen=True):
    """A line of START-HERE: the files that belong together, and what they are.

    ``paths`` begin at the top of the bag ("data/records.csv"); one that ends with ``/`` is a folder.
    """

    paths: tuple[str, ...]
    says: str


class BundleWriter(ABC):
    """Writes one form of a production. It sees released values only."""

    waits: ClassVar[bool] = False
    """Whether this form is made by other processes, while the forms that this one makes are written."""

    @abstractmethod
    def write(self, production: Production, bag: Bag) -> None:
        """Write this form into the bag; the same production gives the same bytes."""

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return this form's lines of START-HERE; asked for when every form is in the bag."""
        return ()
