"""The viewer: one page that opens by double click, needs no server, and shows and searches everything.

Records are data in classic scripts, since pages opened from disk may load nothing else; the page puts
them in as text, never as markup.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from itertools import islice

import msgspec

from export.bundle.bag import Bag
from export.bundle.pages import asset, page
from export.bundle.writer import BundleWriter
from export.released import Production, ReleasedRecord

CHUNK = 1000
"""Records in one script."""

KEYS = (
    "number", "record", "version", "account", "account_title", "platform", "kind", "state", "state_note",
    "standing", "created_at", "local_time", "author", "handle", "author_id", "by_account", "title", "text",
    "parent_number", "conversation", "url", "audience", "recipients", "list_name", "links", "details", "captured_at",
    "accession", "native_path", "digest",
)  # fmt: skip


class Viewer(BundleWriter):
    """``index.html`` and the scripts under ``viewer/``."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write the scripts, then the page that names them."""
        scripts: list[str] = []
        records = production.records()
        while chunk := list(islice(records, CHUNK)):
            name = f"viewer/records-{len(scripts) + 1:04}.js"
            with bag.open(f"data/{name}") as file:
                file.write(b"RECORDS.push(\n")
                file.writelines(_script_lines(chunk))
                file.write(b");\n")
            scripts.append(name)
        script = asset("viewer.js")
        bag.write(
            "data/index.html",
            page(
                "viewer.html",
                production=production,
                scripts=scripts,
                script=script,
                script_hash=_csp_hash(script),
                first_hash=_csp_hash("var RECORDS = [];"),
            ),
        )


def _script_lines(chunk: list[ReleasedRecord]) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for record in chunk:
        named = {key: value for key in KEYS if (value := getattr(record, key))}
        if record.recipients:
            named["recipients"] = record.first_recipients
        if record.attachments:
            named["attachments"] = [
                {key: value for key, value in msgspec.structs.asdict(one).items() if value and key != "sha256"}
                for one in record.attachments
            ]
        yield _harmless(encode(named)) + b",\n"


def _harmless(json: bytes) -> bytes:
    """Return JSON that can stand in a script: no markup, no line ends that JavaScript sees."""
    return (
        json.replace(b"<", b"\\u003c")
        .replace(b">", b"\\u003e")
        .replace(b"&", b"\\u0026")
        .replace("\u2028".encode(), b"\\u2028")
        .replace("\u2029".encode(), b"\\u2029")
    )


def _csp_hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
