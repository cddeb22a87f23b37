"""A small Facebook Page made by hand, on which everything happens once, for tests of what is written of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from demo.people import Person
from demo.world import Absence, Account, Conversation, Entry, Line, Media, Reaction, Subscription, Wording

AT = datetime(2026, 4, 1, 15, 30, tzinfo=UTC)
"""The moment of the backup."""

PAGE = "100200300400500"
ZOE = Person("Zoë Lor", "zoe.lor@mail.example", "zoe_lor", "100000000001")
BAO = Person("Bao Thao", "bao.thao@mail.example", "bao_thao", "100000000002")
NAMESAKE = Person("Bao Thao", "bao.thao2@mail.example", "bao_thao2", "100000000003")


def days_ago(days: float, seconds: int = 0) -> datetime:
    return AT - timedelta(days=days) + timedelta(seconds=seconds)


def post(number: int, at: datetime, text: str, *later: Wording, **more: object) -> Entry:
    return Entry(id=f"{PAGE}_{number}", kind="post", wordings=(Wording(at, text), *later), **more)  # type: ignore[arg-type]


def comment(
    number: int, under: Entry, at: datetime, text: str, *later: Wording, author: Person | None = None, **more: object
) -> Entry:
    thread = under.thread or under.id
    return Entry(
        id=f"{thread.split('_')[1]}_{number}", kind="comment", wordings=(Wording(at, text), *later), author=author,
        parent=under.id, thread=thread, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def deleted(since: datetime, until: datetime | None = None, trashed: bool = True) -> tuple[Absence, ...]:
    return (Absence(since, until, "city", "deleted", trashed),)


def hidden(since: datetime, until: datetime | None = None) -> tuple[Absence, ...]:
    return (Absence(since, until, "city", "hidden"),)


def page(entries: Sequence[Entry] = (), **more: object) -> Account:
    return Account(
        name="fb-city", platform="facebook", department="Clerk", title="City of Milbrook", handle="CityOfMilbrook",
        native_id=PAGE, entries=list(entries), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def whole() -> Account:
    """Return the Page of Milbrook: posts of every fate, a thread, a conversation, followers with one name."""
    pool = post(1, days_ago(90), "El café de la piscina está cerrado 🏊 see https://milbrook.example/pool.", likes=20)
    told = post(2, days_ago(80), "The pool opens Monday.", Wording(days_ago(79), "The pool opens Tuesday.", told=True))
    silent = post(3, days_ago(70), "Plows go out at 5.", Wording(days_ago(69), "Plows go out at 6."))
    picture = Media(name="plow.jpg", seed=5, motif="plow")
    film = Media(name="plow.webm", seed=6, video=True, motif="plow", captions=("The plow.", "¡Ya viene!"))
    gate = Media(name="gate.jpg", seed=7, motif="gate", alt="A closed gate with a sign")
    mute = post(4, days_ago(60), "", media=(picture,))
    shown = post(5, days_ago(50), "The plow and the gate.", media=(picture, gate))
    filmed = post(6, days_ago(40), "The plow at work.", media=(film,))
    entries = [
        pool, told, silent, mute, shown, filmed,
        post(7, days_ago(30), "Gone for good.", absences=deleted(days_ago(3), trashed=False)),
        post(8, days_ago(29), "In the trash é.", media=(gate,), absences=deleted(days_ago(2))),
        post(9, days_ago(28), "Too long in the trash.", absences=deleted(days_ago(31), days_ago(-9))),
        post(10, days_ago(27), "Back from the trash.", absences=deleted(days_ago(9), days_ago(8))),
        post(11, days_ago(26), "A hidden post.", absences=hidden(days_ago(5))),
        post(12, days_ago(-2), "Not yet written."),
        post(13, days_ago(25), "A visitor's post.", author=BAO),
    ]  # fmt: skip
    question = comment(21, pool, days_ago(89), "When does it open? 水", author=ZOE, likes=3)
    answer = comment(22, question, days_ago(88), "On Monday.", Wording(days_ago(87), "On Tuesday.", told=True))
    rude = comment(23, pool, days_ago(86), "Fools.", author=BAO, absences=hidden(days_ago(85), days_ago(1)))
    worse = comment(24, pool, days_ago(84), "Greater fools.", author=BAO, absences=hidden(days_ago(83)))
    gone = comment(25, pool, days_ago(82), "I take it back.", author=BAO, absences=deleted(days_ago(4), trashed=False))
    entries += [question, answer, rude, worse, gone, comment(26, gone, days_ago(81), "Thank you.")]
    entries.append(comment(27, entries[6], days_ago(29, 5), "Under what is gone."))
    lines = (
        Line("m1", days_ago(20), "Is the hall open?", ZOE), Line("m2", days_ago(19), "Yes, until 5 — á bientôt."),
        Line("m3", days_ago(18), "Thanks", ZOE), Line("m4", days_ago(-1), "Not yet said", ZOE),
    )  # fmt: skip
    biography = (
        Wording(days_ago(900), "The city."), Wording(days_ago(30), "The city, online."),
        Wording(days_ago(-3), "Later."),
    )  # fmt: skip
    return page(
        entries,
        biography=biography,
        conversations=[Conversation(id="900100", person=ZOE, lines=lines)],
        subscriptions=[
            Subscription(id=str(number), person=person, list_name="followers", joined_at=joined, left_at=left)
            for number, (person, joined, left) in enumerate([
                (ZOE, days_ago(500), None), (BAO, days_ago(400), None), (NAMESAKE, days_ago(300), None),
                (ZOE, days_ago(800), days_ago(1)), (BAO, days_ago(-1), None),
            ])
        ],
        reactions=[Reaction(days_ago(80), question.id, "LOVE"), Reaction(days_ago(-1), question.id)],
    )  # fmt: skip
