"""Bluesky: an account's repository as a CAR file, with blobs beside it.

The repository holds what the account made and no more. Every block carries its own digest, so what was changed after
the platform made it is found. The commit's signature is looked for and not verified: that needs the account's
document of keys, which is not in a repository.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from archive.records import Kind
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading
from ingest.platforms.bluesky_records import Records, Stored
from ingest.platforms.bluesky_repository import Block, BrokenRepository, Repository, blocks, is_car, survey

GAPS = (
    "replies, quotes, likes and followers by others: a repository holds what the account made itself",
    "direct messages: they are not in the repository",
    "the account's handle: the repository has its permanent number (DID) only",
    "what was deleted or edited, unless the file holds older commits",
    "pictures and videos, unless their blobs were fetched and lie beside the repository",
    "not read, on purpose: whom the account follows, its preferences",
)
KINDS: frozenset[Kind] = frozenset({"post", "reaction", "moderation", "profile"})
LOOKED_AT = 500
"""Members that are looked at to find a repository of another name."""

NEWEST = "~"
"""The revision that comes after all others, which are numbers."""

MARKS = (b"did:plc:", b"did:web:", b"app.bsky.")
PASSED_OVER = ("app.bsky.graph.follow", "chat.bsky")


class BlueskyIngestor(Ingestor):
    """Reads ``repo.car`` as *Export my data* gives it, or ``com.atproto.sync.getRepo``."""

    name = "bluesky"
    platform = "bluesky"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the beginning of a CAR with an account's number in it."""
        return Confidence.CONTENT if any(True for _ in _repositories(backup)) else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """A repository whose tree is whole holds every record; it tells its last change, not when it was fetched."""
        found = [survey(one) for one in _repositories(backup)]
        whole = bool(found) and all(one.did and not (one.absent or one.is_cut) for one in found)
        return Coverage(complete=KINDS if whole else frozenset())

    def read(self, backup: Backup) -> Reading:
        """Yield the records of each repository in the order of its blocks."""
        yield from (Gap(what) for what in GAPS)
        for member in _repositories(backup):
            repository = survey(member)
            yield from _remarks(member, repository)
            yield from _records(member, repository, Records(repository.did, backup))


def _repositories(backup: Backup) -> Iterator[Member]:
    for number, member in enumerate(backup.members()):
        if number < LOOKED_AT or member.path.lower().endswith(".car"):
            try:
                head = member.read(16)
                if is_car(head) and any(one in member.read(1 << 18) for one in MARKS):
                    yield member
            except OSError:
                continue


def _remarks(member: Member, repository: Repository) -> Iterator[Defect]:
    """Tell what a repository lacks."""
    told = [
        (not repository.did, "no commit says whose repository this is; its records have no address"),
        (bool(repository.did) and not repository.is_signed, "its commit has no signature as the protocol asks for"),
        (bool(repository.absent), f"{repository.absent} node(s) or record(s) of its tree are not in the file"),
        (bool(repository.did) and repository.version not in (2, 3), "its commit has a version that is not known"),
    ]
    yield from (Defect(member.path, reason, quarantined=False) for true, reason in told if true)


def _records(member: Member, repository: Repository, records: Records) -> Reading:
    passed: Counter[str] = Counter()
    times: Counter[str] = Counter()
    try:
        for block in blocks(member):
            place = f"{member.path}, block {block.number}"
            if not block.is_sound:
                yield Defect(place, "its content is not what its digest says: it was changed", native=block.native)
            elif isinstance(block.value, dict) and "$type" in block.value:
                yield from _under_its_keys(block, place, repository, records, passed, times)
            elif block.value is None and block.cid in repository.keys:
                yield Defect(place, "this record is no DAG-CBOR", native=block.native)
    except (BrokenRepository, OSError) as error:
        yield Defect(member.path, f"the repository cannot be read on: {error}")
    for name, count in sorted(passed.items()):
        if not name.startswith(PASSED_OVER):
            yield Defect(member.path, f"{count} record(s) of {name} were not read", quarantined=False)


def _under_its_keys(
    block: Block, place: str, repository: Repository, records: Records, passed: Counter[str], times: Counter[str]
) -> Reading:
    """Yield a record under each of its keys; one that no tree knows is under the key that nothing tells."""
    keys = repository.keys.get(block.cid, [])
    if not keys and str(block.value["$type"]).startswith("app.bsky."):
        yield Defect(place, "no tree in the file says under which key this record stands", native=block.native)
    for key in keys:
        stored = Stored(block.value, block.native, place, repository.did, key)
        try:
            draft = records.draft(stored)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            yield Defect(place, f"this record is not what Bluesky writes ({error})", native=block.native)
            continue
        if draft is None:
            passed[key.partition("/")[0]] += 1
        else:
            yield _as_it_stands(draft, block.cid, key, repository, times)


def _as_it_stands(draft: Draft, cid: bytes, key: str, repository: Repository, times: Counter[str]) -> Draft:
    """Return a draft with what the trees tell: that it is gone, or an earlier version of what stands."""
    standing = repository.standing.get(key)
    if standing == cid or (standing is None and repository.absent):
        return replace(draft, revision=NEWEST) if repository.versions[key] > 1 else draft
    times[key] += 1
    if standing is None:
        return replace(draft, audience="removed", removed_by="city", revision=f"{times[key]:06}")
    return replace(draft, revision=f"{times[key]:06}")
