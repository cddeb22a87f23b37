"""A release proves itself: every record is what the archive took in, and nothing that stays in can be guessed."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from proof_oracle import Oracle

from archive import ledger
from browsing import IN_A_BROWSER
from desk import Desk
from export.bundle.build import build
from export.production.stage import again, produce, stage
from export.requests.collecting import by_hand
from export.review import approval, decisions, proposals, redactions
from test_review import Reviewed
from viewer_sample import PICTURE

SECRET = "7351"
LONG = "The pool is closed until further notice, and we are sorry for that. " * 3
ITEMS: tuple[dict[str, Any], ...] = (
    {
        "id": "1", "at": "2026-02-01T10:00:00", "text": "The pool is closed. `${x}` \\ </script> 🏊 \u2028 游泳池", "city": True,
        "by": "City of Milbrook", "links": ["https://milbrook.example/?a=1&b=" + "x" * 80], "tags": ["pool"],
        "files": {"gate.png": PICTURE.decode("latin-1"), "lost.png": None}, "alts": {"gate.png": "A gate"},
    },
    {"id": "2", "at": "2026-02-01T11:00:00", "kind": "comment", "by": "Grace Lor", "text": f"My code is {SECRET}, thanks."},
    {"id": "3", "at": "2026-02-01T12:00:00", "by": "Pat Vang", "text": f"{LONG}My code is {SECRET}, he said. {LONG}"},
    {
        "id": "4", "at": "2026-02-02T12:00:00", "kind": "email", "title": "Snow", "text": LONG, "by": "Ada <Byron>",
        "to": [(f"Person {n}", f"p{n}@milbrook.example") for n in range(40)], "details": {"Reply-To": SECRET, "note": "x"},
    },
    {"id": "5", "at": "2026-02-03T12:00:00", "text": "Withheld whole."},
)  # fmt: skip
"""Records 1 to 5: hostile text, a short text and a long one with a secret in it, mail, one that is withheld."""


class Package:
    """A draft with redactions, and its bag."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.review = Reviewed(desk, *ITEMS)
        self.archive = self.review.archive
        for one in ("2", "3"):
            self.review.redact(one, SECRET)
        found = proposals.of_field(self.archive, 1, self.review.record("4"), "details.Reply-To")
        redactions.add(self.archive, 1, [one.mark for one in found], "balancing", "A code.")
        self.review.mark("5", "withhold", "balancing", "A reason.")
        self.bag, self.checkpoint = self.built(folder)

    def built(self, folder: Path, staged: Any = None) -> tuple[Path, str]:
        made = staged or stage(self.archive, 1)
        bag = build(made.production, folder).bag
        made.clear()
        return bag, made.production.checkpoint


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    from archive.archive import Archive
    from conftest import ACTOR

    folder = tmp_path_factory.mktemp("proof")
    (folder / "backups").mkdir()
    archive = Archive.create(folder / "archive", ACTOR, name="City of Milbrook")
    return Package(Desk(archive, folder / "backups"), folder / "out")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(one) for one in path.read_text(encoding="utf-8").split("\n") if one.startswith("{")]


def test_every_record_is_proved_by_a_checker_written_from_the_docs(package: Package) -> None:
    assert Oracle(package.bag, package.checkpoint).check() == []
    assert len(lines(package.bag / "data/proof/records-0001.js")) == 4


def test_another_checkpoint_is_not_the_ledger_of_these_proofs(package: Package) -> None:
    other = package.checkpoint[:-1] + ("0" if package.checkpoint[-1] != "0" else "1")
    assert Oracle(package.bag, other).faults == [("ledger", "checkpoint")]


def opened(browser: Any, bag: Path) -> Any:
    """Open the page that checks, and wait for what it found."""
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get("about:blank")
    browser.get((bag / "data" / "CHECK.html").as_uri())
    WebDriverWait(browser, 60).until(lambda page: page.execute_script("return document.body.dataset.done"))
    return browser


def said(page: Any, name: str) -> str:
    return str(page.find_element("id", name).text)


class TestPage:
    pytestmark = IN_A_BROWSER

    def test_the_page_says_that_all_records_are_what_the_archive_took_in(self, browser: Any, package: Package) -> None:
        page = opened(browser, package.bag)
        assert "4 of 4 records are what the archive took in." in said(page, "verdict"), said(page, "wrong")
        print(said(page, "verdict"), said(page, "resting"), said(page, "days"))
        print(page.get_log("browser"))
