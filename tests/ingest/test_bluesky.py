from __future__ import annotations

import hashlib
from collections import Counter
from itertools import takewhile
from pathlib import Path
from typing import Any

import libipld
import pytest

from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft
from ingest.platforms.bluesky import BlueskyIngestor
from ingest.platforms.bluesky_api import BlueskyApiIngestor
from ingest.platforms.bluesky_repository import moment_of
from ingest.registry import identify

DATA = Path(__file__).parents[1] / "data" / "bluesky"
BLUESKY = BlueskyIngestor()
DID = "did:plc:milbrookcity000000000000"
POST = f"at://{DID}/app.bsky.feed.post/3lq2aaaaaaa2a"
IDA = "at://did:plc:idabrandt00000000000000/app.bsky.feed.post/3lq2bbbbbbb2b"


def cid_of(native: bytes, codec: int = 0x71) -> bytes:
    return bytes((1, codec, 0x12, 32)) + hashlib.sha256(native).digest()


class Car:
    """Writes a repository: blocks as they are put in, the newest commit as the root."""

    def __init__(self) -> None:
        self.blocks: list[tuple[bytes, bytes]] = []
        self.root = b""

    def put(self, value: Any) -> bytes:
        native = libipld.encode_dag_cbor(value)
        self.blocks.append((cid_of(native), native))
        return self.blocks[-1][0]

    def node(self, entries: dict[str, bytes], below: bytes | None = None) -> bytes:
        listed, before = [], b""
        for name in sorted(entries):
            key = name.encode()
            same = takewhile(lambda pair: pair[0] == pair[1], zip(key, before, strict=False))
            shared = sum(1 for _ in same)
            listed.append({"k": key[shared:], "p": shared, "t": None, "v": entries[name]})
            before = key
        return self.put({"l": below, "e": listed})

    def commit(self, tree: bytes) -> bytes:
        return self.put(
            {"did": DID, "rev": "3lq2ccccccc2c", "data": tree, "prev": None, "sig": b"s" * 64, "version": 3}
        )

    def bytes(self, root: bytes) -> bytes:
        header = libipld.encode_dag_cbor({"roots": [root], "version": 1})
        sections = (header, *(cid + native for cid, native in self.blocks))
        return b"".join(varint(len(one)) + one for one in sections)


def varint(number: int) -> bytes:
    found = b""
    while number > 0x7F:
        found += bytes((number & 0x7F | 0x80,))
        number >>= 7
    return found + bytes((number,))


def record(sort: str, **more: Any) -> dict[str, Any]:
    return {"$type": f"app.bsky.{sort}", "createdAt": "2026-05-18T12:00:00.000Z", **more}


def repository() -> Car:
    """The city's repository: a post that was edited, one that is gone, and what else there is."""
    car = Car()
    picture = {"$type": "blob", "ref": cid_of(b"\x89PNG\r\n\x1a\npool", 0x55), "mimeType": "image/png", "size": 12}
    text = "The pool opens on Monday: milbrook.example/pool #pool"
    link = {"$type": "app.bsky.richtext.facet#link", "uri": "https://milbrook.example/pool"}
    tag = {"$type": "app.bsky.richtext.facet#tag", "tag": "pool"}
    facets = [{"index": {"byteStart": 26, "byteEnd": 47}, "features": [link, tag]}]
    images = {"$type": "app.bsky.embed.images", "images": [{"alt": "The pool, empty", "image": picture}]}
    old = car.put(record("feed.post", text="The pool opens on Sunday"))
    gone = car.put(record("feed.post", text="Sorry, wrong account"))
    earlier = car.node({"app.bsky.feed.post/3lq2aaaaaaa2a": old, "app.bsky.feed.post/3lq2ddddddd2d": gone})
    car.commit(earlier)
    likes = car.node(
        {"app.bsky.feed.like/3lq2eeeeeee2e": car.put(record("feed.like", subject={"uri": IDA, "cid": "x"}))}
    )
    reply = {"root": {"uri": POST, "cid": "x"}, "parent": {"uri": IDA, "cid": "x"}}
    outside = {"external": {"uri": "https://county.example", "title": "County", "description": "News"}}
    quote = {"media": outside, "record": {"record": {"uri": IDA, "cid": "x"}}}
    rules = [{"$type": "app.bsky.feed.threadgate#mentionRule"}]
    gate = record("feed.threadgate", post=POST, allow=rules, hiddenReplies=[IDA])
    profile = {"$type": "app.bsky.actor.profile", "displayName": "City of Milbrook", "description": "News"}
    entries = {
        "app.bsky.actor.profile/self": profile,
        "app.bsky.feed.post/3lq2aaaaaaa2a": record("feed.post", text=text, facets=facets, embed=images, langs=["en"]),
        "app.bsky.feed.post/3lq2fffffff2f": record("feed.post", text="At one.", reply=reply, embed=quote),
        "app.bsky.feed.repost/3lq2ggggggg2g": record("feed.repost", subject={"uri": IDA, "cid": "x"}),
        "app.bsky.feed.threadgate/3lq2aaaaaaa2a": gate,
        "app.bsky.graph.block/3lq2hhhhhhh2h": record("graph.block", subject="did:plc:spam"),
        "app.bsky.graph.follow/3lq2iiiiiii2i": record("graph.follow", subject="did:plc:county"),
        "app.bsky.labeler.service/self": record("labeler.service", policies={}),
    }  # fmt: skip
    car.root = car.commit(car.node({key: car.put(value) for key, value in entries.items()}, below=likes))
    return car


