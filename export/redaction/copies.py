"""A copy of an attachment in which boxes and pages are burnt over, whatever it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from export.redaction.pages import redact_pages
from export.redaction.pictures import RedactedPicture, redact_picture
from export.redaction.refusals import CannotBeOpened, NoSuchPage, TooLargeToRedact
from export.redaction.regions import Region, parse

CANNOT_BE_BURNT = (CannotBeOpened, NoSuchPage, TooLargeToRedact)


def burnt_over(source: Path, media_type: str, marks: Sequence[str], name: str = "") -> RedactedPicture:
    """Return a copy in which marks are burnt over: boxes ("1,10,20.5,30,5") and, in a PDF, whole pages ("2").

    Raises one of ``CANNOT_BE_BURNT`` for what is neither a picture nor a PDF, or cannot be shown.
    """
    boxes = [parse(one) for one in marks if "," in one]
    pages = {int(one) for one in marks if one and "," not in one}
    if media_type == "application/pdf":
        return RedactedPicture(payload=redact_pages(source, boxes, pages, name), media_type=media_type)
    if media_type.startswith("image/") and pages <= {1}:
        whole = [Region(1, 0, 0, 10_000, 10_000)] if pages else []
        return redact_picture(source, [*boxes, *whole], name)
    raise CannotBeOpened(name or source.name, "only pictures and PDFs can be burnt over here")
