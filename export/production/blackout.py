"""A version's words with its redactions applied: what stands in their place, and the list of what and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.records import Content
from export.production.plan import ground_of
from export.redaction.words import Placed, Span, black_out, merged
from export.released import Ground
from export.released import Redaction as ReleasedRedaction
from export.review.exemptions import Exemption
from export.review.fields import is_file, takes_spans, texts
from export.review.redactions import Redaction

CREATED = "created"
SHOWN_AS = {"author.name": "author", "author.handle": "handle", "author.native_id": "author_id", CREATED: "local_time"}
"""Fields of a version by their name in what is released, where the names differ."""


class Blackout:
    """The words of one version as they go out. ``placed`` are its redactions, numbered in the order of reading.

    ``stretches`` are those in words by field, in order: the stretch of the field as it is held, and its marker.
    """

    def __init__(self, content: Content, redactions: Sequence[Redaction], exemptions: Sequence[Exemption]) -> None:
        self._exemptions = exemptions
        self.placed: list[ReleasedRedaction] = []
        self.stretches: dict[str, list[tuple[Span, Placed]]] = {}
        self._held = dict(texts(content)) | {CREATED: ""}
        self._words = dict(self._held)
        self._files: dict[int, list[tuple[Redaction, int]]] = {}
        by_field: dict[str, list[Redaction]] = {}
        for one in redactions:
            by_field.setdefault(one.mark.field, []).append(one)
        for field in [*self._held, *(one for one in by_field if one not in self._held)]:
            if field in by_field:
                self._apply(field, by_field[field])

    def __call__(self, field: str) -> str:
        """Return a field's words as they go out, empty if the version has none."""
        return self._words.get(field, "")

    def hides(self, field: str) -> bool:
        """Say whether anything of a field is blacked out."""
        return self._words.get(field, "") != self._held.get(field, "")

    def listed(self, name: str) -> tuple[str, ...]:
        """Return the elements of a list field: "links", "recipients"."""
        return tuple(self._elements(name))

    def _elements(self, name: str) -> Iterator[str]:
        position = 0
        while f"{name}.{position}" in self._words:
            yield self._words[f"{name}.{position}"]
            position += 1

    def of_file(self, position: int) -> list[tuple[Redaction, int]]:
        """Return what is burnt over in an attachment's file, each with its number."""
        return self._files.get(position, [])

    def _apply(self, field: str, marks: Sequence[Redaction]) -> None:
        if is_file(field):
            for one in marks:
                self._files.setdefault(int(field.split(".")[1]), []).append((one, self._note(field, [one])))
            return
        held = self._held.get(field, "")
        if not held:
            self._words[field], placed = black_out("-", [Span(0, 1, self._citations(marks))], len(self.placed) + 1)
            self._note(field, marks, placed[0])
            return
        stretches = self._stretches(held, marks, whole=not takes_spans(field))
        self._words[field], placed = black_out(held, [span for span, _ in stretches], len(self.placed) + 1)
        for (span, covering), marker in zip(stretches, placed, strict=True):
            self._note(field, covering, marker)
            self.stretches.setdefault(field, []).append((span, marker))

    def _note(self, field: str, marks: Sequence[Redaction], marker: Placed | None = None) -> int:
        number = len(self.placed) + 1
        self.placed.append(
            ReleasedRedaction(
                number=number,
                field=SHOWN_AS.get(field, field),
                start=marker.start if marker else 0,
                stop=marker.stop if marker else 0,
                marker=marker.marker if marker else "",
                ground=self._ground(marks),
                place=_place(marks[0]),
            )
        )
        return number

    def _ground(self, marks: Sequence[Redaction]) -> Ground:
        """Return why a stretch is black: the grounds of all redactions that cover it, each once."""
        grounds = [ground_of(one.exemption, one.reason, self._exemptions) for one in marks]
        codes, citations, titles, reasons = (
            "; ".join(dict.fromkeys(getattr(one, name) for one in grounds))
            for name in ("code", "citation", "title", "reason")
        )
        return Ground(code=codes, citation=citations, title=titles, reason=reasons)

    def _citations(self, marks: Sequence[Redaction]) -> str:
        return self._ground(marks).citation

    def _stretches(
        self, held: str, marks: Sequence[Redaction], *, whole: bool
    ) -> list[tuple[Span, Sequence[Redaction]]]:
        """Return the stretches that marks cover together, each with all of its marks."""
        if whole:
            return [(Span(0, len(held), self._citations(marks)), marks)]
        asked = [Span(one.mark.start, one.mark.stop, str(number)) for number, one in enumerate(marks)]
        found = [(one, [marks[int(each)] for each in one.label.split(";")]) for one in merged(held, asked)]
        return [(Span(span.start, span.stop, self._citations(covering)), covering) for span, covering in found]


def _place(one: Redaction) -> str:
    """Return where on a file something is blacked out, in words."""
    if one.mark.replacement:
        return "a copy made elsewhere goes out instead"
    if not is_file(one.mark.field):
        return ""
    page, _, box = one.mark.region.partition(",")
    if not page:
        return "the whole file"
    return f"a box on page {page}" if box else f"page {page}"