def written(path: Path, car: Car, root: bytes | None = None) -> Path:
    path.write_bytes(car.bytes(root or car.root))
    return path


def read(path: Path) -> tuple[list[Draft], list[Defect]]:
    found = list(BLUESKY.read(Backup.open([path])))
    return [one for one in found if isinstance(one, Draft)], [one for one in found if isinstance(one, Defect)]


def test_a_repository_reads_as_its_golden_file_says(tmp_path: Path) -> None:
    made = written(tmp_path / "repo.car", repository())
    assert made.read_bytes() == (DATA / "repo" / "repo.car").read_bytes()
    backup = Backup.open([DATA / "repo"])
    assert identify(backup).name == "bluesky"
    check_golden(DATA / "repo.golden.json", told(BLUESKY, backup))
    assert BLUESKY.coverage(backup).complete == {"post", "reaction", "moderation", "profile"}


def test_a_changed_byte_is_found_and_costs_one_record(tmp_path: Path) -> None:
    path = written(tmp_path / "repo.car", repository())
    path.write_bytes(path.read_bytes().replace(b"At one.", b"At six."))
    drafts, defects = read(path)
    assert not [one for one in drafts if one.text.startswith("At ")]
    assert [one.reason for one in defects if one.quarantined] == [
        "its content is not what its digest says: it was changed"
    ]


def test_a_repository_that_is_cut_off_gives_what_is_whole_and_says_so(tmp_path: Path) -> None:
    whole = written(tmp_path / "repo.car", repository()).read_bytes()
    for cut in (len(whole) - 10, len(whole) // 2):
        (tmp_path / "cut.car").write_bytes(whole[:cut])
        drafts, defects = read(tmp_path / "cut.car")
        assert drafts and any("cannot be read on" in one.reason for one in defects)
        assert not [one for one in drafts if one.audience == "removed"]
        assert not BLUESKY.coverage(Backup.open([tmp_path / "cut.car"])).complete


def test_nesting_without_end_is_no_record(tmp_path: Path) -> None:
    car = repository()
    car.blocks.append((cid_of(b"\x81" * 1_000_000 + b"\x80"), b"\x81" * 1_000_000 + b"\x80"))
    drafts, _ = read(written(tmp_path / "repo.car", car))
    assert len(drafts) == 9


def test_other_files_are_not_taken_for_repositories(tmp_path: Path) -> None:
    (tmp_path / "a.car").write_bytes(b"\x3a\xa2eroots\x81 nothing of Bluesky's")
    (tmp_path / "b.txt").write_bytes(b"eroots did:plc:")
    assert BLUESKY.identify(Backup.open([tmp_path])) == Confidence.NONE


def test_a_key_is_a_clocks_number() -> None:
    assert moment_of("3juazoqzcqw2y") == 1682492930106076
    assert moment_of("self") is None


def test_answers_of_the_api_read_as_their_golden_file_says() -> None:
    backup = Backup.open([DATA / "api"])
    assert identify(backup).name == "bluesky-api"
    check_golden(DATA / "api.golden.json", told(BlueskyApiIngestor(), backup))


def test_the_publics_replies_are_comments_and_those_that_a_gate_hides_are_hidden() -> None:
    found = [one for one in BlueskyApiIngestor().read(Backup.open([DATA / "api"])) if isinstance(one, Draft)]
    audiences = {one.text: one.audience for one in found if one.kind == "comment"}
    assert audiences == {"When?": "public", "Crooks!": "hidden", "@milbrook.example potholes!": "public"}
    asked = next(one for one in found if one.text == "When?")
    assert asked.parent == asked.thread == POST and b"At one." not in asked.native


SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "bluesky"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of Bluesky repositories are not beside this checkout")
def test_a_repository_by_another_hand_gives_every_record_of_its_tree() -> None:
    (path,) = SAMPLES.rglob("fakermaker.repo.car")
    assert identify(Backup.open([path])).name == "bluesky"
    drafts, defects = read(path)
    assert Counter(one.kind for one in drafts) == {"post": 41, "reaction": 22, "profile": 1} and not defects
