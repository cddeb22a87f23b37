from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from export.redaction.folding import fold, folded_text
from export.redaction.words import Span, black_out, merged, occurrences

spans = st.lists(
    st.builds(Span, st.integers(-3, 60), st.integers(-3, 60), st.sampled_from(["", "19.36(13)", "905.03"])), max_size=8
)

SIGNS = st.one_of(st.characters(), st.characters(max_codepoint=0x7F), st.sampled_from("=%&;<`\u0301\u0338\u3099かﬁς각"))


def shown(words: str, text: str) -> list[str]:
    return [text[one.start : one.stop] for one in occurrences(words, text)]


def test_a_marker_takes_the_place_of_the_words_and_says_why() -> None:
    text = "Call Grace Lee at 555-0123."
    new, placed = black_out(text, [Span(18, 26, "19.36(13)"), Span(5, 14, "905.03")])
    assert new == "Call [redacted 1: 905.03] at [redacted 2: 19.36(13)]."
    assert [new[one.start : one.stop] for one in placed] == ["[redacted 1: 905.03]", "[redacted 2: 19.36(13)]"]


def test_numbers_count_on_from_the_first_asked_for() -> None:
    assert black_out("ab", [Span(0, 1)], first=7)[0] == "[redacted 7]b"


def test_spans_that_overlap_or_touch_are_one_with_all_their_reasons() -> None:
    new, placed = black_out("0123456789", [Span(2, 5, "a"), Span(4, 6, "b"), Span(6, 8, "a")])
    assert new == "01[redacted 1: a; b]89"
    assert len(placed) == 1


def test_the_marker_tells_nothing_of_the_length() -> None:
    assert black_out("x" * 3, [Span(0, 3, "c")])[0] == black_out("x" * 300, [Span(0, 300, "c")])[0]


def test_no_accent_of_the_last_letter_is_left_behind() -> None:
    assert black_out("cafe\u0301!", [Span(0, 4)])[0] == "[redacted 1]!"


@given(st.text(max_size=60), spans)
@example("\ud800é\u0301", [Span(0, 1)])
def test_blacking_out_never_raises_and_offsets_point_at_markers(text: str, asked: list[Span]) -> None:
    new, placed = black_out(text, asked)
    assert [one.number for one in placed] == list(range(1, len(placed) + 1))
    assert all(new[one.start : one.stop] == one.marker for one in placed)
    left = new
    for one in reversed(placed):
        left = left[: one.start] + "\0" + left[one.stop :]
    kept = text
    for span in reversed(merged(text, asked)):
        kept = kept[: span.start] + "\0" + kept[span.stop :]
    assert left == kept


@given(st.text(max_size=60), spans)
def test_no_place_that_a_span_covers_is_lost(text: str, asked: list[Span]) -> None:
    together = merged(text, asked)
    covered = {place for one in together for place in range(one.start, one.stop)}
    for one in asked:
        low, high = sorted((one.start, one.stop))
        assert {place for place in range(low, high) if 0 <= place < len(text)} <= covered
    assert all(before.stop < after.start for before, after in pairwise(together))


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("Grace Lee", "GRACE\n  lee, Grace Leeson, xGrace Lee", ["GRACE\n  lee"]),
        ("José", "Jose and JOSE\u0301 met josé", ["Jose", "JOSE\u0301", "josé"]),
        ("Grace", "Ｇｒａｃｅ’s Gr\u200bace", ["Ｇｒａｃｅ", "Gr\u200bace"]),
        ("O'Neil", "O’Neil O‘Neil OʼNeil o'neil", ["O’Neil", "O‘Neil", "OʼNeil", "o'neil"]),
        ("Straße", "STRASSE strasse", ["STRASSE", "strasse"]),
        ("李", "李小龙和李", ["李", "李"]),
        ("김", "김은 갔다. 깁", ["김"]),
        ("김", "\u1100\u1175\u11b7", ["\u1100\u1175\u11b7"]),
        ("ガス", "ｶﾞｽ カス", ["ｶﾞｽ"]),
        ("Grace Lee", "/grace%20lee?n=Grace+Lee&f=grace_lee.jpg", ["grace%20lee", "Grace+Lee", "grace_lee"]),
        ("C++", "cc C c++", ["c++"]),
        ("Lee", "&lt;Lee&gt; &#76;ee", ["Lee", "&#76;ee"]),
        ("  ", "a  b", []),
        ("", "a", []),
    ],
)  # fmt: skip
def test_the_same_words_are_found_however_they_are_spelt(words: str, text: str, found: list[str]) -> None:
    assert shown(words, text) == found


