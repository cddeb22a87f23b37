"""How fast searching is: ``python -m bench.search [--versions 50000 200000 1000000] [--keep DIR]``.

Archives of posts as the fictional city writes them, in four accounts, indexed by each engine; beside them stock
Whoosh with a stock schema and SQLite's FTS5 on the same texts in the same run. Each kind of query is asked
with different words; ours includes understanding it, reading the hits from the archive, and their snippets.
"""

from __future__ import annotations

import argparse
import re
import resource
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from archive import accounts, settings
from archive.archive import Actor, Archive
from bench.measure import print_table
from composition import House, house
from demo.many_posts import generate_x_archive
from ingest.accession import Declaration, take_in
from ingest.backup import Backup
from ingest.registry import identify
from search.facets import Facet

ACTOR = Actor("bench", "bench")
ACCOUNTS = 4
ASKED = 40
"""Queries of each kind, if nobody says otherwise."""

STOCK_WHOOSH = 50_000
"""Versions up to which stock Whoosh is tried: a million would take it the better part of an hour."""

IN_COLUMNS: tuple[Facet, ...] = ("account", "platform", "kind", "state", "month")
"""Facets that an engine may keep; the series is asked of the archive, since schedules change it."""

CLOCKS: list[Callable[[], float]] = [time.perf_counter, time.process_time]
"""What queries are timed by: the first."""

Kinds = dict[str, list[str]]
Times = dict[str, list[float]]
Texts = list[tuple[int, str, str, str]]


