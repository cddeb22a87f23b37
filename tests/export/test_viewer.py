"""The viewer in a real browser, opened from disk as a citizen opens it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from browsing import IN_A_BROWSER
from export.bundle.bag import Bag
from export.bundle.build import build
from export.bundle.viewer import Viewer
from export.released import ReleasedRecord
from productions import record, staged
from viewer_sample import HOME, KEPT_IN, bar, built

pytestmark = IN_A_BROWSER
HOSTILE = [
    "<script>window.hacked = 1</script>", "</script><img src=x onerror='window.hacked = 1'>", "line\u2028separator",
    "\u202egnihtemos", "{{ 7 * 7 }} ${7 * 7}", "'); window.hacked = 1; ('",
    "\u05e9\u05dc\u05d5\u05dd \u0000 \U0001f3ca",
]  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return (built(tmp_path_factory.mktemp("viewer")) / "data" / "index.html").as_uri()


@pytest.fixture
def page(browser: Any, address: str) -> Any:
    return opened(browser, address)


def opened(browser: Any, address: str) -> Any:
    browser.get("about:blank")
    browser.get(address)
    return browser


def shown(page: Any) -> list[str]:
    found: list[str] = page.execute_script("return Array.from(document.querySelectorAll('article')).map(one => one.id)")
    return found


def search(page: Any, text: str) -> list[str]:
    page.execute_script(
        "var box = document.getElementById('words'); box.value = arguments[0];"
        "document.getElementById('find').requestSubmit();", text,
    )  # fmt: skip
    return shown(page)


def choose(page: Any, field: str, value: str | bool) -> list[str]:
    page.execute_script(
        "var box = document.getElementById(arguments[0]); box[box.type === 'checkbox' ? 'checked' : 'value'] ="
        "arguments[1]; box.dispatchEvent(new Event('change'));", field, value,
    )  # fmt: skip
    return shown(page)


def press(page: Any, selector: str) -> None:
    page.execute_script("document.querySelector(arguments[0]).click()", selector)


def text(page: Any, selector: str) -> str:
    found: str = page.execute_script("return document.querySelector(arguments[0]).textContent", selector)
    return found


def texts(page: Any, selector: str) -> list[str]:
    found: list[str] = page.execute_script(
        "return Array.from(document.querySelectorAll(arguments[0])).map(one => one.textContent)", selector
    )
    return found


def open_facts(page: Any, within: str) -> None:
    page.execute_async_script(
        "document.querySelectorAll(arguments[0] + ' details').forEach(one => { one.open = true; });"
        "setTimeout(arguments[1], 50)", within,
    )  # fmt: skip


def complaints(page: Any) -> list[str]:
    return [one["message"] for one in page.get_log("browser") if one["level"] == "SEVERE"]


def of(folder: Path, records: list[ReleasedRecord], **more: Any) -> str:
    """Build a package of these records and return its viewer's address."""
    return (build(staged(folder / "s", records, **more), folder / "out").bag / "data" / "index.html").as_uri()


def test_everything_is_shown_without_a_server_and_without_a_complaint(page: Any) -> None:
    assert sorted(shown(page)) == sorted(f"r{number}" for number in range(1, 20))
    assert text(page, "#count") == "All 19 records, 2 of them withheld."
    assert complaints(page) == []


def test_every_card_carries_its_bates_number(page: Any) -> None:
    assert text(page, "#r12 .number") == "No. 12MILBROOK-2026-0001-000012"
    assert len(texts(page, "article .bates")) == 19


