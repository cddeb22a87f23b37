"""The load file: ``load.dat``, ``load.opt`` and a text file a record, for the platforms that lawyers review in.

Each attachment is a row of its own, its number the record's with a suffix ("….001"); a record and its attachments are
one family. A withheld record has a row and a text file that say so, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from export.bundle.bag import Bag
from export.bundle.concordance import many, opt_line, windows_path, write_dat
from export.bundle.writer import BundleWriter, Entry
from export.released import Ground, Production, ReleasedAttachment, ReleasedRecord, WithheldRecord

FIELDS = (
    "BEGDOC", "ENDDOC", "BEGATTACH", "ENDATTACH", "PARENT", "REPLYTO", "CONVERSATION", "CUSTODIAN", "DEPARTMENT",
    "ACCOUNT", "PLATFORM", "KIND", "DATE", "TIME", "TIMEZONE", "AUTHOR", "RECIPIENTS", "SUBJECT", "STATE", "DECISION",
    "REDACTED", "WITHHELD", "GROUNDS", "ATTACHMENTS", "FILENAME", "MEDIATYPE", "FILESIZE", "TEXTPATH", "NATIVEPATH",
    "SHA256", "DIGEST", "DRAFT",
)  # fmt: skip

FOLDER = "data/load"


class LoadFile(BundleWriter):
    """``load/``: the records in the formats of litigation support."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write the text files, the DAT and the OPT; natives and media are in the bag already."""
        for record in production.records():
            _write_text(production, bag, _name(record), _text(record))
        for kept in production.withheld():
            _write_text(production, bag, _name(kept), f"Withheld: {_ground(kept.ground)}\n")
        rows = _Rows(production, bag)
        with bag.open(f"{FOLDER}/load.dat") as file:
            write_dat(file, FIELDS, ([row.get(field, "") for field in FIELDS] for row in rows.all()))
        with bag.open(f"{FOLDER}/load.opt") as file:
            for record in production.records():
                for name, one in _attachments(record):
                    if one.path and one.media_type.startswith("image/"):
                        file.write(opt_line(name, production.name, windows_path(one.path)))

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the files' line."""
        says = "The records for a review platform: Concordance load file, Opticon image list, a text file a record"
        return [Entry((f"{FOLDER}/load.dat", f"{FOLDER}/load.opt", f"{FOLDER}/text/"), says)]


class _Rows:
    """The DAT's rows, each a dict of fields; what is missing is empty."""

    def __init__(self, production: Production, bag: Bag) -> None:
        self._production = production
        self._bag = bag
        self._departments = {one.account: one.department for one in production.accounts}

    def all(self) -> Iterator[dict[str, object]]:
        """Yield the rows of all records by Bates number as the staged files have them, withheld ones last."""
        for record in self._production.records():
            yield from self._family(record)
        for kept in self._production.withheld():
            yield self._withheld(kept)

    def _family(self, one: ReleasedRecord) -> Iterator[dict[str, object]]:
        attachments = list(_attachments(one))
        first = _name(one)
        family = {"BEGATTACH": first, "ENDATTACH": attachments[-1][0]} if attachments else {}
        shared = self._placed(one) | family | {"AUTHOR": one.author or one.handle, "DECISION": one.decision}
        native = one.native_path or one.rebuilt_path
        yield shared | {
            "BEGDOC": first, "ENDDOC": first, "REPLYTO": _other(one, one.parent_number),
            "RECIPIENTS": many(one.recipients), "SUBJECT": one.title, "STATE": one.state_note or one.state,
            "REDACTED": _yes(bool(one.redactions)), "GROUNDS": _grounds(one), "ATTACHMENTS": len(attachments),
            "TEXTPATH": _text_path(first), "DIGEST": one.digest, **self._file(native),
        }  # fmt: skip
        for name, each in attachments:
            yield shared | {
                "BEGDOC": name, "ENDDOC": name, "PARENT": first, "KIND": "attachment", "SUBJECT": each.alt,
                "STATE": each.missing, "REDACTED": _yes(each.redacted), "FILENAME": each.name,
                "MEDIATYPE": each.media_type, "FILESIZE": each.size, **self._file(each.path),
            }  # fmt: skip

    def _withheld(self, one: WithheldRecord) -> dict[str, object]:
        name = _name(one)
        return self._placed(one) | {
            "BEGDOC": name, "ENDDOC": name, "REPLYTO": _other(one, one.parent_number), "AUTHOR": one.author,
            "RECIPIENTS": many(one.recipients), "DECISION": "withheld", "REDACTED": "N", "WITHHELD": "Y",
            "GROUNDS": _ground(one.ground), "ATTACHMENTS": one.attachments, "TEXTPATH": _text_path(name),
        }  # fmt: skip

    def _placed(self, one: ReleasedRecord | WithheldRecord) -> dict[str, object]:
        day, _, hour = one.local_time.partition(" ")
        return {
            "CONVERSATION": _other(one, one.conversation), "ACCOUNT": one.account, "PLATFORM": one.platform,
            "CUSTODIAN": self._production.custodian or self._production.archive_name, "KIND": one.kind, "DATE": day,
            "TIME": hour, "TIMEZONE": self._production.timezone if hour else "", "WITHHELD": "N",
            "DEPARTMENT": self._departments.get(one.account, ""), "DRAFT": self._production.watermark,
        }  # fmt: skip

    def _file(self, path: str) -> dict[str, object]:
        if not path:
            return {}
        return {"NATIVEPATH": windows_path(path), "SHA256": self._bag.digest_of(f"data/{path}")}


def _name(one: ReleasedRecord | WithheldRecord) -> str:
    return one.bates or f"{one.number:06}"


def _other(one: ReleasedRecord | WithheldRecord, number: int) -> str:
    """Return the Bates number of another record of the same request, empty for 0."""
    return _name(one).removesuffix(f"{one.number:06}") + f"{number:06}" if number else ""


def _attachments(record: ReleasedRecord) -> Iterator[tuple[str, ReleasedAttachment]]:
    for place, one in enumerate(record.attachments, 1):
        yield f"{_name(record)}.{place:03}", one


def _write_text(production: Production, bag: Bag, name: str, text: str) -> None:
    mark = f"{production.watermark}\n\n" if production.watermark else ""
    bag.write(f"{FOLDER}/text/{name}.txt", mark + text)


def _text_path(name: str) -> str:
    return windows_path(f"load/text/{name}.txt")


def _text(record: ReleasedRecord) -> str:
    return "\n\n".join(part for part in (record.title, record.text) if part) + "\n"


def _grounds(record: ReleasedRecord) -> str:
    return many(dict.fromkeys(_ground(one.ground) for one in record.redactions))


def _ground(ground: Ground) -> str:
    return " – ".join(part for part in (ground.citation or ground.code, ground.title) if part)


def _yes(so: bool) -> str:
    return "Y" if so else "N"
