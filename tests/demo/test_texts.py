from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

import pytest

from demo import story, texts
from demo.people import CARDS, person, private
from demo.texts import PRIVATE, Topic, book, scene_of

TOPICS = book().topics
RUN_TOGETHER = re.compile(r"[{}]|\.\.(?!\.)| {2}|[a-z][.!?,;][A-Z]|\s[.,;](\s|$)")


def templates(topic: Topic) -> Iterator[str]:
    yield from (*topic.posts, *topic.more, *topic.updates, *topic.remarks, *topic.retorts)
    for one in topic.exchanges:
        yield from (one.ask, one.answer)
    for letters in topic.letters:
        yield from (letters.subject, letters.mail, letters.answer, letters.followup, letters.closing)


def everything() -> Iterator[tuple[Topic, str]]:
    for topic in TOPICS:
        yield from ((topic, one) for one in templates(topic))
        yield from ((topic, one) for one in book().additions[topic.language])
        yield from ((topic, one) for one in book().afterthoughts[topic.language])
    stationery = book().letters
    loose = (*book().nods, *book().retorts, *stationery.counsel, *stationery.handovers)
    loose += (*stationery.newsletters, *stationery.pool_news, *(one.text for one in book().essays))
    for one in (*loose, *(line for talk in book().talks for line in talk.lines)):
        yield TOPICS[0], one


@pytest.mark.parametrize("topic", TOPICS, ids=lambda one: one.key)
def test_every_template_of_a_topic_reads_well_once_it_is_filled_in(topic: Topic) -> None:
    rng = Random(1)
    for _ in range(20):
        scene = scene_of(rng, topic)
        for one in templates(topic):
            text = scene.say(rng, one, person(rng)).text
            assert not RUN_TOGETHER.search(text.replace("\n\n", "¶")), text


def test_all_other_templates_read_well_too() -> None:
    rng = Random(2)
    for topic, one in everything():
        text = scene_of(rng, topic).say(rng, one, person(rng)).text
        assert not RUN_TOGETHER.search(text.replace("\n\n", "¶")), text


def test_only_phone_numbers_that_are_nobodys_occur() -> None:
    rng = Random(3)
    said = [scene_of(rng, topic).say(rng, one, person(rng)).text for topic, one in everything()]
    said += [one.text for one in story.story().said]
    said += [one.text for one in story.story().mailed]
    for text in said:
        for number in re.findall(r"555-\d+", text):
            assert re.fullmatch(r"555-01\d\d", number)


def test_a_text_tells_the_private_data_in_it_and_keeps_to_them() -> None:
    rng = Random(4)
    scene = scene_of(rng, TOPICS[0])
    first = scene.say(rng, "Call {phone}, born {born}.")
    assert first.text == f"Call {first.private[0][1]}, born {first.private[1][1]}."
    assert scene.say(rng, "Again: {phone}").private == first.private[:1]
    assert scene.of(person(rng)).say(rng, "{born}").private != first.private[1:]
    assert scene.say(rng, "Nothing at {place}.").private == ()


def luhn(number: str) -> bool:
    digits = [int(one) for one in number if one.isdigit()][::-1]
    return sum(sum(divmod(one * (1 + place % 2), 10)) for place, one in enumerate(digits)) % 10 == 0


def test_private_data_look_real_and_are_nobodys() -> None:
    rng = Random(5)
    assert all(luhn(card) for card in CARDS)
    for _ in range(200):
        area, group, _serial = private(rng, "ssn").split("-")
        assert int(area) >= 900
        assert int(group) < 50
        assert re.fullmatch(r"Q000-\d{4}-\d{4}-\d\d", private(rng, "licence"))
    assert all(private(rng, sort) for sort in PRIVATE)
    assert private(rng, "child", "Moua").endswith(" Moua")


def test_pictures_show_and_topics_are_told_by_voices_that_there_are() -> None:
    motifs = {one.name for one in book().motifs}
    assert {one.motif for one in TOPICS} <= motifs
    assert {voice for one in TOPICS for voice in one.on} == {"city", "parks", "police"}


@pytest.mark.parametrize("month", range(1, 13))
def test_every_voice_has_something_to_say_in_every_month(month: int) -> None:
    rng = Random(month)
    for voice in ("city", "parks", "police"):
        said = {texts.scene(rng, voice, month).topic.key for _ in range(80)}
        assert len(said) > 2
        assert ("snow" in said) <= (month in (11, 12, 1, 2, 3))


def test_the_city_speaks_many_languages() -> None:
    assert {topic.language for topic in TOPICS} >= {"en", "es", "und", "zh", "ar", "ru", "fr"}
    assert {one.language for one in story.story().said} >= {"en", "es", "und", "zh", "ar", "ru"}


def test_the_story_is_told_on_every_account_that_speaks() -> None:
    told = story.story()
    assert {one.on for one in told.said} == {"x-city", "x-police", "fb-city", "fb-parks"}
    assert {one.list for one in told.issues} == {"Milbrook Weekly", "Pool and Recreation"}
    keys = [one.key for one in told.said]
    assert len(set(keys)) == len(keys)
    for number, one in enumerate(told.said):
        assert not one.to or one.to in keys[:number]
        assert not one.by or one.by in story.cast()


def test_people_have_addresses_that_any_server_takes() -> None:
    rng = Random(1)
    for _ in range(500):
        somebody = person(rng)
        assert re.fullmatch(r"[a-z]+\.[a-z]+\d+@mail\.example", somebody.address)
        assert re.fullmatch(r"\w{3,15}", somebody.handle, re.ASCII)
        assert len(somebody.x_id) == 12
