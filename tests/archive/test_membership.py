from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.membership import Change, Shown, answer, changes

FEBRUARY, MARCH, APRIL, MAY = (f"2026-0{month}-01T12:00:00.000Z" for month in (2, 3, 4, 5))
TENTH = "2026-03-10T08:00:00.000Z"
TWENTIETH = "2026-03-20T08:00:00.000Z"


def test_whoever_is_in_the_first_backup_joined_at_any_time_before() -> None:
    (joined,) = changes([Shown(True, "", MARCH)])
    assert joined == Change(True, "", MARCH)
    assert [answer([joined], moment) for moment in (FEBRUARY, MARCH, MAY)] == ["possibly", "yes", "yes"]


def test_between_two_backups_nobody_knows_and_says_so() -> None:
    made = list(changes([Shown(True, FEBRUARY, MARCH), Shown(False, MARCH, MAY)]))
    assert [answer(made, moment) for moment in (FEBRUARY, "2026-02-15", MARCH, APRIL, MAY)] == [
        "no", "possibly", "yes", "possibly", "no",
    ]  # fmt: skip


def test_what_the_list_tells_is_exact() -> None:
    made = list(changes([Shown(True, FEBRUARY, APRIL, TENTH), Shown(False, APRIL, MAY, TWENTIETH, "author")]))
    assert made == [Change(True, TENTH, TENTH, told=True), Change(False, TWENTIETH, TWENTIETH, True, "author")]
    assert [answer(made, moment) for moment in (MARCH, TENTH, "2026-03-15", TWENTIETH)] == ["no", "yes", "yes", "no"]


def test_somebody_who_left_before_the_first_backup_was_on_the_list_meanwhile() -> None:
    made = list(changes([Shown(False, "", APRIL, TWENTIETH, "author")], told_join=TENTH))
    assert [(one.on, one.by) for one in made] == [(True, TENTH), (False, TWENTIETH)]


def test_a_version_that_changes_no_membership_is_no_join() -> None:
    assert len(list(changes([Shown(True, "", MARCH), Shown(True, MARCH, APRIL), Shown(True, APRIL, MAY)]))) == 1


def test_who_comes_back_has_joined_twice() -> None:
    shown = [Shown(True, "", FEBRUARY), Shown(False, FEBRUARY, MARCH), Shown(True, MARCH, APRIL)]
    assert [(one.on, one.after, one.by) for one in changes(shown)] == [
        (True, "", FEBRUARY), (False, FEBRUARY, MARCH), (True, MARCH, APRIL),
    ]  # fmt: skip


def test_a_consent_that_is_older_than_the_leaving_tells_nothing_of_the_return() -> None:
    shown = [Shown(True, "", MARCH, TENTH), Shown(False, MARCH, APRIL, TWENTIETH), Shown(True, APRIL, MAY, TENTH)]
    assert list(changes(shown))[-1] == Change(True, APRIL, MAY)


MOMENTS = st.sampled_from([f"2026-03-{day:02}" for day in range(1, 29)])


@st.composite
def shown_in_order(draw: st.DrawFn) -> list[Shown]:
    backups = sorted(draw(st.sets(MOMENTS, min_size=1, max_size=6)))
    before = ["", *backups]
    return [Shown(draw(st.booleans()), after, by) for after, by in zip(before, backups, strict=False)]


@given(shown_in_order(), MOMENTS)
def test_joins_and_leaves_alternate_and_every_backup_is_answered_as_it_shows(shown: list[Shown], moment: str) -> None:
    made = list(changes(shown))
    assert [one.on for one in made] == [number % 2 == 0 for number in range(len(made))]
    for one in shown:
        assert answer(made, one.by) == ("yes" if one.on else "no")
    assert answer(made, moment) in ("yes", "possibly", "no")


def test_somebody_who_left_and_of_whom_no_joining_is_told_was_possibly_on_the_list_before() -> None:
    made = list(changes([Shown(False, "", APRIL, TWENTIETH, "author")]))
    assert [answer(made, moment) for moment in (FEBRUARY, TENTH, TWENTIETH, MAY)] == [
        "possibly",
        "possibly",
        "no",
        "no",
    ]