def main() -> None:
    """Run the bench and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--versions", type=int, nargs="+", default=[50_000, 200_000, 1_000_000])
    parser.add_argument("--asked", type=int, default=ASKED, help="Queries of each kind.")
    parser.add_argument("--engines", nargs="+", default=["whoosh", "tantivy"])
    parser.add_argument("--whoosh-up-to", type=int, default=200_000)
    parser.add_argument(
        "--cpu", action="store_true", help="CPU milliseconds instead of the clock's: on a busy machine."
    )
    parser.add_argument("--keep", type=Path, help="Keep the archives here, and use those that are there.")
    options = parser.parse_args()
    if options.cpu:
        CLOCKS.reverse()
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        for versions in options.versions:
            _measure(folder / f"archive-{versions}", versions, options)


def _measure(folder: Path, versions: int, options: argparse.Namespace) -> None:
    if not folder.exists():
        _fill(folder, versions)
    writing: list[tuple[object, ...]] = []
    times: dict[str, Times] = {}
    kinds: Kinds = {}
    with Archive.open(folder, ACTOR) as archive:
        for engine in options.engines:
            if engine == "tantivy" or versions <= options.whoosh_up_to:
                settings.choose_engine(folder, engine)
                opened = house(archive)
                writing.append(_indexed(opened, engine, versions))
                kinds = {kind: asked[: options.asked] for kind, asked in queries(opened).items()}
                times[engine] = {kind: _timed(_ours(opened, kind), asked) for kind, asked in kinds.items()}
                times[engine]["100 new visible"] = [_hundred_more(opened)]
        texts = _texts(archive)
    for name, peer in (("stock Whoosh", _stock_whoosh), ("SQLite FTS5", _fts5)):
        if name == "SQLite FTS5" or versions <= STOCK_WHOOSH:
            row, times[name] = peer(folder, texts, kinds)
            writing.append(row)
    print(f"\n{versions:,} versions:\n")
    print_table(("engine", "records/s indexed", "per CPU second", "MB", "peak MiB so far"), writing)
    print()
    rows = [(kind, *(_told(times[name].get(kind)) for name in times)) for kind in (*kinds, "100 new visible")]
    print_table(("p50 / p95 ms", *times), rows)


def _fill(folder: Path, versions: int) -> None:
    with Archive.create(folder, ACTOR, name="Bench") as archive:
        for number in range(ACCOUNTS):
            accounts.add(archive, f"x-{number}", platform="x", department=f"Department {number}")
            _take_in(archive, f"x-{number}", number + 1, versions // ACCOUNTS)


def _take_in(archive: Archive, account: str, seed: int, posts: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "backup.zip"
        generate_x_archive(path, seed=seed, tweets=posts)
        backup = Backup.open([path])
        take_in(archive, backup, accounts.get(archive, account), identify(backup), Declaration(complete=False))


def _indexed(opened: House, engine: str, versions: int) -> tuple[object, ...]:
    began, spent = time.perf_counter(), time.process_time()
    opened.index.rebuild()
    return _row_of(engine, versions, began, spent, opened.archive.folder / "index")


def queries(opened: House) -> Kinds:
    """Return queries of each kind, of words that the archive has, the same every time."""
    chance = Random(7)
    known = opened.index.engine()
    assert known is not None
    words = [(word, count) for word, count in known.lexicon("") if word.isalpha() and len(word) > 3]
    rare = [word for word, count in words if count < 20] or [words[0][0]]
    common = [word for word, _ in sorted(words, key=lambda pair: (-pair[1], pair[0]))[:60]]
    middle = [word for word, _ in sorted(words, key=lambda pair: (-pair[1], pair[0]))[60:400]] or common

    def some(of: list[str], number: int) -> list[str]:
        return [chance.choice(of) for _ in range(number)]

    phrases = _phrases(opened, chance)
    return {
        "rare": some(rare, ASKED),
        "common": some(common, ASKED),
        "AND": [" ".join(some(common, 2)) for _ in range(ASKED)],
        "OR of five": [" OR ".join(some(common, 5)) for _ in range(ASKED)],
        "phrase": [f'"{one}"' for one in phrases],
        "prefix": [f"{word[:4]}*" for word in some(middle, ASKED)],
        "wildcard": [f"{word[:3]}*{word[-1]}" for word in some(middle, ASKED)],
        "fuzzy": [f"{word}~" for word in some(middle, ASKED)],
        "NOT": ["{} NOT {}".format(*some(common, 2)) for _ in range(ASKED)],
        "dates, account, word": [
            f"account:x-{chance.randrange(ACCOUNTS)} from:2019-01-01 to:2020-06-30 {one}" for one in some(common, ASKED)
        ],
        "newest first": some(common, ASKED),
        "facets": some(common, ASKED),
        "series": some(common, ASKED),
    }


def _phrases(opened: House, chance: Random) -> list[str]:
    last = opened.archive.connection.execute("SELECT max(id) FROM version").fetchone()[0]
    found: list[str] = []
    for version in opened.archive.version(sorted(chance.randrange(1, last) for _ in range(ASKED * 4))):
        plain = [one for one in version.content.text.split() if one.isalpha()]
        if len(plain) > 4 and len(found) < ASKED:
            found.append(" ".join(plain[1:3]))
    return found


def _ours(opened: House, kind: str) -> Callable[[str], object]:
    if kind == "facets":
        return lambda text: (opened.finder.search(text), opened.finder.facets(text, IN_COLUMNS))
    if kind == "series":
        return lambda text: opened.finder.facets(text, ["series"])
    if kind == "newest first":
        return lambda text: opened.finder.search(text, sort="newest")
    return opened.finder.search


def _timed(ask: Callable[[str], object], asked: list[str]) -> list[float]:
    ask(asked[0])
    return [_seconds(lambda text=text: ask(text)) for text in asked]  # type: ignore[misc]


def _seconds(work: Callable[[], object]) -> float:
    clock = CLOCKS[0]
    began = clock()
    work()
    return clock() - began


def _hundred_more(opened: House) -> float:
    """Return the seconds until a hundred records that were just taken in are indexed and found."""
    seed = opened.archive.head() + 100
    _take_in(opened.archive, "x-0", seed, 100)

    def found() -> None:
        opened.index.catch_up()
        opened.finder.count("pool")

    return _seconds(found)


def _texts(archive: Archive) -> list[tuple[int, str, str, str]]:
    return archive.connection.execute(
        "SELECT v.id, r.account, coalesce(r.created_at, ''), coalesce(c.text, '') FROM version v"
        " JOIN record r ON r.id = v.record JOIN content c ON c.id = v.id ORDER BY v.id"
    ).fetchall()


# -- the peers


def _stock_whoosh(folder: Path, texts: Texts, kinds: Kinds) -> tuple[tuple[object, ...], Times]:
    """Whoosh as its documentation begins: stemmed text, stored and sortable columns, its own parser."""
    from datetime import datetime

    from whoosh import fields, highlight, index, qparser

    place = folder / "peer"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    schema = fields.Schema(
        id=fields.NUMERIC(stored=True, unique=True, bits=64), account=fields.ID(stored=True, sortable=True),
        created=fields.DATETIME(stored=True, sortable=True), text=fields.TEXT(stored=True),
    )  # fmt: skip
    began, spent = time.perf_counter(), time.process_time()
    made = index.create_in(str(place), schema)
    writer = made.writer(limitmb=128)
    for number, account, created, text in texts:
        at = datetime.fromisoformat(created[:19]) if created else None
        writer.add_document(id=number, account=account, created=at, text=text)
    writer.commit()
    row = _row_of("stock Whoosh", len(texts), began, spent, place)
    parser = qparser.QueryParser("text", schema, plugins=[*qparser.QueryParser("text", schema).plugins])
    parser.add_plugin(qparser.FuzzyTermPlugin())

    def ask(text: str, newest: bool = False) -> None:
        with made.searcher() as searcher:
            asked = parser.parse(re.sub(r"from:(\S+) to:(\S+)", r"created:[\1 to \2]", text))
            hits = searcher.search(asked, limit=20, sortedby="created" if newest else None, reverse=newest)
            hits.fragmenter = highlight.ContextFragmenter(maxchars=160)
            for hit in hits:
                hit.highlights("text")
            len(hits)

    return row, _asked(ask, kinds)


def _fts5(folder: Path, texts: Texts, kinds: Kinds) -> tuple[tuple[object, ...], Times]:
    """SQLite's full text with its stemmer; it has no wildcards inside words and no misspellings."""
    place = folder / "peer"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    began, spent = time.perf_counter(), time.process_time()
    made = sqlite3.connect(place / "fts.db")
    made.execute("CREATE TABLE post (id INTEGER PRIMARY KEY, account TEXT, created TEXT, text TEXT)")
    made.execute(
        "CREATE VIRTUAL TABLE word USING fts5(text, content=post, content_rowid=id, tokenize='porter unicode61')"
    )
    made.executemany("INSERT INTO post VALUES (?, ?, ?, ?)", texts)
    made.execute("INSERT INTO word(word) VALUES ('rebuild')")
    made.commit()
    row = _row_of("SQLite FTS5", len(texts), began, spent, place)

    def ask(text: str, newest: bool = False) -> None:
        found = re.fullmatch(r"account:(\S+) from:(\S+) to:(\S+) (\S+)", text)
        words, facts, values = found[4] if found else text, "", tuple[str, ...]()
        if found:
            facts, values = "AND account = ? AND created BETWEEN ? AND ?", (found[1], found[2], found[3] + "T99")
        order = "created DESC" if newest else "rank"
        made.execute(
            "SELECT id, snippet(word, 0, '<', '>', '…', 30) FROM word JOIN post ON post.id = word.rowid"
            f" WHERE word MATCH ? {facts} ORDER BY {order} LIMIT 20", (words, *values)
        ).fetchall()  # fmt: skip
        made.execute(
            f"SELECT count(*) FROM word JOIN post ON post.id = word.rowid WHERE word MATCH ? {facts}", (words, *values)
        ).fetchone()

    cannot = ("wildcard", "fuzzy", "facets", "series")
    return row, _asked(ask, {kind: asked for kind, asked in kinds.items() if kind not in cannot})


def _asked(ask: Callable[..., None], kinds: Kinds) -> Times:
    return {
        kind: _timed((lambda text: ask(text, newest=True)) if kind == "newest first" else ask, asked)
        for kind, asked in kinds.items()
        if kind not in ("facets", "series")
    }


def _row_of(name: str, number: int, began: float, spent: float, folder: Path) -> tuple[object, ...]:
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return (name, f"{number / wall:,.0f}", f"{number / cpu:,.0f}", f"{size / 1e6:,.0f}", f"{_peak():.0f}")


def _told(found: list[float] | None) -> str:
    if not found:
        return ""
    ordered = sorted(found)
    return f"{statistics.median(ordered) * 1000:,.1f} / {ordered[int(len(ordered) * 0.95)] * 1000:,.1f}"


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
