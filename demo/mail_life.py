"""Life of two offices' mailboxes: citizens and offices write to each other, counsel writes in the middle of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from msgspec.structs import replace

from demo import days, story, texts
from demo.days import BEGINNING, DAY, END
from demo.life import Life, fate
from demo.offices import Office, Offices, clerk_and_parks
from demo.people import Person
from demo.texts import Said, Scene
from demo.world import Account, Enclosure, Letter

CHARSETS = ("utf-8", "utf-8", "utf-8", "iso-8859-1", "windows-1252")
LONGEST_CONVERSATION = DAY * 60
CLEARED_OUT = (days.local("2026-03-02 08:00"), days.local("2026-03-30 18:00"))


class _Post:
    """The two mailboxes, what is put into them, and who writes."""

    def __init__(self, offices: Offices, seed: int, scale: float) -> None:
        rng = Random(f"{seed}/{offices.chance}")
        self.offices = offices
        self.first, self.second = offices.first.person, offices.second.person
        self.counsel = story.cast()["ada"]
        self.rng = rng
        self.lives = tuple(Life(_account(one), rng, seed, scale) for one in (offices.first, offices.second))

    def holding(self, letter: Letter) -> list[Life]:
        """Return the lives of the mailboxes that hold a letter, sent or received."""
        addresses = {letter.sender.address, *(one.address for one in letter.to)}
        return [one for one in self.lives if one.account.handle in addresses]

    def deliver(self, letter: Letter, said: Said | None = None) -> None:
        """Put a letter where it belongs, and note what is private in it."""
        for one in self.holding(letter):
            one.account.letters.append(letter)
            one.note_private("email", letter.id, said.private if said else ())
            if letter.privileged:
                advice = next(line for line in letter.text.splitlines() if "PRIVILEGED" in line or "ATTORNEY" in line)
                one.note_private("email", letter.id, [("counsel", advice)])


def _account(office: Office) -> Account:
    return Account(
        name=office.account, platform="email", department=office.department, title=office.title,
        handle=office.person.address,
    )  # fmt: skip


def mailboxes(seed: int, scale: float) -> list[Life]:
    """Return the lives of the clerk's and the parks' mailboxes; some letters are in both."""
    return living(clerk_and_parks(), seed, scale)


def living(offices: Offices, seed: int, scale: float) -> list[Life]:
    """Return the lives of two offices' mailboxes; some letters are in both."""
    post = _Post(offices, seed, scale)
    at = BEGINNING
    count = post.lives[0].times(offices.conversations)
    step = (END - BEGINNING - LONGEST_CONVERSATION) / (count + 1)
    for number in range(count):
        at = BEGINNING + step * (number + post.rng.random())
        _conversation(post, number, days.awake(post.rng, at))
    for number in range(post.lives[0].times(12)):
        _bulletin(post, number, BEGINNING + (END - BEGINNING) / (post.lives[0].times(12) + 1) * (number + 1))
    if offices.story:
        _tell(post)
    for one in post.lives:
        one.account.letters.sort(key=lambda letter: (letter.at, letter.id))
        if not offices.story:
            _clear_out(one)
    return list(post.lives)


def _clear_out(lived: Life) -> None:
    """Some day in March a few older letters are thrown away."""
    first, last = CLEARED_OUT
    old = [one for one in lived.account.letters if one.at < first and one.deleted_at is None]
    for one in lived.rng.sample(old, min(len(old), lived.times(3))):
        one.deleted_at = days.awake(lived.rng, first + (last - first) * lived.rng.random())


def _id(name: str, rng: Random) -> str:
    return f"{name}.{rng.randrange(10**9)}@mail.example"


# -- the story


def _tell(post: _Post) -> None:
    told = list(story.letters(lambda key: _id(f"s{key}", post.rng)))
    letters = {mailing.key: letter for mailing, letter in told}
    for mailing, letter in told:
        post.deliver(letter, Said(letter.text, mailing.spots))
        if mailing.asks:
            answer = next((letters[one.key] for one, _ in told if one.re == mailing.key and one.from_ == "clerk"), None)
            for one in post.holding(letter):
                one.note_question("email", (letter.id, letter.at), (answer.id, answer.at) if answer else None)


# -- conversations


class _Talk:
    """One conversation, as it grows."""

    def __init__(self, post: _Post, number: int, scene: Scene, subject: str) -> None:
        self.post = post
        self.name = f"c{number}"
        self.scene = scene
        self.subject = subject
        self.letters: list[Letter] = []

    def write(
        self, at: datetime, sender: Person, to: tuple[Person, ...], said: Said, privileged: bool = False
    ) -> Letter:
        """Add a letter that answers all before it, and deliver it."""
        rng = self.post.rng
        letter = Letter(
            id=_id(f"{self.name}.{len(self.letters)}", rng), at=at, sender=sender, to=to,
            subject=f"Re: {self.subject}" if self.letters else self.subject, text=said.text,
            answers=tuple(one.id for one in self.letters), html=rng.random() < 0.25,
            enclosures=tuple(_enclosures(rng, f"{self.name}.{len(self.letters)}")),
            charset=_charset(rng, said.text), privileged=privileged,
        )  # fmt: skip
        if rng.random() < 0.03 and len(self.letters) > 1:
            letter.deleted_at = fate(rng, at)
        self.letters.append(letter)
        self.post.deliver(letter, said)
        return letter