def test_hostile_text_is_shown_and_never_runs(browser: Any, tmp_path: Path) -> None:
    clean = [one.replace("\0", "\ufffd") for one in HOSTILE]
    hostile = [
        record(n, text=one, author=one, title=one, details={one: one}, tags=(one,), url="javascript:window.hacked = 1")
        for n, one in enumerate(clean, 1)
    ]
    page = opened(browser, of(tmp_path, hostile))
    open_facts(page, "article")
    assert len(texts(page, ".facts")) == len(clean)
    assert texts(page, "article .text") == clean
    assert texts(page, "article h4.title") == clean
    assert page.execute_script("return window.hacked") is None
    assert page.execute_script("return document.querySelectorAll('article script, article img').length") == 0
    assert page.execute_script("return document.querySelectorAll('a[href^=javascript]').length") == 0
    assert complaints(page) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("CAFE", ["r18"]), ("l'ecole", ["r18"]), ("L’ÉCOLE", ["r18"]), ("été", ["r18"]), ("d’ete", ["r18"]),
        ('"cafe de"', ["r18"]), ("cafe ecole", ["r18"]), ("pool cafe", ["r18"]), ("milbrookpool", ["r18"]),
        ("游泳池", ["r6", "r10", "r11"]), ("么时候", ["r6"]), ("เปิด", ["r18"]), ("الرد", ["r5"]), ("رد", ["r5"]),
        ("nothing here", []), ("ittle", []), ("litt", ["r2"]), ('"litt"', []), ('"little  pool"', ["r2"]),
        ("gate", ["r14"]), ("closes at six", ["r14"]), ("inquiry", ["r4", "r7", "r19"]), ("pool text|", []),
        ("000012", ["r12"]), ("Haddad", ["r5"]),
    ],
)  # fmt: skip
def test_search_works_in_any_script(page: Any, query: str, expected: list[str]) -> None:
    assert search(page, query) == expected


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("cafe", ["café"]), ("l'école", ["L’école"]), ("pool clos", ["clos", "pool"]),
        ("游泳池什", ["游泳池什"]), ("เปิด", ["เปิด"]), ('"little pool"', ["little pool"]), ("alder", ["Alder"]),
    ],
)  # fmt: skip
def test_what_was_searched_is_marked_where_it_stands(page: Any, query: str, marked: list[str]) -> None:
    search(page, query)
    assert sorted(set(texts(page, "mark"))) == sorted(set(marked))


def test_text_is_folded_the_same_where_marks_are_asked_for_and_where_not(page: Any) -> None:
    said = [
        "The  McDonald`s\n #MilbrookPool R2D2",
        "Ärger\u00a0 im ﬁtness-Straße",
        "\u0000\x1f  x",
        "𝒫ool 👩\u200d🚒",
        "",
    ]
    for one in said:
        plain, mapped, places = page.execute_script(
            "var origins = [], known = one => [one.flat, Array.from(one.humps)];"
            "return [known(Text.fold(arguments[0])), known(Text.fold(arguments[0], origins)), origins.length]", one,
        )  # fmt: skip
        assert plain == mapped
        assert places == page.execute_script("return arguments[0].length", plain[0])
    assert page.execute_script("return Text.fold('STRASSE').flat === Text.fold('Straße').flat")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("a b c d", "a c b d"),
        ("", "new words"), ("old words", ""), ("same", "same"), ("游泳池 open", "泳池 opens 🏊"),
        ("it’s one", "its one two " * 40), ("x\n" * 50, "y\n" * 50), ("no " * 5000, "yes " * 5000),
    ],
)  # fmt: skip
def test_what_an_edit_left_alone_is_the_same_in_both_versions(page: Any, earlier: str, later: str) -> None:
    left, right = page.execute_script(
        "var found = Diff.compare(arguments[0], arguments[1]);"
        "return [[arguments[0], found.earlier], [arguments[1], found.later]].map(([text, spans]) => Array.from(text)"
        ".filter((_, at) => !spans.some(one => one.start <= at && at < one.stop)).join('').replace(/\\s+/g, ''))",
        earlier, later,
    )  # fmt: skip
    assert left == right


def test_counts_are_spoken(page: Any) -> None:
    assert page.execute_script("return document.getElementById('count').getAttribute('aria-live')") == "polite"
    search(page, "游泳池")
    assert text(page, "#count") == "3 of 19 records."
    search(page, "nothing at all")
    assert text(page, "#count") == "Nothing matches. Try fewer words, or clear the filters."
    press(page, "#clear")
    assert text(page, "#count") == "All 19 records, 2 of them withheld."


