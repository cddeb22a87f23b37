"""Archives and the fictional city, made once and shared by tests that only read them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from archive import accounts
from archive.archive import Actor, Archive
from archive.verify import verify
from browsing import browser as browser
from composition import House, house
from demo.city import generate
from demo.truth import BackupTruth, load
from desk import Desk
from ingest.accession import Declaration, take_in
from ingest.backup import Backup
from ingest.registry import identify

ACTOR = Actor("tester", "test")

# No test asserts a time; on a shared machine the same change must give the same answer twice.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a slow test go first, so that no worker begins one when the others have nothing left."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "archive", ACTOR, name="City of Milbrook") as made:
        yield made


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    generate(folder)
    return folder


@pytest.fixture
def desk(archive: Archive, tmp_path: Path) -> Iterator[Desk]:
    """One account in the plain format; whatever a test does to it, the archive must verify in the end."""
    (tmp_path / "backups").mkdir()
    made = Desk(archive, tmp_path / "backups")
    yield made
    assert list(verify(archive, deep=True)) == []


def register(archive: Archive) -> None:
    """Add the city's eight accounts."""
    for name, platform, department, handle in (
        ("x-city", "x", "Clerk", "CityOfMilbrook"),
        ("x-police", "x", "Police", "MilbrookPolice"),
        ("fb-city", "facebook", "Clerk", "CityOfMilbrook"),
        ("fb-parks", "facebook", "Parks", "MilbrookParks"),
        ("mail-clerk", "email", "Clerk", "clerk@milbrook.example"),
        ("mail-parks", "email", "Parks", "parks@milbrook.example"),
        ("news", "mailchimp", "Clerk", "news@milbrook.example"),
        ("alerts", "govdelivery", "Clerk", "alerts@milbrook.example"),
    ):
        accounts.add(archive, name, platform=platform, department=department, handle=handle)


def bring_in(
    archive: Archive, path: Path, account: str, declaration: Declaration | None = None, list_name: str = ""
) -> dict[str, int]:
    """Take a backup in; return the counts of its closing report."""
    backup = Backup.open([path], list_name=list_name)
    of = accounts.get(archive, account)
    report = take_in(archive, backup, of, identify(backup, of.platform), declaration or Declaration())
    return {key: value for key, value in report.facts.items() if isinstance(value, int)}


def bring_in_as_told(archive: Archive, city: Path, one: BackupTruth) -> dict[str, int]:
    """Take one of the city's backups in, with the options that the truth names."""
    day = date.fromisoformat(one.exported_on) if one.exported_on else None
    declaration = Declaration(complete=one.complete, exported_on=day)
    return bring_in(archive, city / one.file, one.account, declaration, one.list_name)


@pytest.fixture(scope="session")
def _full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    city = tmp_path_factory.mktemp("smaller city")
    generate(city, scale=0.35)
    folder = tmp_path_factory.mktemp("full") / "archive"
    with Archive.create(folder, ACTOR, name="City of Milbrook") as made:
        register(made)
        for one in load(city).backups:
            bring_in_as_told(made, city, one)
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
