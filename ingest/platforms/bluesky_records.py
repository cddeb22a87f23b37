"""Records of Bluesky (lexicons app.bsky.*) as drafts: posts, reposts, likes, blocks, lists, gates, the profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from archive.records import Author, Timestamp
from ingest.backup import Backup, Member
from ingest.ingestor import Draft, SourceAttachment
from ingest.platforms.bluesky_repository import moment_of
from ingest.timestamps import from_iso

FAR = timedelta(days=1)
"""How far a record's own date may be from that of its key before both are told."""


class Stored(Struct, frozen=True):
    """One record of a repository under one key: its value, its own bytes, where it stood."""

    value: Mapping[str, Any]
    native: bytes
    place: str
    did: str
    key: str

    @property
    def uri(self) -> str:
        """The record's address."""
        return f"at://{self.did}/{self.key}"


class Records:
    """Makes drafts of one repository's records. Blobs that lie in the backup are attached by their CIDs."""

    def __init__(self, did: str, backup: Backup) -> None:
        self._author = Author(native_id=did, is_account=True)
        self._blobs = {one.path.rsplit("/", 1)[-1].partition(".")[0]: one for one in backup.members()}

    def draft(self, stored: Stored) -> Draft | None:
        """Return the draft of a record; None for kinds that are not read."""
        read = READERS.get(stored.key.partition("/")[0])
        return read(self, stored) if read is not None else None

    def _blob(self, one: Any, alt: str = "") -> Iterator[SourceAttachment]:
        """Yield the file that a reference names, by its CID; the first references had it as text."""
        import libipld

        if not isinstance(one, dict):
            return
        ref = one.get("ref") or one.get("cid")
        ref = ref.get("$link") if isinstance(ref, dict) else ref
        name = libipld.encode_cid(ref) if isinstance(ref, bytes) else str(ref or "")
        if name:
            member: Member | None = self._blobs.get(name)
            yield SourceAttachment(member.path.rsplit("/", 1)[-1] if member else name, member=member, alt=alt)

    def post(self, stored: Stored) -> Draft:
        """Return a post, whose ever it is."""
        value = stored.value
        reply, labels = _object(value.get("reply")), _object(value.get("labels"))
        parent, root = (str(_object(reply.get(one)).get("uri") or "") for one in ("parent", "root"))
        embed = _object(value.get("embed"))
        features = [one for facet in _objects(value.get("facets")) for one in _objects(facet.get("features"))]
        links = [str(one["uri"]) for one in features if one.get("uri")]
        tags = [*value.get("tags", ()), *(one["tag"] for one in features if one.get("tag"))]
        details = {"languages": ", ".join(map(str, value.get("langs") or ()))}
        details["labels"] = ", ".join(str(one.get("val")) for one in _objects(labels.get("values")))
        shared, files = self._embedded(embed)
        links.append(shared.pop("link"))
        return Draft(
            kind="post",
            place=stored.place,
            native=stored.native,
            native_id=stored.uri,
            created=_created(value),
            author=self._author,
            text=str(value.get("text") or ""),
            parent=parent,
            thread=root or stored.uri,
            url=_address(stored),
            attachments=tuple(files),
            links=tuple(dict.fromkeys(filter(None, links))),
            tags=tuple(dict.fromkeys(map(str, tags))),
            mentions=tuple(str(one["did"]) for one in features if one.get("did")),
            details={name: one for name, one in (details | shared | _other_date(stored)).items() if one},
        )

    def _embedded(self, embed: Mapping[str, Any]) -> tuple[dict[str, str], list[SourceAttachment]]:
        """Return what is embedded in a post: named values, and files."""
        outside, media = _object(embed.get("external")), _object(embed.get("media"))
        quoted = _object(embed.get("record"))
        quoted = _object(quoted.get("record")) or quoted
        files = [found for one in _objects(embed.get("images")) for found in self._blob(one.get("image"), _alt(one))]
        if "video" in embed:
            files += self._blob(embed["video"], _alt(embed))
            files += [found for one in _objects(embed.get("captions")) for found in self._blob(one.get("file"))]
        shared = {"link": str(outside.get("uri") or ""), "quote of": str(quoted.get("uri") or "")}
        shared["shared"] = " – ".join(str(outside[one]) for one in ("title", "description") if outside.get(one))
        if not media:
            return shared, files
        inner, more = self._embedded({key: one for key, one in media.items() if key not in ("media", "record")})
        return shared | {name: one for name, one in inner.items() if one}, [*files, *more]

    def _repost(self, stored: Stored) -> Draft:
        subject = str(_object(stored.value.get("subject")).get("uri") or "")
        return self._plain(stored, "post", links=(subject,), details={"repost of": subject})

    def _like(self, stored: Stored) -> Draft:
        subject = str(_object(stored.value.get("subject")).get("uri") or "")
        return self._plain(stored, "reaction", text="like", parent=subject)

    def _block(self, stored: Stored) -> Draft:
        who = str(stored.value.get("subject") or "")
        return self._moderation(stored, f"blocked {who}", {"blocked": who})

    def _list(self, stored: Stored) -> Draft:
        kept = {name: str(stored.value.get(name) or "") for name in ("purpose", "description")}
        return self._moderation(stored, f"list “{stored.value.get('name')}”", kept)

    def _listed(self, stored: Stored) -> Draft:
        who, name = (str(stored.value.get(one) or "") for one in ("subject", "list"))
        return self._moderation(stored, f"put {who} on a list", {"person": who, "list": name}, name)

    def _threadgate(self, stored: Stored) -> Draft:
        post = str(stored.value.get("post") or "")
        rules = stored.value.get("allow")
        names = [str(one.get("$type")).rpartition("#")[2] for one in _objects(rules)]
        who = "everybody" if rules is None else ", ".join(names) or "nobody"
        hidden = [str(one) for one in stored.value.get("hiddenReplies") or ()]
        details = {"who may reply": who, "hidden replies": "\n".join(hidden)}
        return self._moderation(stored, "replies limited or hidden", details, post, tuple(hidden))

    def _postgate(self, stored: Stored) -> Draft:
        post = str(stored.value.get("post") or "")
        detached = [str(one) for one in stored.value.get("detachedEmbeddingUris") or ()]
        details = {"detached quotes": "\n".join(detached)}
        if _objects(stored.value.get("embeddingRules")):
            details["who may quote"] = "nobody"
        return self._moderation(stored, "quotes limited or detached", details, post, tuple(detached))

    def _profile(self, stored: Stored) -> Draft:
        value = stored.value
        files = [found for name in ("avatar", "banner") for found in self._blob(value.get(name))]
        name = str(value.get("displayName") or "")
        author = Author(name, native_id=self._author.native_id, is_account=True)
        return Draft(
            kind="profile",
            place=stored.place,
            native=stored.native,
            native_id=stored.uri,
            author=author,
            title=name,
            text=str(value.get("description") or ""),
            url=f"https://bsky.app/profile/{stored.did}",
            attachments=tuple(files),
        )

    def _moderation(
        self, stored: Stored, text: str, details: Mapping[str, str], parent: str = "", links: tuple[str, ...] = ()
    ) -> Draft:
        kept = {name: one for name, one in details.items() if one}
        return self._plain(stored, "moderation", text=text, parent=parent, links=links, details=kept)

    def _plain(self, stored: Stored, kind: Any, **more: Any) -> Draft:
        """Return a draft with what all records have."""
        return Draft(
            kind=kind,
            place=stored.place,
            native=stored.native,
            native_id=stored.uri,
            created=_created(stored.value),
            author=self._author,
            **more,
        )


