from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from export.bundle.pdf.characters import REPLACED, breakable, is_right_to_left, language, printable
from export.bundle.pdf.lines import BLACK, EMOJI, PLAIN, Run, lines
from export.released import Ground, Redaction

GROUND = Ground(code="1", citation="", title="")


def marked(start: int, stop: int, marker: str = "[1]", number: int = 1) -> Redaction:
    return Redaction(number=number, field="text", start=start, stop=stop, marker=marker, ground=GROUND)


@given(st.text())
def test_what_is_printable_holds_nothing_that_a_pdf_may_not(value: str) -> None:
    for letter in printable(value):
        assert letter == "\n" or letter == "\t" or unicodedata.category(letter) not in ("Cc", "Co", "Cs")
        assert ord(letter) & 0xFFFE != 0xFFFE


@given(st.text(max_size=200), st.integers(1, 30))
def test_breaking_long_words_changes_no_letter(value: str, most: int) -> None:
    assert breakable(value.replace("\u200b", ""), most).replace("\u200b", "") == value.replace("\u200b", "")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Co", "Mn")), max_size=80), st.data())
def test_words_outside_a_box_stay_and_words_inside_give_way_to_its_marker(value: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(value)))
    before, after = value[:start], value[start:]
    found = lines(f"{before}[1]{after}", [marked(start, start + 3)])
    runs = [run for one in found for run in one.runs]
    assert [run.text for run in runs if run.kind == BLACK] == ["[1]"]
    shown = "".join(run.text for run in runs if run.kind != BLACK).replace("\u200b", "")
    assert shown == (printable(before) + printable(after)).replace("\n", "").replace("\u200b", "")


def test_boxes_that_overlap_are_shown_once() -> None:
    (one,) = lines("abcdef", [marked(1, 4), marked(2, 5, "[2]", 2)])
    assert [(run.text, run.kind) for run in one.runs] == [("a", PLAIN), ("[1]", BLACK), ("ef", PLAIN)]


def test_a_line_runs_as_its_first_strong_letter_does() -> None:
    assert [one.rtl for one in lines("2026 שלום abc\nabc שלום\n123")] == [True, False, False]
    assert not is_right_to_left("")


def test_scripts_name_their_language() -> None:
    assert [language(one) for one in ("pool", "プール", "泳池", "수영장", "สระ")] == ["", "ja", "zh", "ko", "th"]


def test_emoji_are_runs_of_their_own_with_all_that_joins_them() -> None:
    (one,) = lines("a ❤️👨‍👩‍👧 b 1️⃣ ☎")
    assert one.runs == (Run("a "), Run("❤️👨‍👩‍👧", EMOJI), Run(" b "), Run("1️⃣", EMOJI), Run(" ☎"))


def test_an_override_that_turns_letters_around_is_replaced() -> None:
    assert printable("txt.\u202eexe") == f"txt.{REPLACED}exe"
