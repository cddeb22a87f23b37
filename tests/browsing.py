"""A real browser for the tests of pages and videos: headless Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(
        shutil.which("chromedriver") is None or shutil.which("chromium") is None,
        reason="Chromium and ChromeDriver are not installed (Debian: apt-get install chromium chromium-driver)",
    ),
]

AXE = files("axe_core_python") / "axe.min.js"


def seen_in(browser: Any, width: int, height: int, scheme: str) -> None:
    """Show what comes on a screen of a size, in light or dark colours."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def violations(page: Any) -> list[str]:
    """Return what axe-core finds by all its rules (WCAG 2.1 A and AA, and good practice), each with a first element."""
    page.execute_script(AXE.read_text(encoding="utf-8"))
    found = page.execute_async_script(
        "var done = arguments[0];"
        "axe.run().then(done, wrong => done({violations: [], passes: [], wrong: String(wrong)}))"
    )
    assert found["passes"], found
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in (
        "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    yield driver
    driver.quit()
