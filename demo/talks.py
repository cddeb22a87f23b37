"""Private messages between an account and citizens."""

from __future__ import annotations

from datetime import timedelta

from demo import days, story, texts
from demo.days import BEGINNING, DAY, END
from demo.life import Life
from demo.people import Person
from demo.story import LineId
from demo.world import Conversation, Line


def conversations(lived: Life, count: int, line_id: LineId, ending: str = "") -> list[Conversation]:
    """Return conversations by the id of whoever the city talks with, the story's among them."""
    citizens = lived.rng.sample(lived.people, min(count, len(lived.people)))
    found = [_talk(lived, citizen, line_id, ending) for citizen in citizens]
    found += story.talks(lived, line_id, ending)
    for one in found:
        _note(lived, one.lines)
    return sorted(found, key=lambda one: one.id)


def _talk(lived: Life, citizen: Person, line_id: LineId, ending: str) -> Conversation:
    """A part of them stops before the city has answered."""
    rng = lived.rng
    chosen = rng.choice(texts.book().talks)
    scene = texts.plain_scene(rng, chosen.language).of(citizen)
    at = days.awake(rng, BEGINNING + (END - BEGINNING - DAY * 60) * rng.random())
    templates = chosen.lines
    lines: list[Line] = []
    for number, template in enumerate(templates[: rng.randint(1, len(templates))]):
        said = scene.say(rng, template, citizen)
        lines.append(Line(line_id(at, number), at, said.text, None if number % 2 else citizen))
        lived.note_private("message", lines[-1].id, said.private if number % 2 == 0 else ())
        at = at + timedelta(minutes=rng.randint(3, 90)) if number % 2 else lived.answered_at(at) or days.late(rng, at)
    return Conversation(id=f"{citizen.x_id}{ending}", person=citizen, lines=tuple(lines))


def _note(lived: Life, lines: tuple[Line, ...]) -> None:
    """Note a citizen's first message as a question, and the city's first answer."""
    first = lines[0]
    answer = next(((one.id, one.at) for one in lines if one.author is None), None)
    lived.note_question("message", (first.id, first.at), answer)
