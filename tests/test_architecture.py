"""Who may import whom (docs/design.md, section 4): one direction, no exceptions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("archive", "ingest", "search", "retention_schedules", "export", "demo")
MAY_IMPORT = {
    "archive": set(),
    "ingest": {"archive"},
    "search": {"archive"},
    "retention_schedules": {"archive"},
    "export": {"archive"},
    "demo": {"archive"},
}
ONLY_IN = {
    "whoosh": ("search",),
    "tantivy": ("search",),
    "magic": ("ingest",),
    "selectolax": ("ingest",),
    "jinja2": ("export",),
    "typst": ("export",),
    "pikepdf": ("export",),
    "pypdfium2": ("export", "ingest"),
    "xlsxwriter": ("export",),
    "phonenumbers": ("export",),
}


def modules() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_rooms_import_the_archive_and_not_each_other(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    for name in imported(path):
        top = name.split(".")[0]
        if top in ROOMS and top != room:
            assert top in MAY_IMPORT[room], f"{path} imports {name}"
        if top in ("composition", "cli"):
            assert top == "composition", f"{path} imports {name}"
            assert path.name == "commands.py", f"{path} imports {name}"
        if top == "click":
            assert path.name == "commands.py", f"{path} imports {name}"
        if top in ONLY_IN:
            assert room in ONLY_IN[top], f"{path} imports {name}"


def test_every_module_says_what_it_is() -> None:
    for path in modules():
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_what_writers_run_in_threads_makes_no_decoder_of_its_own() -> None:
    shared = [ROOT / "export/released.py", ROOT / "export/proved.py", *(ROOT / "export/bundle").rglob("*.py")]
    for path in shared:
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                used = {ast.unparse(one) for one in ast.walk(function) if isinstance(one, ast.Attribute)}
                made = used & {"msgspec.json.Decoder", "msgspec.json.decode", "msgspec.convert"}
                assert not made, f"{path}: {function.name}"


def test_the_repository_speaks_of_the_project_alone() -> None:
    unfinished = (r"\bTO" + r"DO\b", "FIX" + "ME", r"\bX" + r"XX\b")
    forbidden = re.compile("|".join(("/wo" + "rk/", r"/ho" + r"me/\w+", *unfinished)))
    for pattern in ("*.py", "*.md", "*.toml", "*.cfg", "*.html", "*.js", "*.css", "Makefile"):
        for path in ROOT.rglob(pattern):
            if not {".venv", ".git", "build"} & set(path.relative_to(ROOT).parts):
                found = forbidden.search(path.read_text(encoding="utf-8"))
                assert found is None, f"{path}: {found.group() if found else ''}"
