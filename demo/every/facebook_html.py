"""A Page's export in HTML: the posts, comments, messages and followers of its JSON, and less that a machine can use.

The interface is in Spanish, as whoever asks for it at the library has set it. Pages say that pictures are in a folder
which is not the one they lie in, as Facebook's do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from demo import facebook, facebook_export, facebook_media, meta_html, pictures, zips
from demo.facebook import ACTIVITY
from demo.facebook_account import NEVER_TAKEN_IN
from demo.meta_html import SPANISH, block, page, said
from demo.meta_json import Pieces
from demo.schedule import ANY_KIND, Format
from demo.shown import Item, messages
from demo.world import Account, Entry

NAMED_FOLDER = "your_activity_across_facebook"
"""Where the pages say that pictures are."""


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the zip."""
    folder = facebook_export.wrapper(account, at)
    zips.write(path, ((f"{folder}/{name}", pieces) for name, pieces in _files(account, at)))


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """The Page's own posts and comments, messages, the names of followers; its profile is on a page of no records."""
    for one in account.standing(at):
        if one.author is None:
            yield Item(kind=one.kind, id=one.id, says=one.wording(at).text)
    yield from messages(account, at)
    names: Counter[str] = Counter()
    for member in account.subscriptions:
        if member.stands(at):
            names[member.person.name] += 1
            who = f"{member.person.name}#{names[member.person.name]}"
            yield Item(kind="subscriber", id=who, says=member.person.name, list_name=member.list_name)


FORMAT = Format("facebook-html", write, show, ANY_KIND, declared=True)


def _files(account: Account, at: datetime) -> Iterator[tuple[str, Pieces]]:
    """Yield name and content of each page, and the pictures."""
    own = [one for one in account.standing(at) if one.author is None]
    posts, comments = facebook.newest(own, "post"), facebook.newest(own, "comment")
    entries = {one.id: one for one in account.entries}
    followers = (block(one.person.name, []) for one in account.subscriptions if one.stands(at))
    about = meta_html.table([("Nombre", account.title), ("Nombre de usuario", account.handle)])
    sign_in = meta_html.table([("Dirección IP", "198.51.100.1"), ("Navegador", NEVER_TAKEN_IN)])
    for place, title, blocks in (
        (f"{ACTIVITY}/posts/profile_posts_1", "Publicaciones", (_post(account, one, at) for one in posts)),
        (
            f"{ACTIVITY}/comments_and_reactions/comments",
            "Comentarios",
            (_comment(account, one, entries, at) for one in comments),
        ),
        ("connections/followers/people_who_followed_you", "Seguidores", followers),
        ("profile_information/profile_information/profile_information", "Perfil", iter([block("", [about])])),
        ("security_and_login_information/logins_and_logouts", "Conexiones", iter([block("", [sign_in])])),
        ("start_here", "Tu información", iter(())),
    ):
        yield f"{place}.html", page(SPANISH, title, account.title, at, blocks)
    for conversation in account.conversations:
        yield from meta_html.messages(f"{ACTIVITY}/messages", SPANISH, account, conversation, at, 5000)
    for entry in posts:
        for media in entry.media:
            yield facebook_media.path(account, entry, media), [pictures.of(media)]


def _foot(at: datetime) -> str:
    date = SPANISH.written(SPANISH.date, at)
    return f'<a href="https://www.facebook.com/dyi/l/?l=AQ" target="_blank"><div class="_a72d">{date}</div></a>'


def _post(account: Account, one: Entry, at: datetime) -> str:
    """Return a post: Facebook's sentence, the words, the pictures with their descriptions, or the words once more."""
    text = one.wording(at).text
    body = [f'<div class="_2pin"><div>{said(text)}</div></div>'] if text else []
    for media in one.media:
        place = facebook_media.path(account, one, media).replace(ACTIVITY, NAMED_FOLDER, 1)
        sent = meta_html.table([("Dirección IP de carga", "203.0.113.9")])
        shown = meta_html.picture(place, f'<div class="_3-95">{said(media.alt or text)}</div>{sent}')
        body.append(f'<div class="_2pin"><div>{shown}</div></div>')
    if not one.media and (link := facebook.shared_link(text)):
        body.append(f'<div class="_2pin"><div><a target="_blank" href="{link}">{link}</a></div></div>')
    return block(_sentence(account, one, text), body, _foot(one.at))


def _sentence(account: Account, one: Entry, text: str) -> str:
    if one.media:
        return f"{account.title} agregó {'una foto nueva' if len(one.media) == 1 else 'fotos nuevas'}."
    return f"{account.title} compartió un enlace." if facebook.shared_link(text) else ""


def _comment(account: Account, one: Entry, entries: dict[str, Entry], at: datetime) -> str:
    parent = entries.get(one.parent)
    whose = f" de {parent.author.name}" if parent and parent.author else ""
    on = f"respondió al comentario{whose}" if parent and parent.kind == "comment" else "comentó una publicación"
    words = f'<div class="_2pin"><div>{said(one.wording(at).text)}</div></div>'
    return block(f"{account.title} {on}.", [words], _foot(one.at))