def test_filters_narrow_what_is_shown(page: Any) -> None:
    for field, value, expected in (
        ("state", "deleted", ["r12"]), ("state", "hidden", ["r13"]), ("state", "withheld", ["r4", "r19"]),
        ("account", "other", ["r16", "r17"]), ("kind", "email", ["r7", "r19"]), ("from", "2026-03-19", ["r19"]),
        ("to", "2026-03-02", ["r14", "r1"]), ("side", "public", ["r2", "r5", "r6", "r7", "r13", "r17"]),
    ):  # fmt: skip
        assert sorted(choose(page, field, value)) == sorted(expected), (field, value)
        choose(page, field, "")
    assert choose(page, "files", True) == ["r7", "r14", "r19"]
    choose(page, "files", False)
    assert choose(page, "blacked", True) == ["r7", "r9"]


def test_the_timeline_counts_months_and_filters_by_them(page: Any) -> None:
    labels = page.execute_script(
        "return Array.from(document.querySelectorAll('#months button')).map(one => one.getAttribute('aria-label'))"
    )
    assert labels == ["July 2025: 1 record", "March 2026: 17 records"]
    assert text(page, "#undated") == "1 record without a known month."
    press(page, "[data-month='2025-07']")
    assert shown(page) == ["r14"]
    assert page.execute_script("return document.querySelector('[aria-pressed=true]').dataset.month") == "2025-07"
    press(page, "[data-month='2025-07']")
    assert len(shown(page)) == 19


