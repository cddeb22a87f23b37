from __future__ import annotations

import io
import json
import shutil
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures_of_formats import DATA, files, fixtures
from golden import check_golden
from hand_editing import edited, edited_file
from ingest.backup import Backup, Member
from ingest.hand_edited import as_json, is_json, rewritten
from ingest.ingestor import Defect, Draft, SourceAttachment
from ingest.json_items import Broken, Item, items
from ingest.lenient_json import DEEPEST, NotJson, value_at
from ingest.platforms.x import XIngestor
from ingest.reading import guarded_items
from ingest.registry import identify

TEXTS = st.text(st.characters(), max_size=12)
KEYS = TEXTS | st.from_regex(r"[a-z_$]+", fullmatch=True)
SOMEBODY = st.randoms(use_true_random=False)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)
SAID = "not as the platform produced it"


def in_blocks(text: str, size: int) -> str:
    return "".join(rewritten((text[at : at + size] for at in range(0, len(text), size)), {}))


def member(content: bytes, name: str = "items.json") -> Member:
    return as_json(Member(name, len(content), 0, lambda: io.BytesIO(content)))


@given(VALUES, SOMEBODY, st.integers(1, 40))
def test_every_writing_of_a_value_reads_as_that_value(value: Any, by: Random, size: int) -> None:
    text = edited(value, by)
    assert json.loads(value_at(text + "\n", 0, ended=True)[0]) == value
    assert json.loads(in_blocks(edited([value], by), size)) == [value]


@given(VALUES, st.integers(1, 40), st.sampled_from((None, 1)), st.booleans())
def test_what_is_json_stays_as_it_is_character_by_character(
    value: Any, size: int, indent: int | None, is_ascii: bool
) -> None:
    text = f"window.YTD.a = {json.dumps([value], indent=indent, ensure_ascii=is_ascii)};\n"
    assert in_blocks(text, size) == text
    found: dict[str, None] = {}
    assert "".join(rewritten(iter([text]), found)) == text
    assert not found
    assert is_json(text.encode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.dictionaries(TEXTS, VALUES, max_size=3), max_size=4),
    st.randoms(use_true_random=False),
    st.integers(1, 64),
)
def test_items_that_are_edited_are_read_one_by_one_and_told_once(values: list[Any], by: Random, window: int) -> None:
    text = "[" + ",".join(edited(one, by) for one in values) + "]"
    found = list(items(io.BytesIO(text.encode("utf-8", "surrogatepass")), window))
    read = [one for one in found if isinstance(one, Item)]
    assert [one.value for one in read] == [json.loads(json.dumps(one)) for one in values]
    assert [json.loads(one.native.decode("utf-8", "surrogateescape")) is not None for one in read] == [True] * len(read)
    assert [SAID in one.reason for one in found if isinstance(one, Broken)] in ([], [True])


def test_an_edited_item_far_inside_a_file_is_read_and_the_others_keep_their_bytes() -> None:
    plain = b'{"id": 12345678901234567890, "text": "%s"}' % (b"snow " * 200)
    content = b"[" + b",".join([plain] * 2000) + b", {id: 98765432109876543210, text: 'cut',},\n" + plain + b"]"
    found = list(items(member(content).open()))
    remarks = [one for one in found if isinstance(one, Broken)]
    read = [one for one in found if isinstance(one, Item)]
    assert [one.number for one in remarks] == [2001]
    assert content[remarks[0].offset :].startswith(b"{id: 98")
    assert not remarks[0].native
    assert {one.native for one in read if one.number != 2001} == {plain}
    assert read[2000].value == {"id": 98765432109876543210, "text": "cut"}
    assert len(read) == 2002


def test_a_comma_before_the_end_and_comments_between_items_are_told() -> None:
    for content in (b"[{}, {}\n, ]", b"[{}, // one was here\n {}]", b"[{}, {} /* gone */ ]"):
        found = list(items(io.BytesIO(content)))
        assert [type(one) for one in found].count(Item) == 2, content
        assert [SAID in one.reason for one in found if isinstance(one, Broken)] == [True], content


def test_a_broken_item_in_an_edited_file_costs_itself() -> None:
    content = b"[{id: 1,}, {id: it's}, {id: 3, text: 'c'}, {id: 4}]"
    found = list(items(member(content).open()))
    assert [one.value["id"] for one in found if isinstance(one, Item)] == [1, 3, 4]
    assert len([one for one in found if isinstance(one, Broken) and one.native]) == 1


