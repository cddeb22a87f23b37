"""What the HTML exports of Facebook and Instagram have in common: their pages, their dates, and whose they are."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from archive.matching import PLATFORM_SAYS
from archive.records import Audience, Author, Kind, Recipient
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading
from ingest.localised_dates import Dates, looks_like_date
from ingest.platforms.facebook_drafts import Drafting, says, with_text
from ingest.platforms.facebook_media import Media
from ingest.platforms.meta_files import Files, Layout, exported, is_named
from ingest.platforms.meta_html import Block, Page, block, blocks, cut, head_of, is_export, is_too_deep, page

SAMPLED_PAGES, SAMPLED_BLOCKS = 60, 30
"""Of how many pages, and blocks of each, the dates are looked at to learn how they are written."""

MADE_OF = ("facebook.com/dyi/", "l.facebook.com/l.php")
"""Addresses that lead to Facebook's own detours, and nowhere that an author named."""


class Context(Struct, frozen=True):
    """What reading a block needs: who the account is, the export's dates, the page it is on."""

    drafting: Drafting
    dates: Dates
    page: Page
    place: str
    thread: str

    def draft(self, kind: Kind, block: Block, audience: Audience = "public") -> Draft:
        """Return what all items have in common."""
        return Draft(
            kind=kind,
            place=f"{self.place}, block {block.number}",
            native=block.native,
            created=self.dates.read(block.date) if block.date else None,
            author=self.drafting.author,
            audience=audience,
        )


Read = Callable[[Context, Block], Draft | None]


class HtmlIngestor(Ingestor):
    """Reads one platform's export in HTML. ``site`` is how the platform is named in folders and addresses."""

    layout: ClassVar[Layout]
    site: ClassVar[str]
    gaps: ClassVar[tuple[str, ...]]
    readers: ClassVar[Mapping[str, Read]]
    """How a block is read, by the sort of its page, in the order that pages are read in."""

    @abstractmethod
    def account(self, files: Files, backup: Backup) -> Author:
        """Return whose export it is, as far as it tells."""

    def identify(self, backup: Backup) -> Confidence:
        """Recognise pages by name and by what they are made of; a backup that holds JSON too is the other format's."""
        sure = Confidence.NONE
        for member in backup.members():
            if self.layout.sort_of(member):
                return Confidence.NONE
            sort = self.layout.sort_of(member, ".html")
            if sort in self.readers and is_export(head := head_of(member)):
                told = self.site.encode() in head.lower() or self.site in member.path.lower()
                certain = sort != "messages" or told or is_named(backup, self.site)
                sure = max(sure, Confidence.CONTENT if certain else Confidence.NAME)
        return sure

    def coverage(self, backup: Backup) -> Coverage:
        """Go by what the first page says of the export, else by the name of file or folder."""
        files = Files(backup, self.layout, ".html")
        first = next((page(member) for sort in self.readers for member in files.of(sort)), Page())
        named_at, handle = exported(backup, self.site)
        return Coverage(
            exported_at=first.made_at or named_at,
            account_handle=handle,
            since=first.since.date() if first.since else None,
            until=first.until.date() if first.until else None,
            lists=frozenset(sort for sort in ("followers", "friends") if files.of(sort)),
        )

    def read(self, backup: Backup) -> Reading:
        """Yield what the pages hold, one sort after the other."""
        yield from (Gap(what) for what in self.gaps)
        files = Files(backup, self.layout, ".html")
        members = [(sort, member) for sort in self.readers for member in files.of(sort)]
        dates = _learnt([member for _, member in members])
        yield from (Defect("export", remark, quarantined=False) for remark in dates.remarks)
        author = self.account(files, backup)
        named = replace(author, name=author.name or _among_senders(files.of("messages")))
        drafting = Drafting(named, Media(backup))
        for sort, member in members:
            yield from _page(member, self.readers[sort], drafting, dates)
        for member in backup.members():
            if self.layout.is_new(member, ".html") or self.layout.sort_of(member, ".html") not in ("", *self.readers):
                yield Defect(member.path, "a page that this format does not read", quarantined=False)


