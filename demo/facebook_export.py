"""What Facebook gives whoever downloads a Page's information (JSON, 2025 and later), as of a moment.

It is the Page's own: its posts without ids, its comments, its messages, the names of its followers.
Visitors' comments, who reacted and what is hidden are not in it. What the platform adds of itself is
written too: empty entries, descriptions that repeat the post, files that are nobody's record.

Of a deleted post ``trash.json`` tells address, words, time and files; what else it may tell is not certain. The
history of edits holds every saved wording of a post, the first one too, tied together by ``fbid``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from zlib import crc32

from demo import facebook, facebook_account, facebook_media, zips
from demo.facebook import ACTIVITY, unix
from demo.meta_json import Json, Pieces, ascii_json, keyed, listed
from demo.world import Absence, Account, Entry, Reaction, Wording

TRASH_DAYS = 30
"""How long Facebook keeps deleted posts for whoever wants them back."""

FLATTENED = range(2, 4)
"""How many records of the trash Facebook pours into one object; one is an object, more are a list."""


def write(path: Path, account: Account, at: datetime, a_file: int = 5000) -> None:
    """Write the export of a moment as a zip; a series of files begins another file after ``a_file`` items.

    Beside the account's own posts and comments it holds one more item: the album of the profile's picture.
    """
    folder = wrapper(account, at)
    zips.write(path, ((f"{folder}/{name}", pieces) for name, pieces in _files(account, at, a_file)))


def wrapper(account: Account, at: datetime) -> str:
    """Return the folder that holds everything: handle, day (UTC) and a code."""
    code = sha256(f"{account.native_id} {at.isoformat()}".encode()).hexdigest()[:8]
    return f"facebook-{account.handle}-{at:%Y-%m-%d}-{code}"


def _files(account: Account, at: datetime, a_file: int) -> Iterator[tuple[str, Pieces]]:
    own = [one for one in account.standing(at) if one.author is None]
    posts, comments = facebook.newest(own, "post"), facebook.newest(own, "comment")
    trashed = facebook.newest(in_trash(account, at), "post")
    yield from _series(f"{ACTIVITY}/posts/profile_posts", (_post(account, one, at) for one in posts), a_file)
    yield from _history(f"{ACTIVITY}/posts/edits_you_made_to_posts.json", posts, at)
    if trashed:
        yield f"{ACTIVITY}/posts/trash.json", _trash(account, trashed, at)
    yield from facebook_media.files(account, posts, [*comments, *trashed], at)
    yield from _talk(account, comments, at, a_file)
    yield from facebook_account.files(account, at, a_file)


def _series(stem: str, items: Iterable[Json], a_file: int) -> Iterator[tuple[str, Pieces]]:
    """Yield ``<stem>_1.json``, ``<stem>_2.json`` and so on, each a list."""
    rest, count = iter(items), 0
    while first := next(rest, None):
        count += 1
        yield f"{stem}_{count}.json", listed(chain([first], islice(rest, a_file - 1)))


# -- posts


def _post(account: Account, entry: Entry, at: datetime) -> Json:
    text, variant = entry.wording(at).text, crc32(entry.id.encode()) % 4
    parts: list[Json] = [{"post": text}] if text else [{}]
    if variant == 0:
        parts.append({"update_timestamp": unix(entry.at)})
    elif variant == 1:
        parts.insert(0, {})
    found: Json = {"timestamp": unix(entry.at)}
    if attached := facebook_media.attached(account, entry, text):
        found["attachments"] = [{"data": [one]} for one in attached]
    found["data"] = parts
    if title := _sentence(account, entry, text):
        found["title"] = title
    return found


def _sentence(account: Account, entry: Entry, text: str) -> str:
    """Return what Facebook says that the account did; of a plain text it says nothing."""
    count, videos = len(entry.media), sum(one.video for one in entry.media)
    if count == 1:
        return f"{account.title} added a new {'video' if videos else 'photo'}."
    if count:
        return f"{account.title} added {count} new {'videos' if videos == count else 'photos'}."
    return f"{account.title} shared a link." if facebook.shared_link(text) else ""


# -- what became of posts


def told_wordings(entry: Entry, at: datetime) -> list[Wording]:
    """Return what the history of edits tells by a moment: the first words and the told changes, or nothing."""
    first, *later = [one for one in entry.wordings if one.at <= at]
    told = [one for one in later if one.told]
    return [first, *told] if told else []


def _history(
    name: str, entries: Iterable[Entry], at: datetime, more: tuple[str, ...] = ()
) -> Iterator[tuple[str, Pieces]]:
    """Yield the history of edits, if there is any: every saved wording a record, tied together by ``fbid``."""
    saved = [(one, wording) for one in entries for wording in told_wordings(one, at)]
    records = [
        {
            "timestamp": unix(wording.at),
            "media": [],
            "label_values": [{"label": "Text", "value": wording.text}, *({"label": label} for label in more)],
            "fbid": facebook.number(entry),
        }
        for entry, wording in saved
    ]
    if records:
        yield name, listed(records)


def in_trash(account: Account, at: datetime) -> Iterator[Entry]:
    """Yield the posts that lie in the account's trash at a moment."""
    for one in account.entries:
        if one.kind == "post" and one.author is None and one.at <= at and _is_kept(one.absence(at), at):
            yield one