HOSTILE = {
    "comments that do not end": b"[" + b"{/* }, " * 10_000,
    "quotes that do not end": b"[" + b"{'a }, {\"b }, {`c }, " * 5_000,
    "escaped quotes": b"[{a: '" + b"},{\\'" * 10_000,
    "opening": b"[{a:" * 100_000,
    "lists": b"[" * 300_000,
    "never whole": b"[" + b"{a: 1 b}, " * 10_000,
    "comments between": b"[{a: 1}" + b", /*}, {}" * 10_000,
    "slashes outside": b"/*x" * 200_000,
    "a long word": b"[{" + b"a" * 200_000,
    "a long number": b"[{a: +" + b"9" * 200_000 + b"}]",
    "many digits": b"[" + b"9" * 200_000 + b", {}]",
    "blanks": b"[{a: 1}," + b" " * 200_000 + b"x",
    "braces": b"[{a: x" + b"}  " * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_come_to_an_end(name: str) -> None:
    one = member(HOSTILE[name])
    for content in (one.open(), io.BytesIO(HOSTILE[name])):
        assert all(isinstance(found, Item | Broken) for found in items(content))


def test_nesting_is_bounded() -> None:
    deepest = "[" * DEEPEST + "'x'" + "]" * DEEPEST
    assert value_at(deepest, 0, ended=True)[0] == deepest.replace("'", '"')
    with pytest.raises(NotJson):
        value_at(f"[{deepest}]", 0, ended=True)


# -- whole exports


def reformatted(fixture: Path, folder: Path) -> Path:
    """Copy a fixture with all its JSON edited."""
    copy = folder / fixture.name
    if fixture.is_dir():
        shutil.copytree(fixture, copy)
    else:
        shutil.copy(fixture, copy)
    for path in files(copy):
        if path.suffix in (".json", ".js"):
            path.write_bytes(edited_file(path.read_bytes(), Random(5)))
    return copy


def of_json() -> list[Path]:
    return [
        one for one in fixtures()
        if any(path.suffix in (".json", ".js") and edited_file(path.read_bytes(), Random(5)) != path.read_bytes()
               for path in files(one))
    ]  # fmt: skip


def content(one: Draft) -> dict[str, Any]:
    """Return a draft without its bytes, and its files as their names."""
    values = {name: getattr(one, name) for name in one.__struct_fields__ if name not in ("native", "attachments")}
    values["attachments"] = [(file.name, file.alt, file.member is not None) for file in one.attachments]
    values["earlier"] = [content(earlier) for earlier in one.earlier]
    return values


@pytest.mark.parametrize("fixture", of_json(), ids=lambda one: str(one.relative_to(DATA)))
def test_a_reformatted_export_is_known_and_reads_as_the_platform_s_own(fixture: Path, tmp_path: Path) -> None:
    own, copy = Backup.open([fixture]), Backup.open([reformatted(fixture, tmp_path)])
    reader = identify(own)
    assert identify(copy).name == reader.name
    assert copy.members() and reader.coverage(copy) == reader.coverage(own)
    expected, found = list(guarded_items(reader, own)), list(guarded_items(reader, copy))
    assert [content(one) for one in found if isinstance(one, Draft)] == [
        content(one) for one in expected if isinstance(one, Draft)
    ]
    said = Counter(one.place for one in found if isinstance(one, Defect) and SAID in one.reason)
    assert said and set(said.values()) == {1}
    assert not [one for one in expected if isinstance(one, Defect) and SAID in one.reason]
    lost = [one for one in found if isinstance(one, Defect) and one.quarantined]
    assert len(lost) == len([one for one in expected if isinstance(one, Defect) and one.quarantined])


def yielded(backup: Backup) -> list[dict[str, Any]]:
    told = []
    for one in guarded_items(identify(backup), backup):
        if isinstance(one, Draft):
            told.append(msgspec.to_builtins(content(one)) | {"native": one.native.decode()})
        elif isinstance(one, Defect):
            told.append({"defect": one.reason, "place": one.place, "quarantined": one.quarantined})
    return told


@pytest.mark.parametrize("fixture", ["x/edited", "facebook/edited"])
def test_an_export_edited_by_hand_reads_as_its_golden_file_says(fixture: str) -> None:
    check_golden(DATA / f"{fixture}.golden.json", yielded(Backup.open([DATA / fixture])))


def test_a_file_of_json_that_was_attached_keeps_its_own_bytes() -> None:
    written = b"{a: 1, /* mine */}"
    attachment = SourceAttachment("settings.json", member(written, "settings.json"))
    assert attachment.member is not None
    with attachment.member.open_as_found() as stream:
        assert stream.read() == written
    assert attachment.member.read() == b'{"a": 1 }'


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_an_export_that_was_saved_in_utf_16_reads_as_in_utf_8(tmp_path: Path, encoding: str) -> None:
    text = 'window.YTD.tweets.part0 = [ {"tweet": {"id_str": "1", "full_text": "The pool é opens", "entities": {}, '
    text += '"created_at": "Thu Nov 14 03:37:58 +0000 2019"}} ]'
    account = 'window.YTD.account.part0 = [ {"account": {"username": "CityOfMilbrook", "accountId": "1"}} ]'
    (tmp_path / "data").mkdir()
    for name, one in (("tweets.js", text), ("account.js", account)):
        (tmp_path / "data" / name).write_bytes((f"\ufeff{one}" if encoding == "utf-16-be" else one).encode(encoding))
    found = list(XIngestor().read(Backup.open([tmp_path])))
    assert [one.text for one in found if isinstance(one, Draft) and one.kind == "post"] == ["The pool é opens"]
    assert not [one for one in found if isinstance(one, Defect)]
