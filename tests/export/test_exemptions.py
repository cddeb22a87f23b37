from __future__ import annotations

from datetime import date

import pytest

from archive.errors import ExitCode
from export.review.exemptions import UnknownExemption, get, listed

CODES = [
    "19.36(1)", "19.36(2)", "19.36(5)", "19.36(7)", "19.36(8)", "19.36(10)", "19.36(11)", "19.36(13)", "905.03",
    "118.125", "938.396", "balancing",
]  # fmt: skip


def test_the_exemptions_met_most_are_listed_once_each() -> None:
    assert [one.code for one in listed()] == CODES


def test_each_is_cited_and_said_in_plain_words() -> None:
    for one in listed():
        assert one.citation.startswith(("Wis. Stat. § ", "Common-law balancing test"))
        assert one.code == "balancing" or one.citation.endswith(one.code)
        assert len(one.title) > 10
        assert one.checked_on == date(2026, 11, 25)


def test_only_the_balancing_test_wants_a_reason_for_each_record() -> None:
    assert [one.code for one in listed() if one.balancing] == ["balancing"]


def test_what_no_source_was_read_for_says_so() -> None:
    assert [one.code for one in listed() if one.verified] == ["balancing"]


def test_an_exemption_is_got_by_its_code() -> None:
    assert get("905.03").citation == "Wis. Stat. § 905.03"


def test_an_unknown_code_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownExemption, match=r"no exemption '19\.99'.*905\.03, 118\.125.*balancing") as refused:
        get("19.99")
    assert refused.value.exit_code == ExitCode.NOT_FOUND
