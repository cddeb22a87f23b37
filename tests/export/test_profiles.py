"""What each package holds, and that its first page names that and nothing else."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import msgspec
import pytest

from export.bundle.build import Built, build
from export.bundle.letter_parts import Part, parts
from export.bundle.load_file import FIELDS
from export.bundle.profiles import FORMS, Profile, forms
from export.bundle.rolling import note
from export.released import Approval, Changed, Production
from productions import attachment, record, staged


@pytest.fixture
def production(tmp_path: Path) -> Production:
    picture = b"\xff\xd8 picture"
    records = [
        record(1, attachments=(attachment("pool.jpg", "media/pool.jpg", picture),), native_path="natives/000001.json"),
        record(2, kind="email", rebuilt_path="rebuilt/000002.eml"),
    ]
    files = {"media/pool.jpg": picture, "natives/000001.json": b"{}", "rebuilt/000002.eml": b"From: x"}
    made = staged(tmp_path / "staging", records, files)
    return msgspec.structs.replace(
        made, letter="Dear <Grace>,\nHere they are.\n\n\nYours", custodian="The City Clerk-Treasurer"
    )


def names(built: Built) -> set[str]:
    return {path.relative_to(built.bag).as_posix() for path in built.bag.rglob("*") if path.is_file()}


def html(built: Built, name: str) -> str:
    return (built.bag / name).read_text(encoding="utf-8")


SIMPLE = {
    "data/letter.html", "data/exemption-log.html", "data/media/pool.jpg", "data/letter.pdf", "data/exemption-log.pdf",
    "data/pdf/MILBROOK-2026-0001-000001-MILBROOK-2026-0001-000002.pdf",
}  # fmt: skip
LOAD = {
    "data/load/load.dat", "data/load/load.opt", "data/load/text/MILBROOK-2026-0001-000001.txt",
    "data/load/text/MILBROOK-2026-0001-000002.txt",
}  # fmt: skip


def test_each_profile_holds_more_than_the_one_before(production: Production, tmp_path: Path) -> None:
    built = {one: build(production, tmp_path / "out", profile=one) for one in Profile}
    simple, full, litigation = (names(one) for one in built.values())
    assert {name for name in simple if name.startswith("data/")} == SIMPLE
    assert simple < full < litigation
    assert litigation - full == LOAD
    for name in ("records.xlsx", "records.jsonl", "exemption-log.csv", "certificate.html", "index.html"):
        assert f"data/{name}" in full
    assert {"data/natives/000001.json", "data/rebuilt/000002.eml"} <= full


def test_packages_of_several_profiles_stand_beside_each_other(production: Production, tmp_path: Path) -> None:
    built = [build(production, tmp_path / "out", profile=one).bag.name for one in Profile]
    assert built == [
        "request-2026-0001-draft-1-simple",
        "request-2026-0001-draft-1",
        "request-2026-0001-draft-1-litigation",
    ]


@pytest.mark.parametrize("profile", Profile)
def test_the_first_page_names_what_is_there_and_nothing_else(
    profile: Profile, production: Production, tmp_path: Path
) -> None:
    built = build(production, tmp_path / "out", profile=profile)
    page = html(built, "START-HERE.html")
    present = names(built)
    assert set(re.findall(r'href="([^"]+)"', page)) <= present
    rows = re.findall(r"<tr><td>(.*?)</td><td>", page.partition('<table class="files">')[2].partition("</table>")[0])
    named = {f"data/{unescape(re.sub('<[^>]+>', '', name))}" for row in rows for name in row.split("<br>")}
    for name in present:
        if name.startswith("data/"):
            assert any(name == one or name.startswith((f"{one}/", "data/viewer/")) for one in named), name
    for one in named:
        assert one in present or any(name.startswith(f"{one}/") for name in present), one
    for name in present:
        if name.endswith(".html") and name != "data/index.html":
            targets = set(re.findall(r'href="([^"#]+)"', html(built, name)))
            assert all((built.bag / name).parent.joinpath(target).exists() for target in targets), name


def test_every_file_of_a_package_is_documented(production: Production, tmp_path: Path) -> None:
    built = build(production, tmp_path / "out", profile=Profile.LITIGATION)
    docs = (Path(__file__).parents[2] / "docs" / "bundle.md").read_text(encoding="utf-8")
    for name in names(built):
        folder = re.match(r"data/\w+/", name)
        if folder is None and name.endswith((".xlsx", ".csv")):
            assert re.search(re.escape(name.rpartition(".")[0]) + r"\.\w+`.*`\.xlsx`", docs), name
        else:
            assert f"`{folder[0] if folder else name}`" in docs or name == "bagit.txt", name
    for field in FIELDS:
        assert re.search(rf"\b{field}\b", docs), field


def test_every_form_belongs_to_a_profile_and_all_to_litigation() -> None:
    assert forms(Profile.LITIGATION) == tuple(writer for writer, _ in FORMS)
    assert all(profiles for _, profiles in FORMS)


def test_the_bag_names_its_profile_and_a_draft(production: Production, tmp_path: Path) -> None:
    draft = html(build(production, tmp_path / "out", profile=Profile.SIMPLE), "bag-info.txt")
    assert "Package-Profile: simple\n" in draft
    assert f"Draft: {production.watermark}\n" in draft
    approved = html(build(msgspec.structs.replace(production, draft=False), tmp_path / "out"), "bag-info.txt")
    assert "Draft" not in approved


def test_every_page_and_every_line_of_a_draft_says_so(production: Production, tmp_path: Path) -> None:
    built = build(production, tmp_path / "out")
    for name in names(built):
        if name.endswith(".html") and name != "data/index.html":
            assert production.watermark in html(built, name), name
    for line in html(built, "data/records.jsonl").splitlines():
        assert json.loads(line)["draft"] == production.watermark
    approved = build(msgspec.structs.replace(production, draft=False), tmp_path / "out")
    for name in names(approved):
        if name.endswith((".html", ".jsonl", ".csv")) and name != "data/index.html":
            assert "draft" not in html(approved, name).partition("</style>")[2].lower(), name
    assert "draft" not in html(approved, "data/records.jsonl")


def test_the_letter_stands_as_it_was_written_and_is_left_out_where_there_is_none(
    production: Production, tmp_path: Path
) -> None:
    letter = "Granted\n=======\n\na\nb\n\n \nWhy\n---\n\n- c\n  d\n- e\n"
    assert parts(letter) == [
        Part("title", ("Granted",)), Part("paragraph", ("a b",)), Part("heading", ("Why",)),
        Part("list", ("c d", "e")),
    ]  # fmt: skip
    page = html(build(production, tmp_path / "out"), "data/letter.html")
    assert "<p>Dear &lt;Grace&gt;, Here they are.</p>" in page
    without = build(msgspec.structs.replace(production, letter=" \n"), tmp_path / "out")
    assert "data/letter.html" not in names(without)
    assert "letter.html" not in html(without, "START-HERE.html")


def test_the_certificate_tells_who_answers_for_what(production: Production, tmp_path: Path) -> None:
    page = html(build(production, tmp_path / "out"), "data/certificate.html")
    assert "nobody yet: this is a draft" in page
    assert "What rests on this certificate alone" not in page
    approved = msgspec.structs.replace(
        production, draft=False, approval=Approval(by="Ada Byron", role="City Attorney", at="2026-04-03 09:10")
    )
    page = html(build(approved, tmp_path / "out"), "data/certificate.html")
    for said in (
        "The City Clerk-Treasurer", "Ada Byron, City Attorney, on 2026-04-03 09:10", production.checkpoint,
        "pool OR piscina", "City of Milbrook on X", "2026-04-02", "Released whole",
    ):  # fmt: skip
        assert said in page


def test_a_later_production_says_what_is_new_and_what_changed(production: Production, tmp_path: Path) -> None:
    assert note(production) is None
    changed = Changed(bates="MILBROOK-2026-0001-000002", before="withheld", now="released")
    later = msgspec.structs.replace(production, new=(7, 1, 2, 3, 9), changed=(changed,))
    built = build(later, tmp_path / "out")
    for name in ("START-HERE.html", "data/certificate.html"):
        page = re.sub(r"\s+", " ", html(built, name))
        assert "5 records are new. Their numbers end in 000001 to 000003, 000007, 000009." in page
        assert "MILBROOK-2026-0001-000002</td><td>withheld</td><td>released</td>" in page


def test_what_was_never_archived_or_is_lawfully_gone_is_told_first(production: Production, tmp_path: Path) -> None:
    told = msgspec.structs.replace(
        production, left_out=("<Bodycams>: the Police answer",), disposed=("14 stories of 2019",)
    )
    page = html(build(told, tmp_path / "out"), "START-HERE.html")
    assert "&lt;Bodycams&gt;: the Police answer" in page
    assert "14 stories of 2019" in page
