"""Archives and the fictional city, made once and shared by tests that only read them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from filelock import FileLock
from hypothesis import settings

from archive import accounts, users
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


FULL_COST = users.COST


@pytest.fixture(scope="session", autouse=True)
def _passwords_cost_little() -> Iterator[None]:
    """Hundreds of tests register people; what a password really costs has a test of its own."""
    users.COST = users.Cost(passes=1, memory=8, lanes=1)
    yield
    users.COST = FULL_COST


def once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that the first worker of this run that needs it makes, and all of them only read."""
    root = tmp_path_factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    with FileLock(root / f"{name}.lock"):
        if not (root / name).exists():
            make(root / f"{name}.partial")
            (root / f"{name}.partial").rename(root / name)
    return root / name


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "city", generate)


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


def _take_in_all(folder: Path) -> None:
    """Make an archive of the whole city, a smaller one, and index it."""
    with TemporaryDirectory() as name, Archive.create(folder, ACTOR, name="City of Milbrook") as made:
        generate(Path(name), scale=0.35)
        register(made)
        for one in load(Path(name)).backups:
            bring_in_as_told(made, Path(name), one)
        house(made).catch_up()


@pytest.fixture(scope="session")
def _full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "full", _take_in_all)


@pytest.fixture(scope="session")
def milbrook(_full: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The whole city in one archive, indexed: to read, never to change."""
    folder = tmp_path_factory.mktemp("milbrook") / "archive"
    shutil.copytree(_full, folder)
    with Archive.open(folder, ACTOR) as opened:
        yield house(opened)


@pytest.fixture
def own_milbrook(_full: Path, tmp_path: Path) -> Iterator[House]:
    """A copy of the city's archive that a test may change."""
    shutil.copytree(_full, tmp_path / "own")
    with Archive.open(tmp_path / "own", ACTOR) as opened:
        yield house(opened)
