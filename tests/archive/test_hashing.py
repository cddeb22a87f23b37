from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import matching, merkle, version_digest
from archive.canonical import canonical
from archive.holdings import content_from_row, content_row
from archive.records import Author, Content, HeldAttachment, Recipient, Timestamp

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "zz", "a1"]), inner),
)


@given(JSON)
def test_canonical_json_is_the_standard_librarys_in_rfc_8785_form(value: object) -> None:
    expected = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical(value) == expected.encode()


def _rfc_6962(leaves: list[bytes]) -> bytes:
    """The recursive definition of RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + _rfc_6962(leaves[:split]) + _rfc_6962(leaves[split:])).digest()


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_root_is_that_of_rfc_6962(leaves: list[bytes]) -> None:
    assert merkle.root(leaves) == _rfc_6962(leaves)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70), st.data())
def test_audit_path_leads_every_leaf_to_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = merkle.audit_path(leaves, index)
    assert merkle.root_from_path(leaves[index], path) == merkle.root(leaves)


EXAMPLE = Content(
    native_id="17",
    author=Author("City of Milbrook", "CityOfMilbrook", "22", is_account=True),
    created=Timestamp(datetime(2026, 3, 1, 9, 30, tzinfo=UTC), "Sun Mar 01", "second", "explicit"),
    title="Pool",
    text="The pool is closed. 🏊 " * 10,
    parent="16",
    audience="public",
    recipients=(Recipient("to", "Grace Lor", "grace@mail.example"),),
    links=("https://milbrook.example",),
    tags=("pool",),
    details={"b": "2", "a": "1"},
    attachments=(HeldAttachment("pool.jpg", "image/jpeg", 3, "ab" * 32, "A gate"),),
    place="data/tweets.js, item 1",
    native=b'{"id": 17}',
)


def test_the_digest_of_a_version_never_changes_between_releases() -> None:
    found = version_digest.digest(b"0123456789abcdef", version_digest.fields(EXAMPLE))
    assert found.hex() == "a6cc9732b0cb635e72b327418de8aa78af67bab1eeebe81acc55b7a7775a80e4"


def test_digest_follows_the_formula_of_the_design_page() -> None:
    salt = b"s" * 16
    nodes = []
    for name, value in version_digest.fields(EXAMPLE):
        parts = [(name, value)]
        if isinstance(value, str) and len(value) > 64:
            count = -(-len(value) // 64)
            parts = [(f"{name}[{i}/{count}]", value[i * 64 : i * 64 + 64]) for i in range(count)]
        leaves = []
        for label, part in parts:
            blind = hashlib.sha256(salt + label.encode()).digest()
            text = json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
            entry = b"\x01" + blind + label.encode() + b"\x00" + text
            leaves.append(hashlib.sha256(b"\x00" + entry).digest())
        nodes.append(_rfc_6962(leaves))
    assert version_digest.digest(salt, version_digest.fields(EXAMPLE)) == _rfc_6962(nodes)


def test_another_salt_gives_another_digest() -> None:
    found = version_digest.fields(EXAMPLE)
    assert version_digest.digest(b"a" * 16, found) != version_digest.digest(b"b" * 16, found)


def test_stored_time_refuses_a_time_that_is_not_utc() -> None:
    with pytest.raises(ValueError, match="not a UTC time"):
        version_digest.stored_time(datetime(2026, 3, 1))


@given(st.datetimes(timezones=st.just(UTC)))
def test_stored_time_is_iso_8601_to_the_millisecond(moment: datetime) -> None:
    assert version_digest.stored_time(moment) == moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_a_keyed_hash_is_the_hmac_of_the_standard_library(key: bytes, message: bytes) -> None:
    assert matching.keyed_hash(key, message) == hmac.digest(key, message, "sha256")


MOMENTS = st.none() | st.builds(
    Timestamp,
    st.none()
    | st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(
        lambda one: one.replace(microsecond=one.microsecond // 1000 * 1000, tzinfo=UTC)
    ),
    TEXT,
    st.sampled_from(["second", "day"]),
    st.sampled_from(["explicit", "unknown"]),
)
CONTENTS = st.builds(
    Content,
    native_id=TEXT,
    author=st.builds(Author, TEXT, TEXT, TEXT, st.booleans()),
    created=MOMENTS,
    edited=MOMENTS,
    removed=MOMENTS,
    title=TEXT,
    text=TEXT,
    audience=st.sampled_from(["public", "private", "removed"]),
    recipients=st.lists(st.builds(Recipient, TEXT, TEXT, TEXT), max_size=3).map(tuple),
    links=st.lists(TEXT, max_size=3).map(tuple),
    details=st.dictionaries(TEXT, TEXT, max_size=3),
    native=st.binary(max_size=50),
)


@given(CONTENTS)
def test_content_comes_back_from_its_row_as_it_was(content: Content) -> None:
    row = content_row(5, 7, b"s" * 16, content)
    assert content_from_row(row) == content
    assert content_row(5, 7, b"s" * 16, content_from_row(row)) == row


@given(st.lists(st.binary(min_size=1, max_size=4), min_size=1, max_size=40), st.data())
def test_a_growing_root_and_paths_out_of_levels_are_those_of_the_plain_tree(
    entries: list[bytes], data: st.DataObject
) -> None:
    leaves = [merkle.leaf_hash(one) for one in entries]
    growing = merkle.Growing()
    for one in leaves:
        growing.add(one)
    assert growing.root() == merkle.root(leaves) == merkle.levels(leaves)[-1][0]
    index = data.draw(st.integers(0, len(leaves) - 1))
    assert merkle.siblings(merkle.levels(leaves), index) == [one for _, one in merkle.audit_path(leaves, index)]
    assert merkle.Growing().root() == merkle.EMPTY_ROOT
