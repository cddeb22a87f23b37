"""Words in PDFs, page by page."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from ingest.words import traces
from ingest.words.said import MOST, Said, Unreadable

PAGES = 10_000
"""Pages of one PDF that are read."""


def of_pdf(path: Path) -> Said:
    """Return the words of a PDF; pages that are pictures have none and are told."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        reason = "it asks for a password" if "password" in str(error).lower() else f"it is damaged ({error})"
        raise Unreadable(reason) from error
    how = f"pypdfium2 {pypdfium2.PYPDFIUM_INFO}"
    with closing(pdf):
        count = len(pdf)
        parts: list[str] = []
        bare = broken = size = 0
        for number in range(min(count, PAGES)):
            try:
                with closing(pdf[number]) as page, closing(page.get_textpage()) as text:
                    words = text.get_text_range().replace("\ufffe", "").replace("\r\n", "\n")
            except pypdfium2.PdfiumError:
                broken += 1
                continue
            bare += not words.strip()
            parts.append(words)
            size += len(words)
            if size > MOST:
                break
    faults = [f"{bare} of {count} pages have no words: they may be pictures"] if bare else []
    faults += [f"{broken} of {count} pages are damaged"] if broken else []
    faults += [f"only its first {PAGES:,} pages were read"] if count > PAGES else []
    return Said("\n\n".join(parts), how, "; ".join(faults), traces.in_file(path))
