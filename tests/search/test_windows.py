"""What was deleted or hidden then: surely, possibly, or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from archive.version_digest import stored_time
from composition import House
from desk import Desk
from search.find import Finder
from search.findings import Window
from search.index import SearchIndex

DAYS = st.integers(0, 40)


def at(day: int) -> str:
    return stored_time(datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=day))


@given(after=DAYS, width=st.integers(0, 20), first=DAYS, length=st.integers(1, 20), real=st.integers(0, 20))
def test_surely_is_always_true_and_what_can_be_is_never_left_out(
    after: int, width: int, first: int, length: int, real: int
) -> None:
    window = Window(1, "missing", at(after), at(after + width), "unknown")
    moment = at(after + min(real, width))
    answer = window.within(at(first), at(first + length))
    is_then = at(first) <= moment < at(first + length)
    assert answer is not None or not is_then
    assert answer != "surely" or is_then


def test_a_window_without_a_beginning_may_have_been_at_any_time_before_its_end() -> None:
    window = Window(1, "hidden when first seen", "", at(5), "unknown")
    assert window.within(at(-300), at(-200)) == "possibly"
    assert window.within(at(6), at(9)) is None


def test_deleted_in_may_tells_surely_and_possibly_apart(desk: Desk) -> None:
    posts = [{"id": str(number), "text": f"pool post {number}"} for number in range(3)]
    desk.bring("2026-04-20T09:00:00", *posts)
    desk.bring("2026-05-10T09:00:00", *posts[1:])
    desk.bring("2026-05-28T09:00:00", *posts[2:])
    finder = Finder(desk.archive, SearchIndex(desk.archive, desk.folder / "index"))
    results = finder.search("pool removed:2026-05", sort="oldest")
    told = {hit.version.content.text: hit.happened and hit.happened.sureness for hit in results.hits}
    assert told == {"pool post 0": "possibly", "pool post 1": "surely"}
    assert "surely 1 of these records, possibly 1" in results.messages[0]
    assert finder.count("removed:2026-04") == 1
    assert finder.count("removed:2026-06") == 0


def test_every_finding_of_the_city_is_found_by_its_window(milbrook: House) -> None:
    rows = milbrook.archive.connection.execute(
        "SELECT record, kind, substr(by_at, 1, 10) FROM finding WHERE kind IN ('missing', 'removed', 'hidden')"
    ).fetchall()
    assert rows
    for record, kind, day in rows[::7]:
        name = "hidden" if kind == "hidden" else "removed"
        found = milbrook.finder.find(f"{name}:{day[:7]}") + milbrook.finder.find(f"{name}:2025..2026")
        assert record in {one.record for one in milbrook.archive.version(found)}
