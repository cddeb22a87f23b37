"""Boxes on a page or picture: whole numbers, so that they are kept, compared and hashed without rounding."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from msgspec import Struct

from archive.errors import MunimentError

WHOLE = 10_000
"""The whole width or height, in hundredths of a percent."""

_NUMBER = r"\s*(\d{1,3}(?:\.\d{1,20})?)\s*%?\s*"
_TYPED = re.compile(rf"\s*([1-9]\d{{0,5}})\s*,{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}", re.ASCII)


class BadRegion(MunimentError):
    """A box that a person typed cannot be understood, or lies outside the page."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"“{text}” is not a box: write PAGE,X,Y,WIDTH,HEIGHT in percent of the page, counted from its top left "
            "corner, such as 1,10,20.5,30,5; X and Y are below 100, width and height above 0."
        )


class Region(Struct, frozen=True, order=True):
    """A box, in hundredths of a percent (0–10,000) of the page or picture as a person sees it.

    ``page`` counts from 1 and is 1 for a picture; ``x`` and ``y`` are the distance of the box's top left corner from
    that of the page, after a picture's EXIF orientation or a page's rotation has been applied.
    """

    page: int
    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        fits_across = 0 <= self.x < self.x + self.width <= WHOLE
        if not (self.page >= 1 and fits_across and 0 <= self.y < self.y + self.height <= WHOLE):
            raise BadRegion(str(self))

    def __str__(self) -> str:
        """Return the one way to write this box: "1,10,20.5,30,5"."""
        measures = (_percent(one) for one in (self.x, self.y, self.width, self.height))
        return ",".join((str(self.page), *measures))

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return left, top, right, bottom in whole pixels, rounded outwards; right and bottom lie just outside."""
        return (
            self.x * width // WHOLE,
            self.y * height // WHOLE,
            -(-(self.x + self.width) * width // WHOLE),
            -(-(self.y + self.height) * height // WHOLE),
        )


def parse(text: str) -> Region:
    """Read what a person types, ``PAGE,X,Y,WIDTH,HEIGHT`` in percent.

    What runs over the right or lower edge ends there, and finer numbers than hundredths widen the box, so that a box
    never covers less than was meant. Raises :class:`BadRegion`.
    """
    typed = _TYPED.fullmatch(text)
    if typed is None:
        raise BadRegion(text)
    x, y, width, height = (Decimal(one) for one in typed.groups()[1:])
    if width == 0 or height == 0:
        raise BadRegion(text)
    left, right = _span(x, width)
    top, bottom = _span(y, height)
    if left >= WHOLE or top >= WHOLE:
        raise BadRegion(text)
    return Region(int(typed[1]), left, top, right - left, bottom - top)


def _span(start: Decimal, length: Decimal) -> tuple[int, int]:
    begin = int((start * 100).to_integral_value(ROUND_FLOOR))
    end = int(((start + length) * 100).to_integral_value(ROUND_CEILING))
    return begin, min(end, WHOLE)


def _percent(hundredths: int) -> str:
    sign, size = ("-" if hundredths < 0 else ""), abs(hundredths)
    fraction = f"{size % 100:02}".rstrip("0")
    return f"{sign}{size // 100}{'.' if fraction else ''}{fraction}"
