"""The city's chats and telephones: nobody real is in them, and chance gives the same twice."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.city import generate
from demo.every import messaging

PHONE = re.compile(rb"(?:\+1|\b)608[- ]?(\d{3})[- ]?(\d{2})\d{2}\b|\b(\d{3})-(\d{2})\d{2}\b")
ADDRESS = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
OF_PLATFORMS = (b"thread.v2", b"thread.tacv2", b"unq.gbl.spaces")
"""What ends the ids of chats of Teams, which are no addresses."""
ACCOUNTS = tuple(dict.fromkeys(one.account for one in messaging.PLANNED))


def contents(city: Path) -> Iterator[bytes]:
    for path in sorted(city.glob("*.zip")):
        with zipfile.ZipFile(path) as packed:
            yield from (packed.read(one) for one in packed.namelist() if not one.endswith(".jpg"))


@pytest.fixture(scope="module")
def chats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    city = tmp_path_factory.mktemp("chats")
    generate(city, scale=0.3, accounts=ACCOUNTS)
    return city


def test_all_telephone_numbers_are_those_kept_free_for_stories(chats: Path) -> None:
    found = [match.groups() for one in contents(chats) for match in PHONE.finditer(one)]
    assert len(found) > 50
    assert {(area or short, last or end) for area, last, short, end in found} == {(b"555", b"01")}


def test_all_addresses_are_examples(chats: Path) -> None:
    found = {match[0] for one in contents(chats) for match in ADDRESS.finditer(one)}
    assert len(found) > 20
    assert [one for one in found if not one.endswith((b".example", *OF_PLATFORMS))] == []


def test_the_same_seed_gives_the_same_bytes(chats: Path, tmp_path: Path) -> None:
    generate(tmp_path, scale=0.3, accounts=ACCOUNTS)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {
        one.name: one.read_bytes() for one in chats.iterdir()
    }
