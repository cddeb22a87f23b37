"""What Reddit sends an account that asks for its data: its posts, comments and messages, as tables.

What others answered is in none of them. What a community's moderators take down says ``[removed]``; what the account
deleted is gone, and nothing tells of edits.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from demo import tables, zips
from demo.every.small_life import address_name
from demo.schedule import ANY_KIND, Format
from demo.shown import Item, messages
from demo.world import Account, Conversation, Entry, Line

POSTS = ("id", "permalink", "date", "ip", "subreddit", "gildings", "title", "url", "body")
COMMENTS = ("id", "permalink", "date", "ip", "subreddit", "gildings", "link", "parent", "body", "media")
MESSAGES = ("id", "permalink", "thread_id", "date", "ip", "from", "to", "subject", "body")
SITE = "https://www.reddit.com"
SUBREDDIT = "milbrook"
REMOVED = "[removed]"


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the zip."""
    own = [one for one in account.standing(at) if one.author is None]
    lines = [(talk, line) for talk in account.conversations for line in talk.lines if line.at <= at]
    facts = (("account name", account.handle), ("export time", _moment(at)), ("email verified", "True"))
    with zipfile.ZipFile(path, "w") as archive:
        _table(archive, "posts", POSTS, (_post(one, at) for one in own if one.kind == "post"))
        _table(archive, "comments", COMMENTS, (_comment(one, at) for one in own if one.kind == "comment"))
        _table(archive, "messages", MESSAGES, (_message(account, talk, line) for talk, line in lines))
        _table(archive, "statistics", ("statistic", "value"), facts)


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Own posts and comments, those that moderators have taken down without their words; messages."""
    for one in account.standing(at):
        if one.author is None:
            removed = one.absence(at) is not None
            yield Item(
                kind=one.kind, id=one.id, says=_body(one, at), audience="removed" if removed else "there", by="platform"
            )
    yield from messages(account, at)


FORMAT = Format("reddit", write, show, ANY_KIND, declared=True, dated=False)


def number(count: int, begin: int) -> str:
    """Return a number as Reddit writes it, in base 36."""
    count, digits, found = count * 37 + begin, "0123456789abcdefghijklmnopqrstuvwxyz", ""
    while count:
        count, digit = divmod(count, 36)
        found = digits[digit] + found
    return found


def _table(archive: zipfile.ZipFile, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    zips.add(archive, f"{name}.csv", tables.lines(columns, rows))


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")


def _body(one: Entry, at: datetime) -> str:
    return REMOVED if one.absence(at) is not None else one.wording(at).text


def _address(post: str) -> str:
    return f"{SITE}/r/{SUBREDDIT}/comments/{post[3:]}/"


def _post(one: Entry, at: datetime) -> Sequence[str]:
    link = _address(one.id) + re.sub(r"\W+", "_", one.title.lower()).strip("_") + "/"
    return (one.id[3:], link, _moment(one.at), "", SUBREDDIT, "0", one.title, "", _body(one, at))


def _comment(one: Entry, at: datetime) -> Sequence[str]:
    post = _address(one.thread)
    link, parent = f"{post}comment/{one.id[3:]}/", one.parent[3:] if one.parent != one.thread else ""
    return (one.id[3:], link, _moment(one.at), "", SUBREDDIT, "0", post, parent, _body(one, at), "")


def _message(account: Account, talk: Conversation, line: Line) -> Sequence[str]:
    own, other = account.handle, address_name(talk.person)
    sender, to = (own, other) if line.author is None else (other, own)
    first = talk.lines[0].id[3:]
    link = f"{SITE}/message/messages/{line.id[3:]}"
    return (line.id[3:], link, first, _moment(line.at), "", sender, to, "Question", line.text)
