"""Pictures and videos in a Facebook export: their entries, their lists, the album, and the files.

Subtitles stand under ``media_metadata.video_metadata.subtitles``, as Instagram's exports have them; no
Facebook export with subtitles was at hand, so that this shape is not certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zlib import crc32

from demo import captions, facebook, pictures
from demo.facebook import ACTIVITY, unix
from demo.meta_json import Json, Pieces, ascii_json, keyed
from demo.world import Account, Entry, Media


def attached(account: Account, entry: Entry, text: str) -> list[Json]:
    """Return what hangs on a post or comment: its files, or the page that it links to."""
    media = [{"media": described(account, entry, one, text)} for one in entry.media]
    link = facebook.shared_link(text)
    return media or ([{"external_context": {"url": link}}] if link else [])


def described(account: Account, entry: Entry, media: Media, text: str) -> Json:
    """Return one file's entry; without a description of its own it has that of its post."""
    kind = "video" if media.video else "photo"
    metadata: Json = {"exif_data": [{"upload_ip": f"203.0.113.{media.seed % 256}", "upload_timestamp": unix(entry.at)}]}
    if media.captions:
        metadata["subtitles"] = {"uri": _captions_path(account, entry, media), "creation_timestamp": unix(entry.at)}
    return {
        "uri": path(account, entry, media),
        "creation_timestamp": unix(entry.at),
        "media_metadata": {f"{kind}_metadata": metadata},
        "title": "" if media.video else "Timeline photos",
        "description": media.alt or text,
    }


def path(account: Account, entry: Entry, media: Media) -> str:
    """Return where an export has a picture or video."""
    album = "videos" if media.video else f"Timelinephotos_{account.native_id}"
    return f"{ACTIVITY}/posts/media/{album}/{facebook.file_name(entry, media)}"


def _captions_path(account: Account, entry: Entry, media: Media) -> str:
    return f"{path(account, entry, media).rsplit('.', 1)[0]}.srt"


def files(account: Account, posts: list[Entry], others: list[Entry], at: datetime) -> Iterator[tuple[str, Pieces]]:
    """Yield the lists of pictures and videos (which posts have shown already), the album, and all files.

    ``others`` are comments and what lies in the trash: their files are in no list.
    """
    for name, key, video in (("uncategorized_photos", "other_photos_v2", False), ("videos", "videos_v2", True)):
        items = (described(account, e, one, e.wording(at).text) for e, one in _shown(posts) if one.video == video)
        yield f"{ACTIVITY}/posts/{name}.json", keyed(key, items)
    yield f"{ACTIVITY}/posts/album/0.json", [ascii_json(_album(account))]
    yield _seal_path(account), [_seal(account)]
    for entry, one in _shown([*posts, *others]):
        yield path(account, entry, one), [pictures.of(one)]
        if one.captions:
            yield _captions_path(account, entry, one), [captions.srt(one.captions)]


def _shown(entries: list[Entry]) -> Iterator[tuple[Entry, Media]]:
    return ((entry, one) for entry in entries for one in entry.media)


def _album(account: Account) -> Json:
    """Return the album of the profile's picture, which stays what it is."""
    founded = unix(facebook.founded(account))
    photo = {"uri": _seal_path(account), "creation_timestamp": founded, "title": "Profile pictures"}
    return {
        "name": "Profile pictures", "photos": [photo], "cover_photo": photo, "last_modified_timestamp": founded,
        "description": "",
    }  # fmt: skip


def _seal_path(account: Account) -> str:
    return f"{ACTIVITY}/posts/media/Profilepictures_{account.native_id}/seal.jpg"


def _seal(account: Account) -> bytes:
    return pictures.of(Media(name="seal.jpg", seed=crc32(account.name.encode()), motif="map"))
