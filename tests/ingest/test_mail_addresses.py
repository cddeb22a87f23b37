"""Addresses in headers: the quick way and the standard library's give the same."""

from __future__ import annotations

from email.utils import getaddresses

from hypothesis import given
from hypothesis import strategies as st

from ingest.mail.headers import pairs_of

PIECES = st.sampled_from(
    [
        "Anna",
        "Lee",
        "a",
        "9",
        "b.c",
        "milbrook.example",
        "@",
        " ",
        "  ",
        "<",
        ">",
        '"',
        ",",
        ".",
        "-",
        "+",
        "_",
        "é",
        "(x)",
    ]
)


@given(st.lists(PIECES, max_size=9).map("".join))
def test_an_address_is_read_as_the_standard_library_reads_it(value: str) -> None:
    assert pairs_of(value) == getaddresses([value])


def test_plain_addresses_are_told_apart_from_their_names() -> None:
    assert pairs_of("Anna Lee <anna.lee@milbrook.example>") == [("Anna Lee", "anna.lee@milbrook.example")]
    assert pairs_of('"Clerk" <clerk@milbrook.example>') == [("Clerk", "clerk@milbrook.example")]
    assert pairs_of("clerk@milbrook.example") == [("", "clerk@milbrook.example")]
