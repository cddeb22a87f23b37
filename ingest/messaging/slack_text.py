"""Slack's own markup made readable: ``<@U…>``, ``<#C…|name>``, ``<!here>``, ``<url|text>``, ``&amp;``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ingest.messaging.conversations import objects

_MARK = re.compile(r"<([^<>]*)>")
_DEEPEST = 20
"""Levels of blocks within blocks that are looked into."""


def readable(text: str, person: Callable[[str], str], channel: Callable[[str], str]) -> tuple[str, tuple[str, ...]]:
    """Return a text as its reader saw it, and the addresses it links to.

    ``person`` and ``channel`` give the handle or name of an id. A person is shown by the handle, which a new
    display name does not change.
    """
    links: list[str] = []

    def shown(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        sign, rest = target[:1], target[1:]
        if sign == "@":
            return f"@{person(rest) or label or rest}"
        if sign == "#":
            return f"#{label or channel(rest) or rest}"
        if sign == "!":
            return _announced(rest, label)
        if not re.match(r"[a-z][a-z0-9+.-]*:", target, re.IGNORECASE):
            return match[0]
        address = unescaped(target)
        links.append(address)
        bare = address.removeprefix("mailto:").removeprefix("tel:")
        named = unescaped(label)
        return f"{named} ({bare})" if named and named not in (bare, address) else bare

    replaced = _MARK.sub(shown, text) if "<" in text else text
    return unescaped(replaced), tuple(dict.fromkeys(links))


def _announced(command: str, label: str) -> str:
    """Return what ``<!here>``, ``<!subteam^S…|@name>`` and ``<!date^…|words>`` show."""
    if label:
        return label
    return "@" + command.partition("^")[2] if command.startswith("subteam^") else "@" + command.partition("^")[0]


def unescaped(text: str) -> str:
    """Return a text with the three signs that Slack escapes."""
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mentioned(text: str) -> tuple[str, ...]:
    """Return the ids of the people whom a text addresses."""
    return tuple(dict.fromkeys(re.findall(r"<@([UW][A-Z0-9]+)", text))) if "<@" in text else ()


def words_of_attachments(item: Mapping[str, Any]) -> str:
    """Return what an app's message says in its attachments; previews of links are Slack's doing and left out."""
    lines: list[str] = []
    for one in objects(item.get("attachments")):
        if one.get("from_url") or one.get("original_url") or one.get("is_msg_unfurl"):
            continue
        said = [str(one[key]) for key in ("pretext", "title", "text") if one.get(key)]
        for field in objects(one.get("fields")):
            said.append(": ".join(str(field[key]) for key in ("title", "value") if field.get(key)))
        lines.extend(said or ([str(one["fallback"])] if one.get("fallback") else []))
    return "\n".join(lines)


def words_of_blocks(item: Mapping[str, Any]) -> str:
    """Return what stands in a message's blocks, for messages whose text is empty."""
    return "\n".join(filter(None, ("".join(_leaves(one, 0)) for one in objects(item.get("blocks")))))


def _leaves(value: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one, depth + 1)
    elif isinstance(value, dict):
        yield from _leaf(value)
        for key in ("text", "elements", "fields", "title"):
            if isinstance(value.get(key), dict | list):
                yield from _leaves(value[key], depth + 1)


def _leaf(value: Mapping[str, Any]) -> Iterator[str]:
    sort = value.get("type")
    if isinstance(value.get("text"), str):
        yield value["text"]
    elif sort == "user" and value.get("user_id"):
        yield f"<@{value['user_id']}>"
    elif sort == "link" and value.get("url"):
        yield f"<{value['url']}>"
    elif sort == "emoji" and value.get("name"):
        yield f":{value['name']}:"
