"""Archives and the fictional city, made once and shared by tests that only read them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from archive import accounts
from archive.archive import Actor, Archive
from browsing import browser as browser
from composition import House, house
from demo.city import generate
from ingest.accession import Declaration, take_in
from ingest.backup import Backup
from ingest.registry import identify

ACTOR = Actor("tester", "test")

# No test asserts a time; on a shared machine the same change must give the same answer twice.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "archive", ACTOR, name="City of Milbrook") as made:
        yield made


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    generate(folder)
    return folder


def register(archive: Archive) -> None:
    accounts.add(archive, "x-city", platform="x", department="Clerk", handle="CityOfMilbrook")
    accounts.add(archive, "mail-clerk", platform="email", department="Clerk", handle="clerk@milbrook.example")
    accounts.add(archive, "mail-parks", platform="email", department="Parks", handle="parks@milbrook.example")


def bring_in(archive: Archive, path: Path, account: str, declaration: Declaration | None = None) -> dict[str, int]:
    backup = Backup.open([path])
    report = take_in(archive, backup, accounts.get(archive, account), identify(backup), declaration or Declaration())
    return {key: value for key, value in report.facts.items() if isinstance(value, int)}


@pytest.fixture(scope="session")
def _full(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full") / "archive"
    with Archive.create(folder, ACTOR, name="City of Milbrook") as made:
        register(made)
        bring_in(made, city / "x-2026-03-01.zip", "x-city")
        bring_in(made, city / "x-2026-04-01.zip", "x-city")
        bring_in(made, city / "clerk.mbox", "mail-clerk")
        bring_in(made, city / "parks.mbox", "mail-parks")
        house(made).catch_up()
    return folder


@pytest.fixture(scope="session")
def milbrook(_full: Path) -> Iterator[House]:
    """The whole city in one archive, indexed: to read, never to change."""
    with Archive.open(_full, ACTOR) as opened:
        yield house(opened)


@pytest.fixture
def own_milbrook(_full: Path, tmp_path: Path) -> Iterator[House]:
    """A copy of the city's archive that a test may change."""
    shutil.copytree(_full, tmp_path / "own")
    with Archive.open(tmp_path / "own", ACTOR) as opened:
        yield house(opened)