def _is_kept(absence: Absence | None, at: datetime) -> bool:
    if absence is None or not absence.trashed:
        return False
    by_city = absence.how == "deleted" and absence.by == "city"
    return by_city and at - absence.since <= timedelta(days=TRASH_DAYS)


def _trash(account: Account, trashed: list[Entry], at: datetime) -> Pieces:
    """Return the trash: one record is an object, a few are one object with all their labels, more are a list."""
    records = [_trashed(account, one, at) for one in trashed]
    if len(records) in FLATTENED:
        return [ascii_json({**records[0], "label_values": [value for one in records for value in one["label_values"]]})]
    return listed(records) if len(records) > 1 else [ascii_json(records[0])]


def _trashed(account: Account, entry: Entry, at: datetime) -> Json:
    text, absence = entry.wording(at).text, entry.absence(at)
    address = f"{facebook.PAGE_URL}/{account.handle}/posts/{facebook.public_number(entry.id)}"
    values: list[Json] = [{"label": "URL", "value": address, "href": address}, {"label": "Message", "value": text}]
    if absence:
        values.append({"label": "Modified time", "timestamp_value": unix(absence.since)})
    if entry.media:
        values.append(
            {"label": "Media", "media": [facebook_media.described(account, entry, one, text) for one in entry.media]}
        )
    return {"media": [], "label_values": values, "fbid": facebook.number(entry)}


# -- comments and reactions


def _talk(account: Account, comments: list[Entry], at: datetime, a_file: int) -> Iterator[tuple[str, Pieces]]:
    """Yield the account's own comments and reactions; whom they answer is told by Facebook's sentence alone."""
    entries = {one.id: one for one in account.entries}
    folder = f"{ACTIVITY}/comments_and_reactions"
    yield f"{folder}/comments.json", keyed("comments_v2", (_comment(account, one, entries, at) for one in comments))
    yield from _history(f"{folder}/your_comment_edits.json", comments, at, ("Caption", "Content state"))
    reactions = sorted((one for one in account.reactions if one.at <= at), key=lambda one: one.at, reverse=True)
    yield from _series(f"{folder}/likes_and_reactions", (_reaction(account, one, entries) for one in reactions), a_file)


def _comment(account: Account, entry: Entry, entries: dict[str, Entry], at: datetime) -> Json:
    text, parent = entry.wording(at).text, entries.get(entry.parent)
    said = {"timestamp": unix(entry.at), "comment": text, "author": account.title}
    found: Json = {"timestamp": unix(entry.at), "data": [{"comment": said}]}
    if attached := facebook_media.attached(account, entry, text):
        found["attachments"] = [{"data": attached}]
    verb = "replied to" if parent and parent.kind == "comment" else "commented on"
    return found | {"title": f"{account.title} {verb} {_whose(parent)}."}


def _reaction(account: Account, one: Reaction, entries: dict[str, Entry]) -> Json:
    reaction = {"reaction": one.how, "actor": account.title}
    title = f"{account.title} {'liked' if one.how == 'LIKE' else 'reacted to'} {_whose(entries.get(one.entry))}."
    return {"timestamp": unix(one.at), "data": [{"reaction": reaction}], "title": title}


def _whose(entry: Entry | None) -> str:
    if entry is None:
        return "a post"
    return f"{entry.author.name}'s {entry.kind}" if entry.author else f"its own {entry.kind}"
