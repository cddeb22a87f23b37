"""Instagram's export in HTML: the twin of its JSON, without seconds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import msgspec
from msgspec.structs import replace

from archive.records import Audience, Author, Kind
from ingest.backup import Backup
from ingest.ingestor import Draft
from ingest.localised_dates import looks_like_date
from ingest.platforms.facebook_drafts import with_text
from ingest.platforms.instagram import GAPS
from ingest.platforms.instagram_files import INSTAGRAM
from ingest.platforms.instagram_items import FORM, handle_in, with_handles
from ingest.platforms.instagram_people import PROFILE
from ingest.platforms.instagram_values import known_words
from ingest.platforms.meta_files import Files, exported
from ingest.platforms.meta_html import Block, blocks
from ingest.platforms.meta_html_export import Context, HtmlIngestor, Read, message, published, subscriber


def post(
    context: Context, block: Block, kind: Kind = "post", audience: Audience = "public", form: str = ""
) -> Draft | None:
    """Return a post or story; the heading is its caption."""
    if not (block.date or block.title or block.media):
        return None
    if block.media and all(map(context.drafting.media.was_shown, block.media)):
        return None
    caption, *rest = (block.title, *block.texts) if block.title else (*block.texts, "")
    made = with_handles(published(context, block, kind, audience, caption, [one for one in rest if one]))
    removed = "city" if audience == "removed" else ""
    return replace(made, removed_by=removed, details={**made.details, **({FORM: form} if form else {})})


def comment(context: Context, block: Block) -> Draft | None:
    """Return a comment of the account's own: by the labels where they are known, else by form and order."""
    told = named(block)
    at = next((row.value for row in block.rows if looks_like_date(row.value)), block.date)
    values = [row.value for row in block.rows if row.value and row.value != at]
    words, owner = told.get("comment", ""), told.get("media owner", "")
    if not (words or owner):
        words, owner = (*values, "", "")[:2]
    if not (words or at):
        return None
    base = context.draft("comment", block)
    details = {"under a post of": owner} if owner else {}
    return with_handles(
        replace(with_text(base, words), created=context.dates.read(at) if at else None, details=details)
    )


def named(block: Block) -> Mapping[str, str]:
    """Return a block's rows by what their labels mean; a label that is not known stays as it is."""
    return {known_words().get(row.label.casefold(), row.label): row.value for row in block.rows}


def person(context: Context, block: Block, done: str = "") -> Draft | None:
    """Return a follower, or somebody whom the account has blocked or restricted."""
    address, handle = next(((one, found) for one, _ in block.links if (found := handle_in(one))), ("", ""))
    handle = handle or block.title or next(iter(block.texts), "")
    if not handle:
        return None
    if not done:
        return subscriber(context, block, "followers", Author(handle=handle), address)
    base = context.draft("moderation", block, "private")
    return replace(base, mentions=(handle,), details={"action": done})


def profile(context: Context, block: Block) -> Draft | None:
    """Return the account's profile; its native bytes are the part that is read, as JSON."""
    told = {key: value for key, value in named(block).items() if key in PROFILE and value}
    if "username" not in told:
        return None
    base = replace(
        context.draft("profile", block),
        native=msgspec.json.encode(told),
        native_id="profile",
        title=told.get("name", ""),
        links=(told["website"],) if "website" in told else (),
    )
    return with_handles(with_text(base, told.get("bio", "")))


READERS: Mapping[str, Read] = {
    "profile": profile,
    "posts": post,
    "reels": partial(post, form="reel"),
    "other": post,
    "archived": partial(post, audience="hidden"),
    "deleted": partial(post, audience="removed"),
    "stories": partial(post, kind="story"),
    "profile pictures": partial(post, form="profile picture"),
    "comments": comment,
    "messages": message,
    "followers": person,
    "blocked": partial(person, done="blocked"),
    "restricted": partial(person, done="restricted"),
}
"""How a block is read, by the sort of its page."""


class InstagramHtmlIngestor(HtmlIngestor):
    """Reads HTML exports of Instagram accounts, from 2021 on."""

    name = "instagram-html"
    platform = "instagram"
    version = 1
    layout = INSTAGRAM
    site = "instagram"
    gaps = (*GAPS, "seconds: only the JSON export has them")
    readers = READERS

    def account(self, files: Files, backup: Backup) -> Author:
        """Return the account by its profile, or by the name of file or folder."""
        told: Mapping[str, str] = {}
        for member in files.of("profile"):
            told = next((found for one in blocks(member) if "username" in (found := named(one))), told)
        return Author(told.get("name", ""), told.get("username", "") or exported(backup, self.site)[1], is_account=True)