def test_a_month_is_chosen_by_keyboard_and_keeps_the_focus(page: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    page.execute_script("document.querySelector('[data-month=\"2025-07\"]').focus()")
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert shown(page) == ["r14"]
    assert page.switch_to.active_element.get_attribute("data-month") == "2025-07"


def test_what_is_chosen_survives_in_the_address(browser: Any, address: str) -> None:
    page = opened(browser, address)
    choose(page, "side", "public")
    search(page, "pool 'little'")
    choose(page, "order", "new")
    kept = page.current_url
    expected = shown(page)
    assert opened(browser, kept).execute_script("return document.getElementById('side').value") == "public"
    assert shown(page) == expected
    press(page, "#clear")
    assert len(shown(page)) == 19


def test_a_link_to_a_record_shows_it_whatever_was_chosen(browser: Any, address: str) -> None:
    page = opened(browser, address + "#r12")
    assert page.execute_script("return document.activeElement.id") == "r12"
    search(page, "游泳池")
    page.execute_script("location.hash = '#r4'")
    page.execute_async_script("setTimeout(arguments[0], 100)")
    assert page.execute_script("return document.activeElement.id") == "r4"
    assert len(shown(page)) == 19


def test_a_conversation_is_a_tree_with_a_placeholder_where_a_record_was_withheld(page: Any) -> None:
    press(page, "#r6 .foot button")
    assert shown(page) == ["r1", "r2", "r3", "r4", "r5", "r6"]
    above = page.execute_script(
        "return Array.from(document.querySelectorAll('article')).map(one => one.closest('ol').parentNode.id)"
    )
    assert above == ["records", "i1", "i2", "i2", "i4", "i1"]
    assert text(page, "#r4 .placeholder") == (
        "No. 4 (MILBROOK-2026-0001-000004) was withheld: "
        "Wis. Stat. § 19.36(10), Employee personnel records: An inquiry."
    )
    assert "in reply to No. 4, which was withheld" in text(page, "#r5 .foot")
    assert text(page, "#count") == "6 records in this conversation, 1 of them withheld."
    page.back()
    assert len(shown(page)) == 19


def test_a_conversation_is_left_for_what_was_chosen_before(page: Any) -> None:
    expected = choose(page, "kind", "comment")
    press(page, "#r2 .foot button")
    press(page, "#leave")
    assert shown(page) == expected


def test_a_conversation_that_goes_in_circles_or_very_deep_is_shown_whole(browser: Any, tmp_path: Path) -> None:
    talk = [record(n, conversation=1, parent_number=n - 1) for n in range(1, 301)]
    circle = [record(301, conversation=1, parent_number=302), record(302, conversation=1, parent_number=301)]
    page = opened(browser, of(tmp_path, talk + circle) + "#thread=1")
    while not page.execute_script("return document.getElementById('more').hidden"):
        press(page, "#more")
    assert shown(page) == [f"r{n}" for n in range(1, 303)]
    assert page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


def test_black_bars_stand_where_the_places_say_and_nowhere_else(page: Any) -> None:
    assert text(page, "#r7 .text") == f"I wrote {bar(1)} myself, 🏊 and live at {bar(1)}."
    assert texts(page, "#r7 .text .bar") == [bar(1)]
    before = page.execute_script("return document.querySelector('#r7 .text .bar').previousSibling.textContent")
    assert before.endswith("and live at ")
    open_facts(page, "#r7")
    for place, number in ((".name", 2), ("h4.title", 3), (".to", 4), (".facts", 5)):
        assert texts(page, f"#r7 {place} .bar") == [bar(number)]
    assert texts(page, "#r1 .bar, #r18 .bar") == []


def test_a_bar_is_white_on_black_and_leads_to_its_reason(browser: Any, address: str) -> None:
    for dark in ("light", "dark"):
        colours(browser, dark)
        page = opened(browser, address)
        style = page.execute_script(
            "var one = getComputedStyle(document.querySelector('#r7 .text .bar'));"
            "return [one.backgroundColor, one.color, one.printColorAdjust]"
        )
        assert style == ["rgb(0, 0, 0)", "rgb(255, 255, 255)", "exact"]
    assert texts(page, "#r7 .why h4") == ["What is blacked out here and why"]
    reasons = texts(page, "#r7 .why li")
    assert reasons[0] == f"{bar(1)} in the text. {HOME.citation}, {HOME.title}. {HOME.reason}"
    assert "in “place of work”" in reasons[4]
    assert "in the attachment “badge.png”, at the top" in reasons[5]
    press(page, "#r7 .text .bar")
    assert page.execute_script("return document.activeElement.id") == "why-7-1"
    colours(browser, "light")


def test_an_edit_is_shown_side_by_side_with_the_changed_words_marked(page: Any) -> None:
    press(page, "#r9 .foot button")
    assert texts(page, "#r9 .edit h5") == [
        "Earlier version, No. 8in the backup taken in on 2026-03-02", "Now, No. 9in the backup taken in on 2026-03-09",
    ]  # fmt: skip
    assert texts(page, "#r9 .edit del") == ["Tuesday"]
    assert texts(page, "#r9 .edit ins")[0] == "Thursday"
    assert texts(page, "#r9 .edit .side .text")[1].endswith(f"Call {bar(1)}.")
    assert texts(page, "#r9 .edit .bar") == [bar(1)]
    assert text(page, "#r9 .foot button") == "Hide the edit"
    press(page, "#r9 .foot button")
    assert texts(page, "#r9 .edit") == []


def test_an_edit_of_a_text_without_spaces_is_marked_by_character(page: Any) -> None:
    press(page, "#r10 .foot button")
    assert (texts(page, "#r10 del"), texts(page, "#r10 ins")) == (["今"], ["明"])


def test_an_edit_of_an_earlier_version_that_was_withheld_says_so(browser: Any, tmp_path: Path) -> None:
    later = record(20, record=4, version=20, state="edited", text="What was left")
    page = opened(browser, of(tmp_path, [later], withheld=KEPT_IN[:1]))
    press(page, "#r20 .foot button")
    assert texts(page, "#r20 .edit .placeholder")[0].startswith("No. 4 (MILBROOK-2026-0001-000004) was withheld")


def test_what_happened_at_the_source_is_marked_with_its_window(page: Any) -> None:
    assert text(page, "#r12 .state") == (
        "No longer at the source. Absent from the backup of 2026-04-01; last seen in the backup of 2026-03-01."
    )
    assert text(page, "#r13 .state") == "Hidden at the source. Hidden by the account itself on 2026-03-20."
    assert text(page, "#r8 .state") == "An earlier version of this record."
    assert text(page, "#r9 .state") == "Edited between 2026-03-02 and 2026-03-09."


def test_media_have_texts_captions_and_reasons_why_they_are_missing(page: Any) -> None:
    alt = page.execute_script(
        "var one = document.querySelector('#r14 img'); one.loading = 'eager';"
        "return one.decode().then(() => [one.alt, one.naturalWidth])"
    )
    assert alt == ["A closed gate", 1]
    tracks = page.execute_script(
        "var one = document.querySelector('#r14 video').textTracks[0];"
        "return [one.kind, one.mode, Array.from(one.cues).map(cue =>"
        "[cue.startTime, cue.endTime, cue.getCueAsHTML().textContent])]"
    )
    assert tracks == ["captions", "showing", [[0, 2.5, "The pool opens & closes at six."]]]
    assert page.execute_script("return document.querySelector('#r14 audio').controls")
    assert text(page, "#r14 .why-missing") == "Not here: the backup names this file but does not hold it."
    assert text(page, "#r7 .copy") == "This is a copy in which something is blacked out, not the original."


def test_a_draft_says_so_on_every_screen_and_names_what_is_not_decided(page: Any) -> None:
    said = "DRAFT – for review inside the office, not approved for release"
    drawn = page.execute_script("return getComputedStyle(document.querySelector('.watermark'), '::before').content")
    assert said in drawn
    assert text(page, "header .draft") == said + "."
    assert text(page, "#r15 .state").startswith("Not decided yet.")
    assert text(page, "#r16 .context") == "This record goes out as context of its conversation."


def test_what_was_approved_has_no_watermark(browser: Any, tmp_path: Path) -> None:
    page = opened(browser, (built(tmp_path, draft=False) / "data" / "index.html").as_uri())
    assert texts(page, ".watermark, header .draft") == []


def test_inside_an_unextracted_zip_it_says_what_to_do(browser: Any, tmp_path: Path) -> None:
    alone = tmp_path / "alone" / "index.html"
    alone.parent.mkdir()
    shutil.copyfile(built(tmp_path) / "data" / "index.html", alone)
    page = opened(browser, alone.as_uri())
    said = page.find_element("tag name", "main").text
    assert "Extract all first" in said
    assert "Windows: close this page, right-click the zip file" in said
    assert "macOS: close this page, double-click the zip file" in said
    assert "Search these records" not in said


def test_without_javascript_it_points_to_the_table_and_the_pdfs(browser: Any, address: str) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get("about:blank")
        browser.get(address)
        main = browser.find_element("tag name", "main")
        assert "Your browser does not run scripts here" in main.text
        assert "records.csv" in main.text
        assert "Extract All" in main.text
        assert [one.get_dom_attribute("href") for one in main.find_elements("css selector", "noscript a")] == [
            "records.csv", "pdf/",
        ]  # fmt: skip
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_print_has_every_chosen_record_its_numbers_and_bars_and_no_controls(browser: Any, tmp_path: Path) -> None:
    import base64
    import io

    import pypdfium2

    many = [record(n, text=f"notice {n}", author=f"Neighbour {n % 2}") for n in range(1, 251)]
    page = opened(browser, of(tmp_path, many))
    search(page, '"Neighbour 1"')
    assert len(shown(page)) == 100
    pages = pypdfium2.PdfDocument(io.BytesIO(base64.b64decode(page.print_page())))
    said = "\n".join(one.get_textpage().get_text_range() for one in pages)
    assert [n for n in range(1, 251, 2) if f"MILBROOK-2026-0001-{n:06}" not in said] == []
    assert "MILBROOK-2026-0001-000002" not in said
    assert "125 records of 250: with" in said
    assert "DRAFT" in said
    assert "Search these records" not in said
    assert len(shown(page)) == 100


def test_ten_thousand_records_are_drawn_a_hundred_at_a_time(browser: Any, tmp_path: Path) -> None:
    bag = Bag(tmp_path / "out")
    Viewer().write(staged(tmp_path / "s", [record(n, text=f"notice {n}") for n in range(1, 10_001)]), bag)
    page = opened(browser, (bag.partial / "data" / "index.html").as_uri())
    assert len(shown(page)) == 100
    press(page, "#more")
    assert len(shown(page)) == 200
    assert page.execute_script("return document.activeElement.id") == "r101"
    assert search(page, "notice 9876") == ["r9876"]
    page.execute_script("location.hash = '#r5050'")
    page.execute_async_script("setTimeout(arguments[0], 200)")
    assert shown(page) == [f"r{n}" for n in range(5001, 5101)]
    press(page, "#before")
    assert shown(page) == [f"r{n}" for n in range(4901, 5101)]


def colours(browser: Any, scheme: str) -> None:
    """Choose the light or the dark colours."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
