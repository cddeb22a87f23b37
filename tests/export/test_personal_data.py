"""What is pointed out as personal: true and false examples, hostile texts, and places that always lie in the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export.review.exemptions import get
from export.review.names import People
from export.review.personal import IN_NUMBERS, IN_WORDS, suggestions
from export.review.sorts import Suggestion, named_sort, personal

PUBLISHED = frozenset({"(608) 555-0100", "18 Main Street, Milbrook, WI 53500", "clerk@milbrook.example"})
QUIET = frozenset({"e-mail address"})


def found(text: str, *, kind: str = "comment", by_city: bool = False, field: str = "text") -> list[tuple[str, str]]:
    given = suggestions(text, field=field, by_city=by_city, kind=kind, published=PUBLISHED)
    return [(one.sort, text[one.start : one.stop]) for one in given]


TRUE = [
    ("Please call me at 608-555-0142, thanks", "phone number", "608-555-0142"),
    ("My number: (608) 555-0142", "phone number", "(608) 555-0142"),
    ("608.555.0143 anytime", "phone number", "608.555.0143"),
    ("+1 608 555 0142", "phone number", "+1 608 555 0142"),
    ("+44 20 7946 0018 when I am abroad", "phone number", "+44 20 7946 0018"),
    ("call 555-0142 after five", "phone number", "555-0142"),
    ("text 6085550142", "phone number", "6085550142"),
    ("6085550142 is my cell", "phone number", "6085550142"),
    ("llámame al 608 555 0142", "phone number", "608 555 0142"),
    ("608‑555‑0142 with other hyphens", "phone number", "608‑555‑0142"),
    ("６０８-555-0142 in wide digits", "phone number", "６０８-555-0142"),
    ("permit office never called back, my phone is 608-555-0142", "phone number", "608-555-0142"),
    ("I paid with 4111 1111 1111 1111 exp 12/27", "card number", "4111 1111 1111 1111"),
    ("4111111111111111", "card number", "4111111111111111"),
    ("card 5500-0000-0000-0004 was charged twice", "card number", "5500-0000-0000-0004"),
    ("amex 3782 822463 10005", "card number", "3782 822463 10005"),
    ("6011.1111.1111.1117", "card number", "6011.1111.1111.1117"),
    ("30569309025904 is the Diners card", "card number", "30569309025904"),
    ("my ssn is 123-45-6789", "social security number", "123-45-6789"),
    ("123-45-6789", "social security number", "123-45-6789"),
    ("SSN: 123456789", "social security number", "123456789"),
    ("social security number 123 45 6789", "social security number", "123 45 6789"),
    ("mi seguro social 123.45.6789", "social security number", "123.45.6789"),
    ("my license J525-4209-0465-05 was taken", "driver's license number", "J525-4209-0465-05"),
    ("J525 4209 0465 05", "driver's license number", "J525 4209 0465 05"),
    ("driver's license J5254209046505", "driver's license number", "J5254209046505"),
    ("Illinois driver’s license number B123-4567-8901", "driver's license number", "B123-4567-8901"),
    ("my drivers license is 12345678", "driver's license number", "12345678"),
    ("routing number 011000015", "bank account number", "011000015"),
    ("my checking account number is 000123456789", "bank account number", "000123456789"),
    ("refund to DE89 3704 0044 0532 0130 00 please", "bank account number", "DE89 3704 0044 0532 0130 00"),
    ("GB82WEST12345698765432", "bank account number", "GB82WEST12345698765432"),
    ("I was born on March 3, 1984 in Milbrook", "birth date", "March 3, 1984"),
    ("DOB: 3/14/1984", "birth date", "3/14/1984"),
    ("date of birth 1984-03-14", "birth date", "1984-03-14"),
    ("03-14-84 is my birthday", "birth date", "03-14-84"),
    ("Emma turns 9 on May 4", "birth date", "May 4"),
    ("nació el 14 de marzo de 2015", "birth date", "14 de marzo de 2015"),
    ("my 8-year-old loves the pool", "age of a minor", "8-year-old"),
    ("an 11 year old boy was hit", "age of a minor", "11 year old"),
    ("our son is 7 and cannot cross", "age of a minor", "7"),
    ("mi hija tiene 6 años", "age of a minor", "6"),
    ("my daughter Emma was nearly hit", "name of a minor", "Emma"),
    ("My son, Tyler Berg, walks there", "name of a minor", "Tyler Berg"),
    ("Our Frank Herrera learned to swim there", "name of a minor", "Frank Herrera"),
    ("One white paw. 555-0178", "phone number", "555-0178"),
    ("ssn 918-41-4203", "social security number", "918-41-4203"),
    ("Mi hija es Luz Umbreit; ¿la puedo inscribir?", "name of a minor", "Luz Umbreit"),
    ("our Zoë Okafor, who is seven, wants to learn", "name of a minor", "Zoë Okafor"),
    ("our little girl's name is Zoë", "name of a minor", "Zoë"),
    ("mi hija se llama Luz y", "name of a minor", "Luz"),
    ("my 8-year-old Emma fell", "name of a minor", "Emma"),
    ("Tyler (my son) saw it", "name of a minor", "Tyler"),
    ("I live at 412 Oak Street.", "street address", "412 Oak Street"),
    ("412 N. Washington Ave. has no light", "street address", "412 N. Washington Ave."),
    ("i live at 412 oak st and", "street address", "412 oak st"),
    ("412 Oak St, Apt 4, Milbrook, WI 53500", "street address", "412 Oak St, Apt 4, Milbrook, WI 53500"),
    ("the tree at 1400 5th Ave S fell", "street address", "1400 5th Ave S"),
    ("N5432 County Road H", "street address", "N5432 County Road H"),
    ("W222N1234 Oak Ridge Dr", "street address", "W222N1234 Oak Ridge Dr"),
    ("7120 State Highway 26", "street address", "7120 State Highway 26"),
    ("write to P.O. Box 123", "street address", "P.O. Box 123"),
    ("12 MLK Jr Blvd #4", "street address", "12 MLK Jr Blvd #4"),
    ("25 Park Place Drive", "street address", "25 Park Place Drive"),
]

FALSE = [
    "Call City Hall at 608-555-0100",
    "call 555-0100, ext. 12, for Parks",
    "In an emergency call 911, otherwise 311",
    "extension 4521, or ext. 7788",
    "Permit no. 2026001234 was issued",
    "permit 608-555-0142",
    "Case 2026CV000123",
    "case number 2026-555-0142",
    "invoice #6085550142",
    "Order 4111111111111112",
    "12/05/2026 10:30",
    "2026-11-25T18:00:00Z",
    "Open 2024-2026, 10-15-2026 to 12-20-2026",
    "call by 10-15-2026 or 11/20/2026",
    "$1,234,567.89 over 2026 and 2027",
    "$4111111111111111 of debt",
    "ISBN 978-0-306-40615-7",
    "ISBN 9780306406157",
    "1712345678901234567 and 2012345678901234567 are tweets",
    "https://social.example/status/4111111111111111 see that",
    "www.milbrook.example/608-555-0142",
    "0000 0000 0000 0000",
    "4444 4444 4444 4444",
    "tracking 9400 1000 0000 0000 0000 00",
    "scores: 41 11 11 11 11 11 11 11 2",
    "000-12-3456, 666-12-3456, 912-12-3456",
    "123-00-4567, 123-45-0000",
    "123456789 people read this",
    "912-12-3456",
    "social distancing 123 45 6789",
    "Lot 555-0178, and 911-0178",
    "Our Fire Department was at the playground",
    "Our Riverside Park has a swing",
    "My Dana Whitfield biography is due",
    "Born and raised here. The fair is July 4, 2026",
    "parcel 123-45-6789",
    "ZIP 53500-1234",
    "192.168.100.200",
    "43.6829, -89.0187",
    "my driver's license expired on 05/12/2026",
    "Model J925-4209-0465-05",
    "my water account number is 000123456789",
    "I am checking on 2026001234 for you",
    "routing number 011000016",
    "DE88 3704 0044 0532 0130 00",
    "The fair is on March 3, 2026",
    "born in 1984",
    "birthday party on June 5, 2026",
    "The city was born on March 3, 1836",
    "my 8-year-old roof leaks",
    "the 12-year-old building",
    "my 80-year-old mother",
    "my son is 7 feet tall",
    "ages 5-12 are welcome",
    "my daughter Thanks you",
    "MY SON IS SICK",
    "my kid Monday was home",
    "3 Main Street projects are late",
    "On May 12 Main Street will be closed",
    "June 5 County Road H will close",
    "2026 Main Street Festival",
    "meet us at 18 Main St.",
    "the 100 block of Main Street",
    "12 cars on main st",
    "a 4 lane road, 25 mph street",
    "at 5:30 Main Street is full",
    "Ward 5 Oak Street residents",
    "$20 Main Street vouchers",
    "write to dana@neighbors.example or clerk@milbrook.example",
    "We have 2,000 comments in 2026, up 12% from 1,789",
    "2 12 22 32 42 52",
    "Ordinance 2014-558, JGO 2.58.030, Wis. Stat. 19.36(10)",
    "",
]  # fmt: skip


@pytest.mark.parametrize(("text", "sort", "words"), TRUE, ids=[one[0] for one in TRUE])
def test_what_is_personal_is_pointed_out_in_its_whole_length(text: str, sort: str, words: str) -> None:
    assert (sort, words) in found(text)


@pytest.mark.parametrize("text", FALSE)
def test_what_is_not_personal_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_true_example_says_nothing_else_than_what_it_shows() -> None:
    surplus = {text: found(text) for text, *_ in TRUE if len(found(text)) > 1}
    assert surplus == {
        "my 8-year-old Emma fell": [("age of a minor", "8-year-old"), ("name of a minor", "Emma")],
    }


def test_an_e_mail_address_is_found_only_when_asked_and_exempts_nothing() -> None:
    text = "write to dana@neighbors.example or clerk@milbrook.example"
    asked = suggestions(text, field="text", by_city=False, kind="comment", published=PUBLISHED, asked=QUIET)
    assert [(text[one.start : one.stop], one.exemption) for one in asked] == [("dana@neighbors.example", "")]


def test_what_the_city_itself_publishes_is_news_except_what_nobody_publishes() -> None:
    text = "Call 608-555-0142 or come to 412 Oak Street. 123-45-6789"
    assert found(text, by_city=True, kind="post") == [("social security number", "123-45-6789")]
    assert len(found(text, by_city=True, kind="message")) == 3


def test_ids_and_lists_are_not_read() -> None:
    assert found("608-555-0142", field="links.3") == found("608-555-0142", field="native_id") == []
    assert found("608-555-0142", kind="subscriber") == []
    assert found("608-555-0142", field="author") == [("phone number", "608-555-0142")]


def test_what_is_said_of_a_place_never_holds_its_words() -> None:
    for text, _, words in TRUE:
        for one in suggestions(text, field="text", by_city=False, kind="comment"):
            assert words not in one.why


def test_every_sort_has_a_finder_and_a_known_exemption() -> None:
    assert {one.name for one in personal().sorts} == {*IN_NUMBERS, *IN_WORDS, "name"}
    for one in personal().sorts:
        assert not one.exemption or get(one.exemption)
        assert one.quiet == (not one.exemption)


def test_a_draft_for_minors_asks_for_this_records_own_reasons() -> None:
    assert named_sort("name of a minor").draft.count("{") == 2


def named(people: People, text: str, author: str = "") -> list[str]:
    return [text[one.start : one.stop] for one in people.suggestions(text, author)]


def test_people_who_write_are_found_by_name_in_what_others_wrote() -> None:
    people = People(["Ada Berg", "Bo", "Hope", "Quentin", "@milfan", "Ada Berg Olsen", "李雷"])
    assert named(people, "ADA BERG, you know Quentin") == ["ADA BERG", "Quentin"]
    assert named(people, "Ada Berg Olsen was there") == ["Ada Berg Olsen"]
    assert named(people, "I hope. Hope! quentin, Bo; Adaberg; Ada") == []
    assert named(people, "cc @milfan") == ["milfan"]
    assert named(people, "It is me, Ada Berg", author="Ada Berg") == []
    assert all(not one.exemption for one in people.suggestions("Ada Berg"))


HOSTILE = [
    "1" * 60_000, "1 " * 30_000, "1-" * 30_000, "4111 " * 12_000, "608-555-0142 " * 3_000, "a@" * 30_000, "a." * 30_000,
    "a@b." * 15_000, "1 A " * 15_000, "1 Oak Oak Oak Oak Oak " * 3_000, "my son " * 8_000, "my my " * 10_000,
    "A" * 60_000, "GB82 " * 12_000, "GB82" + "A" * 60_000, "born " * 10_000, "born 1/1/1999 " * 4_000, "((((" * 15_000,
    " " * 60_000, "\n" * 60_000, "permit no " * 6_000, "permit no no no no 608-555-0142 " * 2_000, "http://" * 8_000,
    "January " * 8_000, "1 of January of " * 4_000, "7-year-old " * 5_000, "N5" * 30_000, "P.O. " * 12_000,
    "Ünïcödé ٣" * 6_000, "\u202e\u0000" * 30_000, "E" + "e" * 60_000, "# " * 30_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[repr(one[:16]) for one in HOSTILE])
def test_a_hostile_text_is_read_to_its_end(text: str) -> None:
    """A pattern that explodes would not come back from these within a lifetime."""
    inside(text, suggestions(text, field="text", by_city=False, kind="comment", asked=QUIET))
    inside(text, People(["my son", "A A", "1"]).suggestions(text))


def inside(text: str, given: list[Suggestion]) -> None:
    place = 0
    for one in given:
        assert place <= one.start < one.stop <= len(text)
        place = one.stop


PIECES = st.sampled_from(
    [*(one[0] for one in TRUE), *FALSE, *"0123456789 -./(#@\n\u202e", "٤", "my son ", "DOB ", "St "]
)
TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=200),
    st.lists(PIECES, max_size=12).map("".join),
    st.lists(PIECES).map(" ".join),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(["comment", "email", "post"]), st.booleans())
def test_places_lie_in_the_text_and_never_overlap(text: str, kind: str, by_city: bool) -> None:
    inside(text, suggestions(text, field="text", by_city=by_city, kind=kind, published=PUBLISHED, asked=QUIET))


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=5), TEXTS)
def test_any_display_name_can_be_looked_for(names: list[str], text: str) -> None:
    inside(text, People(names).suggestions(text, "Ada"))


@settings(deadline=None)
@given(st.frozensets(st.text(max_size=20), max_size=4))
def test_anything_may_be_said_to_be_published(published: frozenset[str]) -> None:
    suggestions("call 608-555-0142", field="text", by_city=False, kind="comment", published=published)