@pytest.mark.parametrize(
    "text",
    ["608-555-0123", "(608) 555-0123", "+1 608.555.0123", "6085550123", "1-608-555-0123", "608 / 555 / 01 23",
     "６０８ ５５５ ０１２３", "٦٠٨-٥٥٥-٠١٢٣", "tel:+16085550123", "%28608%29%20555-0123"],
)  # fmt: skip
def test_a_phone_number_is_found_in_any_punctuation(text: str) -> None:
    for words in ("608-555-0123", "+1 (608) 5550123"):
        places = occurrences(words, f"Call {text}, or not")
        assert places
        left, _ = black_out(f"Call {text}, or not", places)
        assert not re.search(r"\d\D*\d\D*\d", left.replace("[redacted 1]", ""))


def test_a_longer_number_is_another_number() -> None:
    assert shown("608-555-0123", "6085550123456 or 96085550123") == []


@pytest.mark.parametrize(
    "text",
    ["grace@mail.example", "Grace@Mail.Example", "mailto:grace@mail.example?subject=x", "a?m=grace%40mail.example&n=1",
     "grace&#64;mail.example", "<grace@mail.example>"],
)  # fmt: skip
def test_an_address_is_found_wherever_it_stands(text: str) -> None:
    for words in ("grace@mail.example", "mailto:Grace@mail.example"):
        left, _ = black_out(text, occurrences(words, text))
        assert "grace" not in left.lower()
        assert "%40" not in left
        assert "&#64;" not in left


names = st.sampled_from(["Grace Lee", "josé", "O’Neil", "李小", "608-555-0123", "a@b.example", "C++", "ß", "aa aa"])
between = st.lists(st.one_of(names, st.text(max_size=5), st.sampled_from([" ", "\n", "%20", "&amp;", "\u0301"])))


@given(names, between)
def test_after_blacking_out_the_words_are_nowhere(words: str, parts: list[str]) -> None:
    text = "".join(parts)
    assume("redacted" not in folded_text(text))
    new, _ = black_out(text, occurrences(words, text, "19.36"))
    assert occurrences(words, new) == ()


@given(st.text(min_size=1, max_size=12), st.text(max_size=30), st.text(max_size=30))
def test_words_are_found_between_spaces_in_any_text(words: str, before: str, after: str) -> None:
    assume(folded_text(words).strip())
    assume("&" not in before and "%" not in before + after + words)
    text = f"{before} \n{words} {after}"
    start = len(before) + 2
    inner = [n for n, one in enumerate(words) if folded_text(one).strip()]
    found = occurrences(words, text)
    assert any(one.start <= start + inner[0] and one.stop > start + inner[-1] for one in found)


@given(st.text())
def test_places_of_a_folded_text_lead_back_into_the_text(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.stops)
    assert all(0 <= start < stop <= len(text) for start, stop in zip(folded.starts, folded.stops, strict=True))


def test_arabic_letters_are_letters_and_only_their_points_are_marks() -> None:
    text = "\u0643\u062a\u0628\u062a \u0641\u0627\u0637\u0645\u0629 \u0623\u0645\u0633"
    assert occurrences("\u0641\u0627\u0637\u0645\u0629", text) == (Span(5, 10),)
    assert merged(text, [Span(5, 7)]) == (Span(5, 7),)
    assert merged("\u0641\u064e\u0627", [Span(0, 1)]) == (Span(0, 2),)


@given(st.lists(st.text(SIGNS), min_size=1, max_size=4))
def test_lines_fold_by_themselves(lines: list[str]) -> None:
    assert folded_text("\n".join(lines)) == "\n".join(folded_text(one) for one in lines)