def _learnt(members: Sequence[Member]) -> Dates:
    """Return how the dates of an export are written, learnt from some of every kind of page."""
    offset: timedelta | None = None
    texts: list[str] = []
    for member in members[:SAMPLED_PAGES]:
        offset = page(member).offset if offset is None else offset
        texts.extend(_dates_of(member))
    return Dates(texts, offset)


def _dates_of(member: Member) -> Iterator[str]:
    try:
        for one in islice(blocks(member), SAMPLED_BLOCKS):
            yield from (text for text in (one.date, *(row.value for row in one.rows)) if looks_like_date(text))
    except OSError:
        return


def _among_senders(members: Sequence[Member]) -> str:
    """Return the account's name: the longest of those who wrote that a page's heading names as whom the export is of.

    Whoever a conversation is named for is somebody else.
    """
    found: set[str] = set()
    for member in members[:SAMPLED_PAGES]:
        told = page(member)
        try:
            senders = {one.title for one in islice(blocks(member), SAMPLED_BLOCKS) if one.title and one.date}
        except OSError:
            continue
        found |= {name for name in senders - {told.title} if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", told.owner)}
    return max(found, key=lambda name: (len(name), name), default="")


def _page(member: Member, read: Read, drafting: Drafting, dates: Dates) -> Reading:
    """Read one page; a block that is no item is told, a page that breaks off too."""
    folders = member.path.split("/")
    context = Context(drafting, dates, page(member), member.path, folders[-2].casefold() if len(folders) > 1 else "")
    undated = 0
    try:
        for number, native in cut(member):
            if is_too_deep(native):
                yield Defect(f"{member.path}, block {number}", "nested deeper than any page of Meta's", native=native)
                continue
            one = block(native, number)
            draft = read(context, one)
            if draft is None:
                continue
            undated += bool(one.date) and (draft.created is None or draft.created.at is None)
            yield draft
    except OSError as error:
        yield Defect(member.path, str(error))
    if undated:
        yield Defect(member.path, f"{undated} dates on this page cannot be read for certain", quarantined=False)


# -- what both platforms write alike


def published(context: Context, block: Block, kind: Kind, audience: Audience, text: str, rest: Sequence[str]) -> Draft:
    """Return a post or story: its words, what else the block says, its pictures."""
    base = with_text(context.draft(kind, block, audience), text)
    more = {f"{PLATFORM_SAYS} / {number}": one for number, one in enumerate(rest, 1)}
    return replace(
        base,
        attachments=tuple(map(context.drafting.media.attachment, block.media)),
        links=links(block),
        details=more,
    )


def links(block: Block) -> tuple[str, ...]:
    """Return where a block's links lead, without the platform's own detours."""
    return tuple(dict.fromkeys(one for one, _ in block.links if not any(detour in one for detour in MADE_OF)))


def message(context: Context, block: Block) -> Draft | None:
    """Return a message of a conversation; a block without a sender or a date is no message."""
    if not (block.title and block.date):
        return None
    author = context.drafting.by(block.title)
    others = (context.page.title if author.is_account else context.drafting.author.name,)
    base = with_text(context.draft("message", block, "private"), "\n".join(block.texts[:1]))
    return replace(
        base,
        author=author,
        thread=context.thread,
        recipients=tuple(Recipient("member", one) for one in others if one),
        attachments=tuple(map(context.drafting.media.attachment, block.media)),
        links=links(block),
        details=says(context.page.title),
    )


def subscriber(context: Context, block: Block, list_name: str, author: Author, url: str = "") -> Draft:
    """Return somebody who follows."""
    return replace(context.draft("subscriber", block), author=author, list_name=list_name, url=url)
