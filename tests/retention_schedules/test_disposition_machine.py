"""No sequence of acts disposes of a record that may not go: whatever went is judged by a model of its own."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from archive.archive import Archive
from archive.errors import MunimentError
from archive.verify import verify
from conftest import ACTOR
from disposing import ATTORNEY, CLERK, IT, Office, due_series
from export.requests import collection, register
from export.requests.progress import status
from retention_schedules.disposition import approving, executing, finishing, proposing
from retention_schedules.disposition import batch as batches
from retention_schedules.disposition.society import noticing
from retention_schedules.holds import placing
from retention_schedules.holds import register as holds
from retention_schedules.holds.terms import Terms

WORDS = ("pool", "road", "snow")
PEOPLE = st.sampled_from([CLERK, ATTORNEY, IT, "nobody"])
APPROVED_BY = {"one person": [CLERK], "one person twice": [CLERK, CLERK], "nobody": [], "without the role": [CLERK, IT]}
SLIPS = (
    "none", "a hold", "a hold of a record", "a request", "a request for who knows what", "adopted anew",
    "no longer verified", "never verified", "a day too early", *APPROVED_BY,
)  # fmt: skip


class Model:
    """What a careful person would note down on paper, act by act."""

    def __init__(self) -> None:
        self.words: dict[int, str] = {}
        self.written: dict[int, date] = {}
        self.holds: dict[str, tuple[str, frozenset[int]]] = {}
        self.requests: dict[int, str] = {}
        self.answered: dict[int, date] = {}
        self.verified = False
        self.adoption = 0
        self.proposed: dict[int, tuple[int, frozenset[int]]] = {}
        self.posted: dict[int, date] = {}
        self.waived: set[int] = set()
        self.needs_no_notice: set[int] = set()
        self.approved: dict[int, set[str]] = {}

    def may_go(self, number: int, record: int, today: date) -> bool:
        """Say whether one record of a batch may go on a day."""
        adoption, members = self.proposed[number]
        years = self.written[record]
        free = number in self.waived | self.needs_no_notice or (
            number in self.posted and today > self.posted[number] + timedelta(days=60)
        )
        return (
            self.verified
            and adoption == self.adoption
            and record in members
            and date(years.year + 7, years.month, years.day) <= today
            and free
            and {CLERK, ATTORNEY} <= self.approved[number]
            and not any(word == self.words[record] or record in named for word, named in self.holds.values())
            and not any(self._asked(one, record, today) for one in self.requests)
        )

    def _asked(self, request: int, record: int, today: date) -> bool:
        """A request is in the way while it is open, and for sixty days after a denial at the least."""
        answered = self.answered.get(request)
        ended = answered is not None and today > answered + timedelta(days=60)
        return not ended and self.requests[request] in ("", self.words[record])


class Machine(RuleBasedStateMachine):
    """Acts in any order on one archive, beside the model."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.patch = pytest.MonkeyPatch()
        folder = Path(self.folder.name)
        self.archive = Archive.create(folder / "archive", ACTOR, name="City of Milbrook")
        self.office = Office(self.archive, folder, self.patch)
        self.model = Model()
        self.items: list[dict[str, str]] = []
        self.bring("pool", 2015)
        self.bring("road", 2025)

    def teardown(self) -> None:
        assert list(verify(self.archive, deep=True)) == []
        self.archive.close()
        self.patch.undo()
        self.folder.cleanup()

    @property
    def today(self) -> date:
        return self.archive.now_local().date()

    def living(self) -> set[int]:
        return {row[0] for row in self.archive.connection.execute("SELECT id FROM content")}

    # -- what happens

    @rule(word=st.sampled_from(WORDS), year=st.sampled_from([2014, 2016, 2019, 2025]))
    def bring(self, word: str, year: int) -> None:
        number = len(self.items) + 1
        self.items.append({"id": str(number), "at": f"{year}-04-01T18:00:00Z", "text": f"The {word}"})
        self.office.desk.bring(f"{self.office.now:%Y-%m-%dT%H:%M:%S}", *self.items)
        record = max(self.living())
        self.model.words[record], self.model.written[record] = word, date(year, 4, 1)

    @rule(verified=st.booleans(), notice=st.sampled_from(["N", "W"]))
    def adopt(self, verified: bool, notice: str) -> None:
        self.office.adopt(*due_series(verified=verified, notice=notice, note=f"row {self.archive.head()}"))
        self.model.verified, self.model.adoption = verified, self.model.adoption + 1
        self.is_waived_by_series = notice == "W"

    @rule(days=st.sampled_from([1, 20, 59, 61, 400]))
    def wait(self, days: int) -> None:
        self.office.wait(days)

    @rule(word=st.sampled_from(WORDS), by_record=st.booleans())
    def place(self, word: str, by_record: bool) -> None:
        name = f"hold {self.archive.head()}"
        named = (
            frozenset(sorted(one for one in self.living() if one in self.model.words)[:1]) if by_record else frozenset()
        )
        if by_record and not named:
            return
        terms = Terms(records=tuple(named)) if by_record else Terms(query=word)
        placing.place(self.office.house.holds, name, terms, "Action 26-CV-12")
        self.model.holds[name] = ("" if by_record else word, named)

    @rule(name=PEOPLE, proved=st.booleans())
    def release(self, name: str, proved: bool) -> None:
        for one in [*self.model.holds][:1]:
            with self.office.acting(name, proved):
                try:
                    holds.release(self.archive, one, "settled")
                except MunimentError:
                    return
            del self.model.holds[one]

    @rule(word=st.sampled_from(["", *WORDS]))
    def ask(self, word: str) -> None:
        if len(self.model.requests) > 1:
            return
        number = register.open_request(self.archive, self.today, "Whatever there is").id
        if word:
            self.office.house.catch_up()
            collection.collect(self.archive, self.office.house.finder, number, word)
        self.model.requests[number] = word

    @rule()
    def deny(self) -> None:
        for one in self.model.requests:
            if one not in self.model.answered:
                status.move(self.archive, one, "denied", "exempt")
                self.model.answered[one] = self.today
                return

    # -- the steps of a disposition

    @rule()
    def propose(self) -> None:
        self.office.house.catch_up()
        try:
            made = proposing.propose(self.archive, self.office.house.holds.standing())
        except MunimentError:
            return
        for one in made.batches:
            self.model.proposed[one.number] = (self.model.adoption, frozenset(batches.records(self.archive, one)))
            self.model.approved[one.number] = set()
            if self.is_waived_by_series:
                self.model.needs_no_notice.add(one.number)

    @rule()
    def notice(self) -> None:
        for number in self.model.proposed:
            try:
                noticing.give_notice(self.archive, number, "Ann")
            except MunimentError:
                continue
            self.model.posted[number] = self.today
            self.model.approved[number] = set()

    @rule(answer=st.sampled_from(["declined", "accepted", "waived", "none"]))
    def answer(self, answer: batches.Answer) -> None:
        for number in self.model.proposed:
            try:
                noticing.record_answer(self.archive, number, answer)
            except MunimentError:
                continue
            self.model.approved[number] = set()
            self.model.waived.discard(number)
            if answer == "waived":
                self.model.waived.add(number)

    @rule(names=st.lists(PEOPLE, min_size=1, max_size=3), proved=st.sampled_from([True, True, False]))
    def approve(self, names: list[str], proved: bool) -> None:
        for number in self.model.proposed:
            for name in names:
                with self.office.acting(name, proved):
                    try:
                        approving.approve(self.archive, number)
                    except MunimentError:
                        continue
                assert proved and name in (CLERK, ATTORNEY)
                assert name not in self.model.approved[number]
                self.model.approved[number].add(name)

    @rule()
    def execute(self) -> None:
        for number in self.model.proposed:
            before, made = self.living(), self.office.house
            try:
                with self.office.acting(IT):
                    executing.execute(self.archive, number, made.followers, made.holds.standing)
            except MunimentError:
                assert self.living() == before
                continue
            for record in before - self.living():
                assert self.model.may_go(number, record, self.today), (number, record)

    @rule(slip=st.sampled_from(SLIPS))
    def go_the_whole_way(self, slip: str) -> None:
        """Do what a careful office does, so that something goes now and then; or all of it but one thing."""
        self.adopt(verified=slip != "never verified", notice="N")
        self.propose()
        self.notice()
        self.wait(60 if slip == "a day too early" else 61)
        self.approve(APPROVED_BY.get(slip, [CLERK, ATTORNEY]), proved=True)
        if slip == "a hold":
            self.place(self._word_of_the_oldest(), by_record=False)
        elif slip == "a hold of a record":
            self.place("", by_record=True)
        elif slip == "a request":
            self.ask(self._word_of_the_oldest())
        elif slip == "a request for who knows what":
            self.ask("")
        elif slip in ("adopted anew", "no longer verified"):
            self.adopt(verified=slip == "adopted anew", notice="N")
        self.execute()

    def _word_of_the_oldest(self) -> str:
        living = self.living() & self.model.words.keys()
        return self.model.words[min(living, key=lambda one: (self.model.written[one], one))]

    @rule()
    def finish(self) -> None:
        for number in self.model.proposed:
            try:
                with self.office.acting(IT):
                    finishing.finish(self.archive, number, self.office.house.followers)
            except MunimentError:
                continue

    @invariant()
    def nothing_comes_back(self) -> None:
        gone = {row[0] for row in self.archive.connection.execute("SELECT row_id FROM disposed WHERE tbl = 'content'")}
        assert not gone & self.living()

    is_waived_by_series = False


@pytest.mark.slow
def test_no_sequence_of_acts_disposes_of_what_may_not_go() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    chosen = settings(max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Machine, settings=chosen)


def test_the_model_itself_lets_a_lawful_record_go() -> None:
    machine = Machine()
    try:
        machine.go_the_whole_way("none")
        assert len(machine.living()) == 1
        machine.finish()
        machine.bring("snow", 2025)
        machine.nothing_comes_back()
    finally:
        machine.teardown()


@pytest.mark.parametrize("slip", SLIPS)
def test_a_lawful_way_with_one_slip_leads_nowhere(slip: str) -> None:
    machine = Machine()
    try:
        machine.go_the_whole_way(slip)
        assert len(machine.living()) == (1 if slip == "none" else 2)
    finally:
        machine.teardown()
