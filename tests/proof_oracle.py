"""A second checker of a package's proofs, by the rules of docs/bundle.md: hashlib, json, and nothing of ours.

The zone is the tests' own; a package names its own on every page.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Value = Any
LISTS = ("recipients", "links", "tags", "mentions", "attachments")
SHOWN_AS = {"author.name": "author", "author.handle": "handle", "author.native_id": "author_id"}

NOT_HELD = "the backup names this file but does not hold it"


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def lines(path: Path) -> list[Value]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.startswith("{")]


def canonical(value: Value) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def tree(node: Value, shown: list[tuple[str, Value]]) -> bytes:
    if isinstance(node, str):
        assert len(node) == 64
        return bytes.fromhex(node)
    if len(node) == 2:
        left = tree(node[0], shown)
        return sha(b"\1", left, tree(node[1], shown))
    name, blind, value = node
    shown.append((name, value))
    return sha(b"\0", b"\1", bytes.fromhex(blind), name.encode(), b"\0", canonical(value))


def climb(node: bytes, index: int, count: int, path: list[str]) -> bytes:
    assert 0 <= index < count
    waiting = [bytes.fromhex(one) for one in path]
    while count > 1:
        if index % 2:
            node = sha(b"\1", waiting.pop(0), node)
        elif index + 1 < count:
            node = sha(b"\1", node, waiting.pop(0))
        index, count = index // 2, (count + 1) // 2
    assert not waiting
    return node


class Oracle:
    """Checks one bag against a checkpoint that somebody was given on paper."""

    def __init__(self, bag: Path, checkpoint: str) -> None:
        self.bag = bag
        self.zone = ZoneInfo("America/Chicago")
        self.rows: dict[int, Value] = {}
        self.faults: list[tuple[str, str]] = []
        self._ledger(checkpoint)

    def _ledger(self, checkpoint: str) -> None:
        head, *others = lines(self.bag / "data" / "proof" / "ledger.js")
        row, digest = self._row(head)
        if f"{row['seq']}:{digest.hex()}" != checkpoint:
            self.faults.append(("ledger", "checkpoint"))
            return
        said = json.loads(row["body"])["ledger"]
        for one in others:
            try:
                row, digest = self._row(one)
                leaf = sha(b"\0", b"\1", b"ledger\0", digest)
                good = climb(leaf, row["seq"] - 1, said["size"], one.get("path", [])).hex() == said["root"]
                assert good
                self.rows[one["seq"]] = row
            except (AssertionError, ValueError, KeyError, IndexError):
                self.faults.append((f"ledger row {one['seq']}", "row"))

    def _row(self, one: Value) -> tuple[Value, bytes]:
        row = json.loads(one["row"])
        digest = sha(b"\1", bytes.fromhex(one["previous"]), one["row"].encode())
        return row, digest if row["seq"] == one["seq"] else b""

    def check(self) -> list[tuple[str, str]]:
        """Return (Bates number, value) of everything that is not as it should be."""
        records = {one["bates"]: one for one in lines(self.bag / "data" / "records.jsonl")}
        for path in sorted((self.bag / "data" / "proof").glob("records-*.js")):
            for proof in lines(path):
                record = records.pop(proof["bates"], None)
                if record is None:
                    self.faults.append((proof["bates"], "not released"))
                    continue
                try:
                    self.faults += [(proof["bates"], name) for name in self._differences(record, proof)]
                except (AssertionError, ValueError, KeyError, IndexError):
                    self.faults.append((proof["bates"], "tree"))
        self.faults += [(bates, "no proof") for bates in records]
        return self.faults

    def _proved(self, proof: Value) -> tuple[list[tuple[str, Value]], str, Value]:
        shown: list[tuple[str, Value]] = []
        digest = tree(proof["tree"], shown)
        row = self.rows[proof["row"]]
        content = json.loads(row["body"])["tables"]["content"]
        leaf = sha(b"\0", b"\1", b"content\0", digest)
        root = climb(leaf, proof["version"] - content["first"], content["count"], proof.get("path", []))
        assert root.hex() == content["root"]
        return shown, digest.hex(), row

    def _differences(self, record: Value, proof: Value) -> Iterator[str]:
        shown, digest, row = self._proved(proof)
        own = flat({key: value for key, value in record.items() if key != "draft"})
        expected = dict(proof["told"])
        expected |= {
            "digest": digest, "version": proof["version"], "number": proof["number"], "bates": proof["bates"],
            "captured_at": moment(row["at"]), "accession": int(row["subject"].removeprefix("accession:")),
        }  # fmt: skip
        files = [value for name, value in shown if name.startswith("attachments.")]
        for other in proof.get("files", []):
            files += [value for name, value in self._proved(other)[0] if name.startswith("attachments.")]
        runs: dict[str, list[tuple[int, int, str]]] = {}
        for name, value in shown:
            part = re.fullmatch(r"(.*)\[(\d+)/(\d+)\]", name, re.DOTALL)
            if part and name not in own:
                runs.setdefault(SHOWN_AS.get(part[1], part[1]), []).append((int(part[2]), int(part[3]), value))
            elif not name.startswith("attachments."):
                expected |= self._says(name, value)
        for name, parts in runs.items():
            if len(parts) == parts[0][1]:
                expected[name] = "".join(text for _, _, text in parts)
            elif joined(parts) != outside(own[name], name, record):
                yield name
        for name in sorted({*own, *expected}):
            if name.startswith("attachments.") and name not in proof["told"]:
                if not any(self._same_file(own.get(name, {}), one) for one in files):
                    yield name
            elif own.get(name) != expected.get(name) and (own.get(name) or expected.get(name)):
                yield name

    def _says(self, name: str, value: Value) -> dict[str, Value]:
        if name == "created":
            return {
                "created_at": moment(value["at"]), "created_raw": value["raw"], "created_precision": value["precision"],
                "local_time": self._local(value),
            }  # fmt: skip
        if name == "edited":
            return {"edited_at": moment(value["at"])}
        if name == "author.is_account":
            return {"by_account": True}
        if name == "native":
            return {"native_sha256": value["sha256"]}
        if name.startswith("recipients."):
            who, where = value["name"], value["address"]
            return {name: f"{value['role']}: {f'{who} <{where}>' if who and where else who or where}"}
        return {SHOWN_AS.get(name, name): value}

    def _local(self, value: Value) -> str:
        if not value["at"]:
            return ""
        local = datetime.fromisoformat(value["at"]).astimezone(self.zone).strftime("%Y-%m-%d %H:%M")
        return local[:10] if value["precision"] == "day" else local

    def _same_file(self, one: Value, value: Value) -> bool:
        same = all(one.get(key, "") == value[key] for key in ("name", "media_type", "size", "sha256", "alt"))
        path = one.get("path", "")
        if not same or one["redacted"] or one["missing"] != ("" if path else NOT_HELD):
            return False
        suffix = path.removeprefix(f"media/{value['sha256'][:32]}").removeprefix(".DRAFT")
        if path and (not value["name"].lower().endswith(suffix) or not re.fullmatch(r"(\.[a-z0-9]{1,5})?", suffix)):
            return False
        held = not path or hashlib.sha256((self.bag / "data" / path).read_bytes()).hexdigest() == value["sha256"]
        return bool(held)


def flat(record: Value) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value in record.items():
        if key in LISTS:
            found.update({f"{key}.{place}": one for place, one in enumerate(value)})
        elif key == "details":
            found.update({f"details.{name}": one for name, one in value.items()})
        else:
            found[key] = value
    return {key: value for key, value in found.items() if value}


def moment(stored: str) -> str:
    return datetime.fromisoformat(stored).isoformat() if stored else ""


def joined(parts: list[tuple[int, int, str]]) -> list[str]:
    """Return runs of neighbouring segments, with "" where what is hidden begins or ends the text."""
    runs = [""] if parts[0][0] else []
    last = None
    for place, _, text in parts:
        if last is not None and place == last + 1:
            runs[-1] += text
        else:
            runs.append(text)
        last = place
    return runs + ([""] if last != parts[0][1] - 1 else [])


def outside(text: str, name: str, record: Value) -> list[str]:
    """Return what of a text is neither a marker nor rests on the certificate, in the same form."""
    spans = [one for key in ("redactions", "resting") for one in record[key]]
    gaps = sorted((one["start"], one["stop"]) for one in spans if one["field"] == name and one["stop"] > one["start"])
    pieces, done = [], 0
    for start, stop in gaps:
        if start > done or start == 0:
            pieces.append(text[done:start])
        done = max(done, stop)
    pieces.append(text[done:])
    return pieces
