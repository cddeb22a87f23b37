from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facebook_export import CITY, POSTS, TRASH, ascii_json, export, trashed
from ingest.backup import Backup
from ingest.ingestor import Draft
from ingest.platforms.facebook import FacebookIngestor
from ingest.platforms.facebook_labels import Labelled, labelled, split

T = 1772000000


def one(*values: dict[str, Any], **record: Any) -> Labelled:
    (found,) = labelled({**record, "label_values": list(values)}, b"{}", "here")
    return found


def trash(tmp_path: Path, value: Any) -> list[Draft]:
    path = export(tmp_path / "a.zip", {TRASH: value, **CITY})
    return [item for item in FacebookIngestor().read(Backup.open([path])) if isinstance(item, Draft)]


def test_a_value_is_known_by_its_form_whatever_its_label() -> None:
    found = one(
        {"label": "Texto", "value": "La alberca abre el lunes"},
        {"label": "Estado", "value": "True"},
        {"label": "Número", "value": "12"},
        {"label": "Dirección", "value": "Ver", "href": "https://milbrook.example/1"},
        {"label": "Hora", "timestamp_value": T},
        {"label": "Lista", "vec": [{"value": "https://milbrook.example/2"}, {"value": "https://milbrook.example/1"}]},
        {"label": "Medios", "media": [{"uri": "posts/media/1_n.png", "description": "A gate"}]},
        {"label": "Nada"},
        {"timestamp_value": T + 1},
    )
    assert found.text == "La alberca abre el lunes"
    assert found.urls == ("https://milbrook.example/1", "https://milbrook.example/2")
    assert [moment.raw for moment in found.moments] == [str(T), str(T + 1)]
    assert found.media == (("posts/media/1_n.png", "A gate"),)


def test_nested_values_are_told_under_all_their_labels_and_are_not_what_was_written() -> None:
    inner = {"title": "Owner", "dict": [{"label": "Name", "value": "A very long name of somebody else"}]}
    found = one({"label": "Text", "value": "Short"}, {"title": "Content", "dict": [{"dict": [inner], "title": ""}]})
    assert found.text == "Short"
    assert found.details["platform says / Content / Owner / Name"] == "A very long name of somebody else"


def test_labels_that_repeat_are_numbered() -> None:
    found = one({"label": "Rule", "vec": [{"value": "be kind"}, {"value": "no selling"}]})
    assert found.details == {"platform says / Rule": "be kind", "platform says / Rule (2)": "no selling"}


@pytest.mark.parametrize("secret", ["198.51.100.7", "2001:db8:0:1:1:1:1:1", "44.123456", "-89.6543210"])
def test_addresses_of_computers_and_positions_are_no_details(secret: str) -> None:
    assert one({"label": "Text", "value": "x"}, {"label": "Where", "dict": [{"value": secret}]}).details == {
        "platform says / Text": "x"
    }


def test_records_poured_into_one_list_are_told_apart_and_keep_their_own_bytes(tmp_path: Path) -> None:
    values = [*trashed(T, "First – gone", "1"), *trashed(T + 1, "Second", "2"), {"label": "Media", "media": []}]
    first, second = trash(tmp_path, {"media": [], "label_values": values, "fbid": "9"})
    assert (first.text, second.text) == ("First – gone", "Second")
    assert (first.native_id, second.native_id) == (None, None)
    assert [len(json.loads(draft.native)) for draft in (first, second)] == [3, 4]
    assert first.place != second.place


def test_one_bare_object_is_one_record_and_a_list_is_many(tmp_path: Path) -> None:
    bare = {"media": [], "label_values": trashed(T, "Alone"), "fbid": "9"}
    (alone,) = trash(tmp_path, bare)
    assert alone.native == ascii_json(bare)
    assert [draft.text for draft in trash(tmp_path, [bare, {**bare, "label_values": trashed(T, "Two")}])] == [
        "Alone",
        "Two",
    ]


def test_a_list_whose_labels_repeat_without_order_stays_one_record() -> None:
    values = [{"label": label} for label in ("A", "B", "A", "C", "C")]
    assert split(values) == [values]


@given(st.lists(st.sampled_from("ABC"), max_size=12))
def test_splitting_loses_and_reorders_nothing(labels: list[str]) -> None:
    values = [{"label": label, "value": number} for number, label in enumerate(labels)]
    assert [value for part in split(values) for value in part] == values


def test_the_trash_of_the_classic_style_tells_when_a_post_was_written(tmp_path: Path) -> None:
    (found,) = trash(tmp_path, {"trash_v2": [{"timestamp": T, "data": [{"post": "Gone"}]}]})
    assert (found.text, found.audience, found.removed, found.removed_by) == ("Gone", "removed", None, "city")
    assert found.created is not None
    assert found.created.raw == str(T)


def test_the_address_of_a_record_is_facebooks_and_the_others_are_links(tmp_path: Path) -> None:
    values = [
        {"label": "Link", "value": "https://milbrook.example/a"},
        {"label": "Link", "value": "http://0.0.0.0/"},
        {"label": "URL", "value": "https://www.facebook.com/milbrook/posts/pfbid0x"},
    ]
    path = export(tmp_path / "a.zip", {POSTS: [{"timestamp": T, "label_values": values, "fbid": "5"}], **CITY})
    (found,) = (item for item in FacebookIngestor().read(Backup.open([path])) if isinstance(item, Draft))
    assert found.url == "https://www.facebook.com/milbrook/posts/pfbid0x"
    assert found.links == ("https://milbrook.example/a",)
    assert found.native_id == "5"
