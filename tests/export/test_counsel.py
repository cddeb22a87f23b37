"""Counsel: which messages are theirs, where others quote them, and where any message stands in another."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export.review.counsel import is_counsel, legends, quoted_counsel, quotes
from export.review.quotations import quotations

COUNSEL = ["Dana Whitfield", "dana@milbrook.example", "@lawfirm.example"]

ADVICE = (
    "Before we answer, please wait. In my opinion the City may refuse the second part of the claim,\n"
    "since the notice came after the period had ended and nobody in the office had agreed to wait."
)

SPANISH = (
    f"De acuerdo.\n\nEl lun, 2 mar 2026 a las 9:12, Dana Whitfield (<dana@milbrook.example>) escribió:\n\n> {ADVICE}\n"
)
GERMAN = f"Danke.\n\nAm Mo., 2. März 2026 um 09:12 Uhr schrieb Dana Whitfield <dana@milbrook.example>:\n> {ADVICE}\n"
ENGLISH = (
    "Agreed.\n\nOn Mon, Mar 2, 2026 at 9:12 AM Dana Whitfield <dana@milbrook.example>\nwrote:\n\n"
    "> Please wait.\n>\n> Dana\n\nBo\n"
)
OUTLOOK = (
    "See below.\n\n-----Original Message-----\nFrom: Whitfield, Dana\nSent: Monday, March 2, 2026 9:12 AM\n"
    f"To: Bo Lind\nSubject: RE: claim\n\n{ADVICE}\n"
)
UNMARKED = (
    f"See below.\n\nVon: Dana Whitfield\nGesendet: Montag, 2. März 2026\nAn: Bo Lind\nBetreff: claim\n\n{ADVICE}\n"
)
FORWARDED = (
    "fyi\n\n---------- Forwarded message ---------\nFrom: Ada Berg <ada@neighbors.example>\nDate: Mon, Mar 2, 2026\n"
    "Subject: claim\nTo: <partner@mail.lawfirm.example>\n\nIs the claim good?\n"
)
THREAD = OUTLOOK + "\nFrom: Ada Berg\nSent: Sunday, March 1, 2026\nTo: Clerk\nSubject: claim\n\nMy fence fell.\n"


@pytest.mark.parametrize(
    "who",
    [
        "Dana Whitfield", "dana  WHITFIELD", "Whitfield, Dana R.", "Attorney Dana Whitfield, Esq.",
        "DANA@milbrook.example",
        "Dana Whitfield <dana@elsewhere.example>", "x <partner@lawfirm.example>", "partner@mail.lawfirm.example",
        "“Dana\u00a0Whitfield”",
    ],
)  # fmt: skip
def test_counsel_is_known_by_name_address_or_domain(who: str) -> None:
    assert is_counsel(who, COUNSEL)


@pytest.mark.parametrize(
    "who",
    ["", "Dana", "Whitfield", "Dan Whitfield", "bo@milbrook.example", "a@notlawfirm.example", "lawfirm.example", "@"],
)
def test_nobody_else_is_counsel(who: str) -> None:
    assert not is_counsel(who, COUNSEL)
    assert not is_counsel(who, [])


@pytest.mark.parametrize("text", [SPANISH, GERMAN, ENGLISH, OUTLOOK, UNMARKED, FORWARDED])
def test_a_reply_or_forward_is_one_quotation_with_its_introduction(text: str) -> None:
    [one] = quotations(text)
    assert "\n\n" not in text[: one.start].rstrip("\n")
    assert one.start < one.head < one.stop
    assert [(piece.start, piece.stop) for piece in quoted_counsel(text, COUNSEL)] == [(one.start, one.stop)]


def test_what_is_written_below_quoted_lines_is_not_quoted() -> None:
    [one] = quotations(ENGLISH)
    assert ENGLISH[one.start : one.head].startswith("On Mon") and ENGLISH[one.start : one.head].endswith("wrote:\n")
    assert ENGLISH[one.stop :] == "\nBo\n"


def test_answers_between_quoted_lines_part_the_quotations() -> None:
    text = "> one\n> two\nyes\n> three\n\n>> four\nno"
    assert [text[one.start : one.stop] for one in quotations(text)] == ["> one\n> two\n", "> three\n\n>> four\n"]


def test_a_text_that_quotes_nobody_has_no_quotation() -> None:
    for text in (
        "",
        "On Monday we met.\nDana wrote a letter: it was long.",
        "From: my heart",
        "a > b\n5 > 3",
        "To: all\nFrom: me",
    ):
        assert quotations(text) == []


def test_counsels_piece_ends_where_the_next_message_of_the_thread_begins() -> None:
    [one] = quoted_counsel(THREAD, COUNSEL)
    assert THREAD[one.start : one.stop].startswith("-----Original Message-----")
    assert THREAD[one.stop :].startswith("From: Ada Berg")


def test_counsel_quoted_within_quoted_lines_is_found_alone() -> None:
    text = "ok\n\nOn Tuesday, Bo <bo@milbrook.example> wrote:\n> Thanks.\n"
    text += "> On Monday, Dana Whitfield wrote:\n>> Wait.\n> Bo\n"
    [one] = quoted_counsel(text, COUNSEL)
    assert text[one.start : one.stop] == "> On Monday, Dana Whitfield wrote:\n>> Wait.\n"


@pytest.mark.parametrize(
    "line", ["Dana Whitfield", "Dana Whitfield, City Attorney", "-- Dana Whitfield | Attorney", "dana@milbrook.example"]
)
def test_a_signature_of_counsel_is_found(line: str) -> None:
    text = f"Please wait.\n\n{line}\nMilbrook"
    [one] = quoted_counsel(text, COUNSEL)
    assert text[one.start : one.stop] == f"{line}\n"


def test_a_line_that_claims_privilege_is_found() -> None:
    text = "Hello\n> PRIVILEGED – ATTORNEY-CLIENT COMMUNICATION\nThe attorney has a client.\n"
    assert [text[one.start : one.stop] for one in legends(text)] == ["> PRIVILEGED – ATTORNEY-CLIENT COMMUNICATION\n"]


def test_who_only_speaks_of_counsel_does_not_quote_them() -> None:
    for text in (
        "Dana Whitfield is a good lawyer.",
        "Ask Dana Whitfield",
        "On Monday Bo wrote:\n> hello",
        "Dana Whitfield, really?",
    ):
        assert quoted_counsel(text, COUNSEL) == []


@pytest.mark.parametrize("text", [SPANISH, GERMAN, OUTLOOK, UNMARKED])
def test_a_message_is_found_where_it_is_quoted_or_forwarded(text: str) -> None:
    found = quotes(ADVICE, text)
    assert found is not None
    assert text[found.start : found.stop].startswith("Before we answer")
    assert text[found.start : found.stop].endswith("agreed to wait")


def test_wrapping_marks_and_blanks_do_not_count() -> None:
    wrapped = "Bo wrote to me\n" + "\n".join(f"> > {word}  " for word in ADVICE.split())
    found = quotes(ADVICE, wrapped)
    assert found is not None and wrapped[found.start : found.stop].startswith("Before")


def test_an_answer_within_a_quotation_does_not_cut_it_short() -> None:
    first, second = ADVICE.split("\n")
    text = f"> {first}\n\nWhy?\n\n> {second}\n\nBo"
    found = quotes(ADVICE, text)
    assert found is not None
    assert text[found.start : found.stop] == f"{first[:-1]},\n\nWhy?\n\n> {second[:-1]}"


def test_a_message_pasted_without_any_mark_is_found() -> None:
    found = quotes(ADVICE, f"Dana told me this: {ADVICE} So we wait.")
    assert found is not None


def test_a_phrase_that_an_office_shares_is_no_quotation() -> None:
    foot = "City of Milbrook, Office of the Clerk, 18 Main Street, open Monday to Friday from eight to five"
    assert quotes(f"{ADVICE}\n{foot}", f"The pool opens at noon.\n{foot}") is None


def test_what_a_message_quotes_itself_is_not_its_own() -> None:
    marked = ADVICE.replace("\n", "\n> ")
    reply = f"I agree with you on that.\n\nOn Monday, Dana Whitfield <dana@milbrook.example> wrote:\n> {marked}"
    assert quotes(reply, ADVICE) is None


def test_a_few_words_are_found_only_as_a_quotation() -> None:
    short = "Please do not answer the claim."
    assert quotes(short, f"He said: {short}") is None
    assert quotes(short, f"ok\n> {short}") is not None
    assert quotes("Yes, fine.", "ok\n> Yes, fine.") is None


HOSTILE = [
    ">" * 50_000, "> " * 20_000, ">\n" * 20_000, "On " * 20_000, "On x\n" * 10_000, "On a wrote:\n" * 4_000,
    "a@" * 20_000,
    "From: Dana Whitfield\nTo: a\nCc: b\n" * 1_000, "-----" * 10_000, "-----Original Message-----\n" * 2_000,
    "schrieb" * 8_000, "schrieb :" * 6_000, "a " * 30_000, "\r" * 30_000,
    "".join(">" * (one % 60) + " On x wrote:\n" for one in range(2_000)),
    ">TO:\nTO:\nFROM: 0", ">-----Original Message-----\n\n",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[repr(one[:16]) for one in HOSTILE])
def test_a_hostile_thread_is_read_to_its_end(text: str) -> None:
    inside(text)
    quotes(text, text)


def inside(text: str) -> None:
    for found in (quotations(text), quoted_counsel(text, COUNSEL)):
        place = 0
        for one in found:
            assert place <= one.start <= one.head <= one.stop <= len(text)
            assert one.start < one.stop
            place = one.stop


PIECES = st.sampled_from(
    [
        SPANISH,
        ENGLISH,
        OUTLOOK,
        THREAD,
        "> ",
        ">",
        "\n",
        "\r\n",
        "From: ",
        "To: x\n",
        "On x wrote:\n",
        "Dana Whitfield",
        "word ",
    ]
)
TEXTS = st.one_of(st.text(st.characters(codec=None)), st.lists(PIECES, max_size=20).map("".join))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_quotations_lie_in_the_text_and_never_overlap(text: str) -> None:
    inside(text)


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_a_passage_lies_in_the_text_it_is_found_in(of_text: str, in_text: str) -> None:
    found = quotes(of_text, in_text)
    assert found is None or 0 <= found.start < found.stop <= len(in_text)


@settings(deadline=None)
@given(st.text(), st.lists(st.text()))
def test_any_list_of_counsel_may_be_given(who: str, counsel: list[str]) -> None:
    is_counsel(who, counsel)
    quoted_counsel(who, counsel)
