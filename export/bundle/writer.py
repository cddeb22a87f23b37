"""The interface of everything that writes into a bundle."""

from __future__ import annotations

from abc import ABC, abstractmethod

from export.bundle.bag import Bag
from export.released import Production


class BundleWriter(ABC):
    """Writes one form of a production. It sees released values only."""

    @abstractmethod
    def write(self, production: Production, bag: Bag) -> None:
        """Write this form into the bag; the same production gives the same bytes."""
