"""Facebook's export of a Page or profile in HTML: the twin of its JSON, without seconds, ids and edits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from msgspec.structs import replace

from archive.records import Audience, Author, Kind
from ingest.backup import Backup
from ingest.ingestor import Draft
from ingest.platforms.facebook import GAPS
from ingest.platforms.facebook_drafts import says, with_text
from ingest.platforms.facebook_files import FACEBOOK
from ingest.platforms.meta_files import Files, exported
from ingest.platforms.meta_html import Block
from ingest.platforms.meta_html_export import Context, HtmlIngestor, Read, links, message, published, subscriber


def post(context: Context, block: Block, kind: Kind = "post", audience: Audience = "public") -> Draft | None:
    """Return a post; the heading is Facebook's own sentence, the first paragraph the account's words."""
    if not (block.date or block.texts or block.media):
        return None
    made = published(context, block, kind, audience, "".join(block.texts[:1]), block.texts[1:])
    return replace(made, details=says(block.title) | dict(made.details))


def by_visitor(context: Context, block: Block) -> Draft | None:
    """Return a post of somebody else on the account's page; who it is only Facebook's sentence tells."""
    made = post(context, block)
    return replace(made, author=Author()) if made is not None else None


def comment(context: Context, block: Block) -> Draft | None:
    """Return a comment of the account's own."""
    if not (block.date and (block.texts or block.media)):
        return None
    base = with_text(context.draft("comment", block), "".join(block.texts[:1]))
    pictures = tuple(map(context.drafting.media.attachment, block.media))
    return replace(base, attachments=pictures, links=links(block), details=says(block.title))


def person(context: Context, block: Block, list_name: str) -> Draft | None:
    """Return a follower or friend: a name, and since when if that is told."""
    name = block.title or next(iter(block.texts), "") or next((text for _, text in block.links), "")
    return subscriber(context, block, list_name, Author(name)) if name else None


READERS: Mapping[str, Read] = {
    "posts": post,
    "group posts": post,
    "visitors' posts": by_visitor,
    "archived": partial(post, audience="hidden"),
    "stories": partial(post, kind="story"),
    "comments": comment,
    "messages": message,
    "followers": partial(person, list_name="followers"),
    "friends": partial(person, list_name="friends"),
}
"""How a block is read, by the sort of its page."""


class FacebookHtmlIngestor(HtmlIngestor):
    """Reads HTML exports of Facebook Pages and profiles, from 2018 on."""

    name = "facebook-html"
    platform = "facebook"
    version = 1
    layout = FACEBOOK
    site = "facebook"
    gaps = (*GAPS, "seconds, the history of edits, and the ids of records: only the JSON export has them")
    readers = READERS

    def account(self, files: Files, backup: Backup) -> Author:
        """Go by the name of file or folder, which has a handle."""
        return Author("", exported(backup, self.site)[1], is_account=True)
