"""``pdf/subscribers.pdf``: the people on the lists as tables, each person once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from export.bundle.bag import Bag
from export.bundle.pdf.lines import Line, line, lines
from export.bundle.pdf.papers import Paper, Section, Table, write_papers
from export.bundle.pdf.printed import office
from export.bundle.writer import BundleWriter, Entry
from export.released import Production, ReleasedRecord

ROWS = 5000
"""People in one PDF; more of them go into subscribers-2.pdf and so on."""

HEADINGS = ("Name", "Address", "Joined", "Left")
LONGEST = 26

SAID = (
    "Each person once, as the latest version in this release has them. subscribers.csv has every version and every "
    "released column."
)


class SubscriberSheets(BundleWriter):
    """The lists on paper; a production without subscribers has none."""

    waits = True

    def write(self, production: Production, bag: Bag) -> None:
        """Set the tables."""
        write_papers(production, bag, _papers(production, sorted(_people(production), key=_list_of)))

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the line of what was written."""
        written = bag.like("data/pdf/subscribers*.pdf")
        return [Entry(written, "The subscriber lists on paper")] if written else []


def _people(production: Production) -> Iterable[ReleasedRecord]:
    """Return one version of each person: the current one, else the last that is released."""
    people: dict[int, ReleasedRecord] = {}
    for one in production.records():
        if one.kind == "subscriber" and (one.record not in people or one.standing == "current"):
            people[one.record] = one
    return people.values()


def _list_of(one: ReleasedRecord) -> tuple[str, str]:
    return one.account_title or one.account, one.list_name


def _papers(production: Production, people: list[ReleasedRecord]) -> Iterator[tuple[str, Paper]]:
    for place, start in enumerate(range(0, len(people), ROWS), start=1):
        more = f"-{place}" if place > 1 else ""
        yield (
            f"data/pdf/subscribers{more}.pdf",
            Paper(
                title=f"Subscribers{f', part {place}' if more else ''}",
                office=office(production),
                request=production.request,
                watermark=production.watermark,
                sections=list(_sections(people[start : start + ROWS])),
            ),
        )


def _sections(people: list[ReleasedRecord]) -> Iterator[Section]:
    yield Section(paragraphs=(line(SAID),))
    lists: dict[tuple[str, str], list[tuple[Line, ...]]] = {}
    for one in people:
        lists.setdefault(_list_of(one), []).append(_row(one))
    for (account, name), rows in lists.items():
        heading = "".join(run.text for run in line(" – ".join(filter(None, (account, name)))).runs)
        yield Section(heading=heading, table=Table(headings=HEADINGS, widths=(1.2, 1.8, 1.3, 1.3), rows=rows))


def _row(one: ReleasedRecord) -> tuple[Line, ...]:
    return tuple(
        Line(
            tuple(run for part in parts for run in part.runs),
            any(part.rtl for part in parts),
            next((part.lang for part in parts), ""),
        )
        for field in ("author", "handle", "joined", "left")
        for parts in [lines(getattr(one, field), [each for each in one.redactions if each.field == field], LONGEST)]
    )
