"""Typst: a template of ours and data in, a PDF/A-2a that is PDF/UA-1 too out; the same bytes every time.

Values reach the template as a JSON file. A character that no font of the machine has would end the run, so typst is
asked first, with a page of all characters that occur; what it cannot draw is replaced in the data and given back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec
import typst
from msgspec import Struct

from export.bundle.pdf.characters import NO_FONT

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

FAMILIES = (
    "Noto Sans", "Liberation Sans", "DejaVu Sans", "Libertinus Serif", "Noto Sans Arabic", "Noto Sans Hebrew",
    "Noto Sans Thai", "Noto Sans Lao", "Noto Sans Devanagari", "Noto Sans CJK SC", "Noto Sans CJK JP",
    "Noto Sans CJK KR", "Noto Sans Pahawh Hmong", "Noto Serif Nyiakeng Puachue Hmong", "Noto Color Emoji",
)  # fmt: skip
"""Families in the order in which they are tried, of Debian's packages fonts-noto-core, -cjk and -color-emoji. Where
none is installed typst has Libertinus Serif in itself; where none of these has a character, any other font may."""

ROUNDS = 5
"""How often a page is set again without what could not be drawn: letters may be drawn alone and not together."""

_NOT_DRAWN = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))", re.DOTALL)


class Sheet(Struct, frozen=True, kw_only=True):
    """What is to be set: a template's name, its data as JSON text, the moment that it is dated."""

    template: str
    data: str
    moment: datetime
    inputs: dict[str, str] = {}


class Typeset(Struct, frozen=True):
    """A PDF, and the characters (or clusters of them) that no font could draw, in order."""

    pdf: bytes
    without_font: tuple[str, ...]


class NotTypesetError(Exception):
    """Typst refused a template of ours: a bug."""


def typeset(sheet: Sheet, folder: Path) -> Typeset:
    """Set a sheet in a folder that holds the pictures its data names."""
    _lay_out_templates(folder)
    missing = _not_drawn(sheet.data, folder)
    for _ in range(ROUNDS):
        try:
            return Typeset(_compiled(sheet, missing, folder), tuple(sorted(filter(_is_seen, missing))))
        except typst.TypstError as refused:
            found = _named(refused) - missing
            if not found:
                raise NotTypesetError(f"{sheet.template}: {refused.message}") from refused
            missing |= found
    raise NotTypesetError(f"{sheet.template}: new characters without a font after {ROUNDS} rounds")


@cache
def fonts() -> typst.Fonts:
    """Return the fonts of this machine, looked for once in a process."""
    return typst.Fonts()


def _lay_out_templates(folder: Path) -> None:
    for one in (files("export") / "templates").iterdir():
        if one.name.endswith(".typ"):
            (folder / one.name).write_text(one.read_text(encoding="utf-8"), encoding="utf-8")


def _not_drawn(data: str, folder: Path) -> set[str]:
    """Return the characters of a text that no font has."""
    letters = sorted({letter for letter in data if letter > "\x7f"})
    probe = Sheet(template="probe.typ", data=msgspec.json.encode(letters).decode(), moment=datetime.fromtimestamp(0))
    try:
        _compiled(probe, (), folder)
    except typst.TypstError as refused:
        return _named(refused) & set(letters)
    return set()


def _compiled(sheet: Sheet, missing: Iterable[str], folder: Path) -> bytes:
    (folder / "data.json").write_text(_without(sheet.data, missing), encoding="utf-8")
    present = set(fonts().families())
    named = sorted({f"U+{ord(letter):04X}" for cluster in missing if _is_seen(cluster) for letter in cluster})
    return typst.compile(
        folder / sheet.template,
        root=folder,
        font_paths=fonts(),
        pdf_standards=STANDARDS,
        timestamp=int(sheet.moment.timestamp()),
        sys_inputs={
            **sheet.inputs,
            "fonts": msgspec.json.encode([one for one in FAMILIES if one in present]).decode(),
            "missing": ", ".join(named),
        },
    )


def _without(data: str, missing: Iterable[str]) -> str:
    """Return the data with what cannot be drawn replaced, clusters before single characters."""
    shown = {cluster: NO_FONT if _is_seen(cluster) else "" for cluster in missing}
    for cluster in sorted((one for one in shown if len(one) > 1), key=lambda one: (-len(one), one)):
        data = data.replace(cluster, shown[cluster])
    return data.translate({ord(one): stands for one, stands in shown.items() if len(one) == 1})


def _named(refused: typst.TypstError) -> set[str]:
    """Return the texts that typst says it could not draw; plain letters among them only lacked a font together with
    a mark that is named too."""
    found = {_ESCAPED.sub(_unescaped, one) for one in _NOT_DRAWN.findall(refused.diagnostic)}
    return {one for one in found if not one.isascii()}


def _is_seen(cluster: str) -> bool:
    """Return whether anything is lost to the eye without it: joiners and selectors draw nothing themselves."""
    return any(unicodedata.category(letter) != "Cf" and not "\ufe00" <= letter <= "\ufe0f" for letter in cluster)


def _unescaped(escape: re.Match[str]) -> str:
    code, letter = escape.groups()
    return chr(int(code, 16)) if code else {"n": "\n", "r": "\r", "t": "\t"}.get(letter, letter)
