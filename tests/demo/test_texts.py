from __future__ import annotations

import re
from random import Random

import pytest

from demo import texts
from demo.people import person

TOPICS = texts.book().topics
EVERY_TEMPLATE = [
    template
    for topic in TOPICS
    for sort in (topic.posts, topic.replies, topic.subjects, topic.mails, topic.answers, topic.followups)
    for template in sort
] + [*texts.book().long_posts, *texts.book().counsel, *texts.book().newsletters]


@pytest.mark.parametrize("template", EVERY_TEMPLATE)
def test_every_template_can_be_filled_in(template: str) -> None:
    filled = texts.scene(Random(1)).say(Random(1), [template], "Bao")
    assert "{" not in filled
    assert "}" not in filled


def test_only_phone_numbers_that_are_nobodys_occur() -> None:
    for seed in range(200):
        rng = Random(seed)
        scene = texts.scene(rng)
        for template in EVERY_TEMPLATE:
            for number in re.findall(r"555-\d+", scene.say(rng, [template])):
                assert re.fullmatch(r"555-01\d\d", number)


def test_one_conversation_speaks_of_one_place() -> None:
    rng = Random(3)
    scene = texts.mail_scene(rng)
    place = scene.values["place"]
    others = set(texts.book().places) - {place, "City Hall"}
    for sort in (scene.topic.subjects, scene.topic.mails, scene.topic.answers):
        for template in sort:
            assert not any(other in scene.say(rng, [template]) for other in others)


def test_whoever_can_write_a_mail_can_be_answered() -> None:
    for topic in TOPICS:
        sorts = (topic.subjects, topic.mails, topic.answers, topic.followups)
        assert all(sorts) or not any(sorts)


def test_the_city_speaks_many_languages() -> None:
    assert {topic.language for topic in TOPICS} >= {"en", "es", "und", "zh", "ar", "ru"}


def test_people_have_addresses_that_any_server_takes() -> None:
    rng = Random(1)
    for _ in range(500):
        somebody = person(rng)
        assert re.fullmatch(r"[a-z]+\.[a-z]+\d+@mail\.example", somebody.address)
        assert re.fullmatch(r"\w+", somebody.handle, re.ASCII)
        assert len(somebody.x_id) == 12
