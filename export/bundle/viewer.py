"""The viewer: one page that opens by double click, needs no server, and shows and searches everything.

Records are data in classic scripts, since pages opened from disk may load nothing else; the page puts
them in as text, never as markup.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from typing import Any

import msgspec

from export.bundle.bag import Bag
from export.bundle.captions import captions_of
from export.bundle.pages import asset, page
from export.bundle.writer import BundleWriter
from export.released import Production, ReleasedRecord, WithheldRecord

CHUNK = 1000
"""Records in one script."""

SCRIPTS = (
    "viewer_text.js", "viewer_diff.js", "viewer_media.js", "viewer_card.js", "viewer_edit.js", "viewer_timeline.js",
    "viewer_thread.js", "viewer_choice.js", "viewer.js",
)  # fmt: skip
"""They stand in the page itself, so that it can say what is wrong where nothing beside it can be read."""

KEYS = (
    "number", "bates", "record", "version", "account", "account_title", "platform", "kind", "state", "state_note",
    "standing", "created_at", "local_time", "author", "handle", "author_id", "by_account", "title", "text", "parent",
    "parent_number", "conversation", "url", "audience", "recipients", "list_name", "links", "tags", "mentions",
    "details", "captured_at", "accession", "native_path", "rebuilt_path", "digest", "joined", "left", "decision",
    "context", "redactions", "resting",
)  # fmt: skip

PLAIN = {"decision": "released", "audience": "public", "standing": "current"}
"""Values that most records have; the page takes them for granted."""

FIRST_SCRIPT = "var RECORDS = [];"


class Viewer(BundleWriter):
    """``index.html`` and the scripts under ``viewer/``."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write the scripts, then the page that names them."""
        scripts: list[str] = []
        count = 0
        found = _in_order(production)
        while chunk := list(islice(found, CHUNK)):
            name = f"viewer/records-{len(scripts) + 1:04}.js"
            with bag.open(f"data/{name}") as file:
                file.write(b"RECORDS.push(\n")
                file.writelines(_script_lines(production, chunk))
                file.write(b");\n")
            scripts.append(name)
            count += len(chunk)
        bag.write("data/index.html", _page(production, scripts, count))


def _page(production: Production, scripts: list[str], count: int) -> str:
    script = "".join(asset(name) for name in SCRIPTS)
    styles = asset("pages.css") + asset("viewer.css")
    return page(
        "viewer.html",
        production=production,
        scripts=scripts,
        count=count,
        script=script,
        styles=styles,
        script_hash=csp_hash(script),
        first_hash=csp_hash(FIRST_SCRIPT),
        style_hash=csp_hash(styles),
    )


def _in_order(production: Production) -> Iterator[ReleasedRecord | WithheldRecord]:
    """Yield what goes out, and what stays in where its placeholder stands: by creation, undated ones last."""
    return merge(production.records(), production.withheld(), key=lambda one: (one.created_at or "9", one.number))


def _script_lines(production: Production, chunk: Iterable[ReleasedRecord | WithheldRecord]) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for record in chunk:
        shown = _withheld(record) if isinstance(record, WithheldRecord) else _released(production, record)
        yield _harmless(encode(shown)) + b",\n"


def _withheld(record: WithheldRecord) -> dict[str, Any]:
    named = {key: value for key, value in msgspec.structs.asdict(record).items() if value and key != "ground"}
    return named | {"withheld": record.ground}


def _released(production: Production, record: ReleasedRecord) -> dict[str, Any]:
    named = {key: value for key in KEYS if (value := getattr(record, key)) and PLAIN.get(key) != value}
    if record.recipients:
        named["recipients"] = record.first_recipients
    if record.attachments:
        named["attachments"] = [
            {key: value for key, value in msgspec.structs.asdict(one).items() if value and key != "sha256"}
            | ({"captions": spoken} if (spoken := captions_of(production, one, record.attachments)) else {})
            for one in record.attachments
        ]
    return named


def _harmless(json: bytes) -> bytes:
    """Return JSON that can stand in a script: no markup, no line ends that JavaScript sees."""
    return (
        json.replace(b"<", b"\\u003c")
        .replace(b">", b"\\u003e")
        .replace(b"&", b"\\u0026")
        .replace("\u2028".encode(), b"\\u2028")
        .replace("\u2029".encode(), b"\\u2029")
    )


def csp_hash(script: str) -> str:
    """Return how a page's policy names a script or style that it allows."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
