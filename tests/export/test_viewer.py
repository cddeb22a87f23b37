"""The viewer in a real browser, opened from disk as a citizen opens it."""

from __future__ import annotations

import pytest

from browsing import IN_A_BROWSER
from export.bundle.build import build
from export.released import ReleasedRecord
from productions import attachment, record, staged

pytestmark = IN_A_BROWSER
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)
HOSTILE = [
    "<script>window.hacked = 1</script>", "</script><img src=x onerror='window.hacked = 1'>", "line\u2028separator",
    "\u202egnihtemos", "{{ 7 * 7 }} ${7 * 7}", "'); window.hacked = 1; ('",
]  # fmt: skip


def records() -> list[ReleasedRecord]:
    picture = attachment("gate.png", "media/gate.png", PICTURE, "image/png", "A closed gate")
    found = [
        record(1, conversation=1, text="Le café de la piscine", attachments=(picture,)),
        record(2, conversation=1, parent_number=1, text="游泳池什么时候开放？", kind="message", by_account=False),
        record(3, state="deleted", state_note="Absent from the backup of 2026-04-01.", text="gone"),
        record(4, standing="superseded", text="an older text"),
        record(5, author="", author_id="901", kind="subscriber", account="other", account_title="Other", text=""),
    ]
    return found + [record(6 + number, text=text, author=text) for number, text in enumerate(HOSTILE)]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("viewer")
    built = build(staged(folder / "staging", records(), {"media/gate.png": PICTURE}), folder / "out")
    return (built.bag / "data" / "index.html").as_uri()


@pytest.fixture
def page(browser: object, address: str) -> object:
    browser.get(address)  # type: ignore[attr-defined]
    return browser


def shown(page: object) -> list[str]:
    return page.execute_script(  # type: ignore[attr-defined, no-any-return]
        "return Array.from(document.querySelectorAll('article')).map(one => one.id)"
    )


def search(page: object, text: str) -> list[str]:
    page.execute_script(  # type: ignore[attr-defined]
        "var box = document.getElementById('words'); box.value = arguments[0];"
        "document.getElementById('find').requestSubmit();", text,
    )  # fmt: skip
    return shown(page)


def choose(page: object, field: str, value: str) -> list[str]:
    page.execute_script(  # type: ignore[attr-defined]
        "var box = document.getElementById(arguments[0]); box.value = arguments[1];"
        "box.dispatchEvent(new Event('change'));", field, value,
    )  # fmt: skip
    return shown(page)


def test_everything_is_shown_without_a_server_and_without_a_complaint(page: object) -> None:
    assert len(search(page, "")) == len(records())
    complaints = [one for one in page.get_log("browser") if one["level"] == "SEVERE"]  # type: ignore[attr-defined]
    assert complaints == []


def test_hostile_text_is_shown_and_never_runs(page: object) -> None:
    search(page, "")
    assert page.execute_script("return window.hacked") is None  # type: ignore[attr-defined]
    texts = page.execute_script(  # type: ignore[attr-defined]
        "return Array.from(document.querySelectorAll('article .text')).map(one => one.textContent)"
    )
    assert [text for text in HOSTILE if text not in texts] == []
    assert page.execute_script("return document.querySelectorAll('article script, article img[src=x]').length") == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("CAFE", ["r1"]), ("游泳池", ["r2"]), ('"de la piscine"', ["r1"]), ("piscine café", ["r1"]), ("nothing here", [])],
)
def test_search_works_in_any_script(page: object, text: str, expected: list[str]) -> None:
    assert search(page, text) == expected
    marks = page.execute_script("return document.querySelectorAll('mark').length")  # type: ignore[attr-defined]
    assert (marks > 0) == bool(expected)
    search(page, "")


def test_filters_narrow_what_is_shown(page: object) -> None:
    assert choose(page, "state", "deleted") == ["r3"]
    choose(page, "state", "")
    assert choose(page, "account", "other") == ["r5"]
    choose(page, "account", "")
    assert choose(page, "kind", "message") == ["r2"]
    choose(page, "kind", "")
    assert choose(page, "from", "2026-03-12") == ["r11"]
    choose(page, "from", "")


def test_a_conversation_is_shown_in_its_order_and_left_again(page: object) -> None:
    search(page, "")
    page.execute_script("document.querySelector('#r2 .foot button').click()")  # type: ignore[attr-defined]
    assert shown(page) == ["r1", "r2"]
    page.execute_script("document.getElementById('leave').click()")  # type: ignore[attr-defined]
    assert len(shown(page)) == len(records())


def test_states_and_older_versions_are_marked(page: object) -> None:
    said = page.execute_script("return document.querySelector('#r3 .state').textContent")  # type: ignore[attr-defined]
    assert said == "Absent from the backup of 2026-04-01."
    said = page.execute_script("return document.querySelector('#r4 .state').textContent")  # type: ignore[attr-defined]
    assert said.startswith("An earlier version")


def test_every_picture_has_a_text_and_is_loaded_from_the_bundle(page: object) -> None:
    alt, width = page.execute_script(  # type: ignore[attr-defined]
        "var one = document.querySelector('article img'); one.scrollIntoView(); one.loading = 'eager';"
        "return [one.alt, one.naturalWidth]"
    )
    assert alt == "A closed gate"
    assert width in (0, 1)
    page.implicitly_wait(2)  # type: ignore[attr-defined]


def test_every_field_has_a_label_and_the_keyboard_reaches_them_all(page: object) -> None:
    unlabelled = page.execute_script(  # type: ignore[attr-defined]
        "return Array.from(document.querySelectorAll('input, select')).filter(one => !one.labels.length).length"
    )
    assert unlabelled == 0
    from selenium.webdriver.common.keys import Keys

    reached = set()
    page.execute_script("document.activeElement.blur(); window.scrollTo(0, 0)")  # type: ignore[attr-defined]
    for _ in range(25):
        active = page.switch_to.active_element  # type: ignore[attr-defined]
        active.send_keys(Keys.TAB)
        reached.add(page.switch_to.active_element.get_attribute("id"))  # type: ignore[attr-defined]
    assert {"words", "account", "kind", "state", "order"} <= reached


def test_ten_thousand_records_are_drawn_a_hundred_at_a_time(
    browser: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("large")
    many = [record(number, text=f"notice {number}") for number in range(1, 10_001)]
    built = build(staged(folder / "staging", many), folder / "out")
    browser.get((built.bag / "data" / "index.html").as_uri())  # type: ignore[attr-defined]
    assert len(shown(browser)) == 100
    browser.execute_script("document.getElementById('more').click()")  # type: ignore[attr-defined]
    assert len(shown(browser)) == 200
    assert search(browser, "notice 9876") == ["r9876"]
