"""The pages of a package for everybody: WCAG 2.1 AA by axe-core, the keyboard, narrow and enlarged screens, the CSP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from browsing import IN_A_BROWSER, seen_in, violations
from viewer_sample import built

pytestmark = IN_A_BROWSER
EDITS = "document.querySelectorAll('#r9 .foot button, #r10 .foot button').forEach(one => one.click());"
FACTS = "document.querySelectorAll('details').forEach(one => { one.open = true; });"
SETTLED = "requestAnimationFrame(() => setTimeout(arguments[0], 50))"
VIEWS = {
    "list": ("", FACTS), "thread": ("#thread=1", ""), "side by side": ("#r9", EDITS), "search": ("#q=pool", ""),
    "nothing found": ("#q=nowhere", ""),
}  # fmt: skip
PAGES = [
    "START-HERE.html", "data/coverage.html", "data/reconciliation.html", "data/exemption-log.html",
    "data/certificate.html", "data/letter.html",
]  # fmt: skip
SIZES = {"desktop": (1200, 900), "phone": (375, 800), "narrow": (320, 640)}


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    letter = "Granted in part\n===============\n\nHere they are.\n\nWhy\n---\n\n- one\n- two\n"
    return built(tmp_path_factory.mktemp("access"), letter=letter)


def opened(browser: Any, address: str, width: int = 1200, height: int = 900, scheme: str = "light") -> Any:
    seen_in(browser, width, height, scheme)
    browser.get("about:blank")
    browser.get(address)
    return browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", ["desktop", "narrow"])
def test_the_viewer_keeps_wcag_2_1_aa(browser: Any, bag: Path, view: str, size: str, scheme: str) -> None:
    where, then = VIEWS[view]
    page = opened(browser, (bag / "data" / "index.html").as_uri() + where, *SIZES[size], scheme)
    page.execute_async_script(then + SETTLED)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_the_other_pages_keep_wcag_2_1_aa(browser: Any, bag: Path, name: str, scheme: str) -> None:
    assert violations(opened(browser, (bag / name).as_uri(), scheme=scheme)) == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", ["phone", "narrow"])
def test_nothing_scrolls_sideways_on_a_narrow_or_enlarged_screen(browser: Any, bag: Path, view: str, size: str) -> None:
    where, then = VIEWS[view]
    page = opened(browser, (bag / "data" / "index.html").as_uri() + where, *SIZES[size])
    page.execute_async_script(then + FACTS + SETTLED)
    page.execute_script("document.documentElement.style.fontSize = '200%'" if size == "phone" else "")
    assert page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


def test_the_keyboard_reaches_everything_and_the_focus_is_seen(browser: Any, bag: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    page = opened(browser, (bag / "data" / "index.html").as_uri())
    reached, unseen = set(), []
    for _ in range(60):
        page.switch_to.active_element.send_keys(Keys.TAB)
        name, outline = page.execute_script(
            "var one = document.activeElement, style = getComputedStyle(one);"
            "return [one.id || one.dataset.month || one.className || one.tagName.toLowerCase(),"
            "style.outlineStyle + style.outlineWidth]"
        )
        reached.add(name)
        if outline == "none0px":
            unseen.append(name)
    assert {
        "skip", "words", "account", "kind", "state", "side", "from", "to", "order", "files", "blacked", "summary",
        "2025-07", "2026-03", "print", "number", "button", "bar",
    } <= reached  # fmt: skip
    assert unseen == []


def test_the_skip_link_leads_to_the_records(browser: Any, bag: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    page = opened(browser, (bag / "data" / "index.html").as_uri())
    page.switch_to.active_element.send_keys(Keys.TAB)
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert page.execute_script("return document.activeElement.id") == "records"


def test_landmarks_and_headings_say_where_one_is(browser: Any, bag: Path) -> None:
    page = opened(browser, (bag / "data" / "index.html").as_uri())
    assert page.execute_script(
        "return ['body > header', 'main', 'body > footer', 'nav', '[role=search]', '#records'].map("
        "one => document.querySelectorAll(one).length)"
    ) == [1, 1, 1, 1, 1, 1]
    assert page.execute_script("return document.querySelectorAll('h1').length") == 1
    heading = page.execute_script("return document.querySelector('#r2 h3').textContent")
    assert heading == "No. 2, Rosa Lindqvist"
    unlabelled = "Array.from(document.querySelectorAll('input, select')).filter(one => !one.labels.length).length"
    assert page.execute_script("return " + unlabelled) == 0


def test_a_bar_is_read_with_its_reason(browser: Any, bag: Path) -> None:
    page = opened(browser, (bag / "data" / "index.html").as_uri())
    bar = page.find_element("css selector", "#r7 .text .bar")
    assert (bar.aria_role, bar.accessible_name) == ("link", "[1: § 19.36(11)]")
    assert bar.get_attribute("title").startswith("Blacked out: Wis. Stat. § 19.36(11), Home data")


def test_the_page_allows_its_own_scripts_and_styles_and_nothing_else(browser: Any, bag: Path) -> None:
    page = opened(browser, (bag / "data" / "index.html").as_uri())
    policy = page.execute_script("return document.querySelector('meta[http-equiv]').content")
    assert "unsafe" not in policy
    assert "http" not in policy
    page.execute_script(
        "var one = document.createElement('script'); one.textContent = 'window.added = 1'; document.body.append(one);"
        "document.body.setAttribute('style', 'display: none');"
        "document.body.setAttribute('onclick', 'window.added = 2'); document.body.click();"
    )
    assert page.execute_script("return window.added") is None
    assert page.execute_script("return getComputedStyle(document.body).display") == "block"
