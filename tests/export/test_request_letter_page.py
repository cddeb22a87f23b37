"""A letter as a page: axe finds nothing in light and dark, and it fits a telephone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from browsing import IN_A_BROWSER, violations
from export.requests.letters import compose
from export.requests.register import open_request

pytestmark = IN_A_BROWSER

LONG = "https://example.org/" + "very-long-address-without-any-place-to-break/" * 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_letter_conforms_and_fits_a_telephone(browser: Any, archive: Archive, tmp_path: Path, scheme: str) -> None:
    open_request(archive, date(2026, 4, 2), f"All that is said at {LONG}", "Ada Example")
    path = tmp_path / "letter.html"
    path.write_text(compose(archive, 1, "denial", note=f"It is a draft: {LONG}").html, encoding="utf-8")
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.set_window_size(500, 900)
    browser.get(path.as_uri())
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(browser) == []
    assert browser.get_log("browser") == []