def _conversation(post: _Post, number: int, at: datetime) -> None:
    """A citizen writes, the office answers in time, late or never; counsel may write before it does."""
    rng = post.rng
    writing = post.offices.first if rng.random() < 0.65 else post.offices.second
    office = writing.person
    both = (post.first, post.second) if rng.random() < 0.1 else (office,)
    citizen = post.lives[0].somebody()
    scene = texts.mail_scene(rng, writing.voice, at.month).of(citizen)
    letters = rng.choice(scene.topic.letters)
    talk = _Talk(post, number, scene, scene.say(rng, letters.subject).text)
    asked = talk.write(at, citizen, both, scene.say(rng, letters.mail, citizen))
    advice = _counsel(talk, office) if rng.random() < 0.14 else None
    answer = _reply(talk, office, citizen, letters.answer, asked)
    if answer is not None and rng.random() < 0.6:
        at = days.awake(rng, answer.at + DAY * rng.randint(1, 3))
        asked = talk.write(at, citizen, both, scene.say(rng, letters.followup, citizen))
        if advice is None or not _hand_over(talk, office, advice):
            _reply(talk, office, citizen, letters.closing, asked)


def _reply(talk: _Talk, office: Person, citizen: Person, template: str, asked: Letter) -> Letter | None:
    """The office's answer, with the question below it as mail programs do; None if it never comes."""
    holding = talk.post.holding(asked)
    at = holding[0].answered_at(talk.letters[-1].at)
    answer = None
    if at is not None and at < END:
        said = talk.scene.say(talk.post.rng, template, citizen)
        text = f"{said.text}\n\n{story.quoted(asked)}" if talk.post.rng.random() < 0.4 else said.text
        private = [one for one in talk.scene.own.items() if one[1] in text]
        answer = talk.write(at, office, (citizen,), Said(text, tuple(private)))
    for one in holding:
        one.note_question("email", (asked.id, asked.at), (answer.id, answer.at) if answer else None)
    return answer


def _counsel(talk: _Talk, office: Person) -> Letter:
    """Counsel's advice, in the middle of the conversation, and the office's reply that quotes it."""
    rng = talk.post.rng
    said = texts.plain_scene(rng).say(rng, texts.one_of(rng, texts.book().letters.counsel))
    at = talk.letters[-1].at + timedelta(minutes=rng.randint(20, 240))
    advice = talk.write(at, talk.post.counsel, (office,), said, privileged=True)
    thanks = Said(f"Thank you, Ada. We wait.\n\n{story.quoted(advice)}")
    talk.write(at + timedelta(minutes=rng.randint(5, 90)), office, (talk.post.counsel,), thanks, privileged=True)
    return advice


def _hand_over(talk: _Talk, office: Person, advice: Letter) -> bool:
    """Forward the conversation to the other office, advice and all; say whether that was done."""
    rng = talk.post.rng
    if rng.random() < 0.5:
        return False
    offices = talk.post.offices
    own, other = offices.first, offices.second.person
    if office is not own.person:
        own, other = offices.second, own.person
    said = texts.plain_scene(rng).say(rng, own.handover)
    text = f"{said.text}\n\n{story.forwarded(advice)}"
    letter = Letter(
        id=_id(f"{talk.name}.f", rng), at=talk.letters[-1].at + timedelta(minutes=40), sender=office, to=(other,),
        subject=f"Fwd: {talk.subject}", text=text, privileged=True,
    )  # fmt: skip
    talk.post.deliver(letter)
    return True


def _charset(rng: Random, text: str) -> str:
    charset = rng.choice(CHARSETS)
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return "utf-8"
    return charset


def _enclosures(rng: Random, name: str) -> list[Enclosure]:
    seed = rng.randrange(48)
    found = []
    if rng.random() < 0.12:
        found.append(Enclosure(f"photo {name}.jpg", "picture", seed))
    if rng.random() < 0.1:
        found.append(Enclosure(f"Rechnung_{name}_größer.pdf", "document", seed))
    if rng.random() < 0.06:
        found.append(Enclosure(f"invoices {name}.csv", "table", seed))
    return found


def _bulletin(post: _Post, number: int, at: datetime) -> None:
    """The city's newsletter, as it comes back to the first office's mailbox."""
    city = replace(post.first, name="City of Milbrook", address="news@milbrook.example")
    scene = texts.plain_scene(post.rng)
    said = scene.say(post.rng, texts.one_of(post.rng, texts.book().letters.newsletters))
    post.deliver(
        Letter(
            id=_id(f"n{number}", post.rng), at=days.at_work(post.rng, at), sender=city, to=(post.first,),
            subject="Milbrook Weekly", text=said.text, list_id="Milbrook Weekly <weekly.milbrook.example>",
        )
    )  # fmt: skip
