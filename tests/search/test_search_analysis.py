"""What a text is for searching: the same words however they are written."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import BREAK, asked, fold, sequence, stem, tokens, whole, words
from search.characters import INVISIBLE, MARKS, UNSPACED

AWKWARD = st.text(
    alphabet=st.one_of(
        st.sampled_from("apol's’#@+_-./:,() 0123456789Éß￰游ﾌﾟก़ุक\u0301\u200b\x00\x1f\u202e\ud800"), st.characters()
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("written", "looked_for"),
    [
        ("ÉCOLE", "école"), ("Ｗｉｄｅ", "wide"), ("Straße", "STRASSE"), ("ﬁne", "fine"), ("Sørensen", "sorensen"),
        ("e\u0301cole", "école"), ("city’s", "city's"), ("po\u200bol", "pool"), ("po\u00adol", "pool"),
        ("piscina climatizada", "PISCINA"), ("niño", "nino"), ("tsev kawm ntawv", "Kawm"),
        ("مُغْلَق", "مغلق"), ("أحمد", "احمد"), ("تعـــليم", "تعليم"), ("مدرسة", "مدرسه"), ("שָׁלוֹם", "שלום"),
        ("जलसंकट", "जलसंकट"), ("पानी बंद", "बंद"), ("游泳池关闭", "游泳"), ("ﾌﾟｰﾙ", "プール"), ("か\u3099", "が"),
        ("สระว่ายน้ำ", "ว่ายน้ำ"), ("२०२६", "2026"), ("٢٠٢٦", "2026"),
        ("1,200 people", "1200"), ("1200 people", "1,200"), ("$1,200.50", "1,200.50"), ("$1,200.50", "1200"),
        ("3.5 inches", "3.5"), ("2026-03-01", "2026-03-01"),
        ("#SnowEmergency", "#snowemergency"), ("#SnowEmergency", "snow"), ("#SnowEmergency", "snowemergency"),
        ("#जलसंकट", "जलसंकट"), ("#游泳池", "泳池"), ("＃プール", "#プール"),
        ("@CityOfMilbrook", "@cityofmilbrook"), ("@CityOfMilbrook", "milbrook"), ("@city.bsky.example", "@city"),
        ("ask clerk@milbrook.example.", "CLERK@milbrook.example"), ("clerk@milbrook.example", "milbrook"),
        ("見てclerk@milbrook.example見て", "clerk@milbrook.example"),
        ("https://www.milbrook.example/pool-news?a=1.", "https://www.milbrook.example/pool-news?a=1"),
        ("https://www.milbrook.example/pool-news", "milbrook.example"),
        ("https://milbrook.example/pool。季票", "https://milbrook.example/pool"), ("https://milbrook.example/p", "p"),
    ],
)  # fmt: skip
def test_a_text_is_found_however_it_is_written(written: str, looked_for: str) -> None:
    found, wanted = words(written), asked(looked_for)
    assert any(found[place : place + len(wanted)] == wanted for place in range(len(found)))


@pytest.mark.parametrize(
    "written",
    ["(608) 555-0142", "608.555.0142", "608-555-0142", "608 555 0142", "+1 608 555 0142", "1-608-555-0142",
     "608–555–0142", "608/555/0142", "(608)555-0142", "6085550142", "608\u00a0555\u00a00142"],
)  # fmt: skip
def test_a_phone_number_in_any_punctuation_is_one_number(written: str) -> None:
    found = words(f"Call {written} now.")
    assert {"6085550142", "5550142"} <= set(found)
    assert asked(written) == ["6085550142"]
    assert sequence(f"{written} now")[-1] == "now"


def test_years_beside_numbers_are_no_phone_numbers() -> None:
    assert words("The class of 100 2026 graduates") == ["the", "class", "of", "100", "2026", "graduates"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("closing", "closed"), ("pools", "pool"), ("obrien", "o'brien"), ("city's", "city")],
)
def test_stems_bring_forms_together(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("we'll", "well"), ("i'd", "id"), ("游", "泳")])
def test_stems_keep_apart_what_is_not_the_same(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_a_tag_or_address_stands_in_no_phrases_way() -> None:
    assert sequence("Use #SnowEmergency or call 555-0142 today") == [
        "use", "snow", "emergency", "or", "call", "555", "0142", "today",
    ]  # fmt: skip
    assert words("see #Pool")[-3:] == [BREAK, "#pool", "pool"]


@pytest.mark.parametrize("text", ["pool", "pool closed", "游泳池", "", "(pool"])
def test_plain_words_are_found_under_nothing_but_themselves(text: str) -> None:
    assert whole(text) is None


@given(AWKWARD)
def test_words_and_tokens_are_the_same_by_two_ways(text: str) -> None:
    found = list(tokens(text))
    assert words(text) == [token.text for token in found]
    for token in found:
        assert 0 <= token.start <= token.end <= len(text)
        assert (token.text == BREAK) == (token.start == token.end)
        assert fold(text[token.start : token.end]).strip() or token.text == BREAK


@given(AWKWARD)
def test_folding_twice_changes_nothing_and_no_token_is_empty_or_holds_a_space(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    for word in words(text):
        assert fold(word) == word
        assert word == BREAK or (word and not any(map(str.isspace, word)))


@given(st.text(alphabet=st.characters(whitelist_categories=("Ll", "Lu")), min_size=1, max_size=8))
def test_accents_and_case_never_matter(word: str) -> None:
    assert words(unicodedata.normalize("NFD", word)) == words(unicodedata.normalize("NFC", word))
    assert words(word.swapcase().casefold()) == words(word.casefold())


def test_the_marks_are_unicodes() -> None:
    known, unspaced = re.compile(f"[{MARKS}]"), re.compile(f"[{UNSPACED}]")
    for point in range(0x10000):
        character = chr(point)
        category = unicodedata.category(character)
        if category in ("Mn", "Mc"):
            assert known.match(character) or unspaced.match(character), hex(point)
        elif category != "Cn":
            assert not known.match(character), hex(point)


def test_what_is_called_invisible_has_no_width() -> None:
    shown = [hex(point) for point in range(0x10000) if re.match(f"[{INVISIBLE}]", chr(point))
             and unicodedata.category(chr(point)) not in ("Cf", "Mn", "Cn")]  # fmt: skip
    assert shown == []
