"""Hits and counts as a person reads them in a terminal, or a script as JSON Lines."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from archive.archive import Archive
from archive.counting import counted
from archive.records import Version
from archive.terminal import print_entry, print_json, print_table
from search import findings, moments
from search.facets import Counts, Facet
from search.find import Hit, Results
from search.rows import local, shown_time, version_row

TITLES: dict[Facet, str] = {
    "account": "Account", "platform": "Platform", "kind": "Kind", "state": "State", "series": "Series",
    "month": "Month",
}  # fmt: skip
NONE: dict[Facet, str] = {"series": "unscheduled", "month": "date not known"}
BAR = 40
"""Widest bar of a timeline, in characters."""


def print_results(archive: Archive, results: Results, is_json: bool, is_past: bool) -> None:
    """Print hits and what one should know about them; messages go to stderr."""
    for message in results.messages:
        print(message, file=sys.stderr)
    if is_json:
        print_json(_row(archive, hit) for hit in results.hits)
        return
    for hit in results.hits:
        print_entry(heading(archive, hit.version) + _what_happened(archive, hit), hit.snippet.text, hit.snippet.marks)
        for other in hit.others:
            print(f"{'':9}also {_other(archive, hit.version, other)}")
    print(_sum(archive, results, is_past))


def _sum(archive: Archive, results: Results, is_past: bool) -> str:
    versions = f"{results.total:,} found"
    if results.records is not None and results.records != results.total:
        versions = f"{counted(results.total, 'version')} of {counted(results.records, 'record')} found"
    shown = len(results.hits) + sum(len(hit.others) for hit in results.hits)
    some = "the first is" if len(results.hits) == 1 else f"the first {len(results.hits):,} are"
    first = f"; {some} shown" if shown < results.total else ""
    then = f", as of {moments.told(archive, results.position)}" if is_past else ""
    return f"{versions}{then}{first}."


def _row(archive: Archive, hit: Hit) -> dict[str, Any]:
    row = version_row(archive, hit.version) | {
        "score": round(hit.score, 4), "snippet": hit.snippet.text, "marks": hit.snippet.marks,
    }  # fmt: skip
    if hit.others:
        row["others"] = [one.id for one in hit.others]
    return row | ({"within": hit.happened.sureness} if hit.happened else {})


def heading(archive: Archive, version: Version) -> str:
    """Say in a line which version this is, and whether it still stands."""
    author = version.content.author
    who = author.name or author.handle or author.native_id or "author not named"
    standing = version.state if version.current else f"{version.state}, an earlier version"
    time = shown_time(archive, version.content.created)
    return f"{version.record:>7}  {time}  {version.account}, {version.kind}, {who}  [{standing}]"


def _other(archive: Archive, first: Version, other: Version) -> str:
    if other.record != first.record:
        return heading(archive, other).strip()
    standing = "the version that stands" if other.current else "an earlier version"
    return f"{standing} ({other.id}), taken in on {local(archive, other.captured_at)}"


def _what_happened(archive: Archive, hit: Hit) -> str:
    """Say between which moments a record was removed or hidden, where that was asked."""
    if hit.happened is None:
        return ""
    told = dict.fromkeys(f"{window.kind} {_between(archive, window)}" for window in hit.happened.windows)
    return f"  [{hit.happened.sureness} then: {'; '.join(told)}]"


def _between(archive: Archive, window: findings.Window) -> str:
    from archive.clock import read_stored

    by = local(archive, read_stored(window.by))
    if window.after == window.by:
        return f"on {by}"
    return f"between {local(archive, read_stored(window.after))} and {by}" if window.after else f"before {by}"


def print_facets(counted: Mapping[Facet, Counts], is_json: bool) -> None:
    """Print how many versions have which value; months as a timeline."""
    if is_json:
        print_json([{"facet": name, "counts": dict(counts)} for name, counts in counted.items()])
        return
    for name, counts in counted.items():
        print()
        most = max(counts.values(), default=1)
        rows = [
            {"value": value or NONE.get(name, "none"), "count": count, "bar": "█" * max(1, count * BAR // most)}
            for value, count in counts.items()
        ]
        columns = {"value": TITLES[name], "count": "Versions"} | ({"bar": ""} if name == "month" else {})
        print_table(rows, columns, f"No {TITLES[name].lower()}.")