READERS: dict[str, Callable[[Records, Stored], Draft]] = {
    "app.bsky.feed.post": Records.post,
    "app.bsky.feed.repost": Records._repost,
    "app.bsky.feed.like": Records._like,
    "app.bsky.graph.block": Records._block,
    "app.bsky.graph.listblock": Records._block,
    "app.bsky.graph.list": Records._list,
    "app.bsky.graph.listitem": Records._listed,
    "app.bsky.feed.threadgate": Records._threadgate,
    "app.bsky.feed.postgate": Records._postgate,
    "app.bsky.actor.profile": Records._profile,
}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _alt(one: Mapping[str, Any]) -> str:
    return str(one.get("alt") or "")


def _address(stored: Stored) -> str:
    return f"https://bsky.app/profile/{stored.did}/post/{stored.key.rpartition('/')[2]}"


def _created(value: Mapping[str, Any]) -> Timestamp | None:
    return from_iso(str(value["createdAt"])) if value.get("createdAt") else None


def _other_date(stored: Stored) -> dict[str, str]:
    """Return the date that a record's key carries, where the record claims one that is a day or more from it."""
    micros = moment_of(stored.key.rpartition("/")[2])
    claimed = _created(stored.value)
    if micros is None or claimed is None or claimed.at is None:
        return {}
    made = datetime.fromtimestamp(micros // 1_000_000, UTC)
    return {"date of the record's key": made.isoformat()} if abs(made - claimed.at) >= FAR else {}
