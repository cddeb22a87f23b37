"""What holds of every format: known by exactly one, read to its end, and never broken by broken bytes."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import MunimentError
from fixtures_of_formats import DATA, fixtures, made, reader
from fixtures_of_formats import files as files_of
from ingest.backup import Backup, EmptyBackup
from ingest.ingestor import Confidence, Defect, Draft, Gap
from ingest.preview import preview
from ingest.reading import guarded_items
from ingest.registry import INGESTORS, UnknownFormat, identify

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
NO_BACKUP = ("*.md", "LICENSE*", "*.txt.license", ".git*", "SOURCE*")
ALONE = ("audio", "files", "photos", "videos", "attachments")
"""Folders of files that belong to a backup and are none by themselves."""

SAID = "this is no backup by itself"
FAILED = "the reader of this format failed"


def surest(backup: Backup) -> list[str]:
    sure = [(one.identify(backup), one.name) for one in INGESTORS]
    best = max(confidence for confidence, _ in sure)
    return [name for confidence, name in sure if confidence == best > Confidence.NONE]


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda one: str(one.relative_to(DATA)))
def test_every_fixture_is_known_by_exactly_one_format_and_read_without_a_bug(fixture: Path) -> None:
    backup = Backup.open([fixture])
    assert len(surest(backup)) == 1
    told = preview(backup, identify(backup))
    assert not [one for one in told["defects"] if "bug" in one["reason"]]
    assert sum(told["kinds"].values()) > 0


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda one: str(one.relative_to(DATA)))
def test_a_backup_is_known_however_many_other_files_come_before_it(tmp_path: Path, fixture: Path) -> None:
    if fixture.suffix == ".zip":
        return
    with zipfile.ZipFile(tmp_path / "beside.zip", "w") as packed:
        for number in range(1100):
            packed.writestr(f"0 uploads/{number}.jpg", b"\xff\xd8\xff\xe0 a picture")
        for file in files_of(fixture):
            name = file.relative_to(fixture) if fixture.is_dir() else file.name
            packed.write(file, str(name))
    assert surest(Backup.open([tmp_path / "beside.zip"])) == surest(Backup.open([fixture]))


ANSWERS = [
    one
    for one in fixtures()
    if all(file.suffix in (".json", ".jsonl") for file in files_of(one)) and one.name != "edited"
]


@pytest.mark.parametrize("fixture", ANSWERS, ids=lambda one: str(one.relative_to(DATA)))
@pytest.mark.parametrize(("ending", "encoding"), [("", "utf-8"), (".txt", "utf-8-sig")])
def test_json_that_was_saved_under_no_name_of_its_own_is_known(
    tmp_path: Path, fixture: Path, ending: str, encoding: str
) -> None:
    for file in files_of(fixture):
        copy = tmp_path / (file.relative_to(fixture) if fixture.is_dir() else Path(file.name)).with_suffix(ending)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_text("utf-8-sig").encode(encoding))
    assert surest(Backup.open([tmp_path])) == surest(Backup.open([fixture]))


def test_a_text_beside_other_files_keeps_its_name_whatever_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text('{"a": 1}')
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8")
    assert [one.path for one in Backup.open([tmp_path]).members()] == ["notes.txt", "picture.jpg"]


def test_every_format_has_a_fixture() -> None:
    known = {identify(Backup.open([one])).name for one in fixtures()}
    by_tests_of_their_own = {"archivesocial", "backupify", "pagefreezer", "smarsh", "files", "linkedin-page"}
    assert {one.name for one in INGESTORS} - known <= by_tests_of_their_own


def samples() -> Iterator[Path]:
    for path in sorted(SAMPLES.rglob("*")):
        if path.is_file() and not any(path.match(one) for one in NO_BACKUP):
            yield path


@pytest.mark.slow
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no samples by other hands beside the project")
def test_every_sample_by_another_hand_is_known_by_one_format_and_read() -> None:
    """A bare conversation of Messenger may be Instagram's too: there the account's platform decides."""
    unknown: list[Path] = []
    for path in samples():
        try:
            backup = Backup.open([path])
        except EmptyBackup:
            continue
        found = surest(backup)
        if not found:
            unknown.append(path.relative_to(SAMPLES))
            continue
        platform = path.relative_to(SAMPLES).parts[0]
        assert len(found) == 1 or found == ["facebook-export", "instagram-export"], (path, found)
        bugs = [one for one in preview(backup, identify(backup, platform))["defects"] if "bug" in one["reason"]]
        assert not bugs, (path, bugs)
    others = [one for one in unknown if not set(one.parts) & set(ALONE)]
    assert {one.name for one in others} <= {
        "friends.json", "contacts.vcf", "tweets.json", "enrichment-data.json",
        "+13035550192 - Text - 2019-11-05T11_34_23Z-2-1.vcf",
    }  # fmt: skip


SMALL = [one for one in fixtures() if sum(file.stat().st_size for file in files_of(one)) < 400_000]
SEEDS = [(identify(Backup.open([one])).name, one) for one in SMALL]
MADE = made(Path(tempfile.mkdtemp()))


def damaged(content: bytes, wounds: list[tuple[int, int, bytes]]) -> bytes:
    """Return bytes with some stretches cut out and others put in."""
    for place, length, put in wounds:
        at = place % (len(content) + 1)
        content = content[:at] + put + content[at + length :]
    return content


WOUND = st.tuples(
    st.integers(0, 1 << 20),
    st.integers(0, 400),
    st.one_of(
        st.binary(max_size=20),
        st.sampled_from([b"{", b"]", b"null", b"\x00", b'"', b"-1", b"9" * 400, b"\xff\xfe", b"["]),
    ),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.sampled_from([*SEEDS, *MADE.items()]),
    which=st.integers(0, 1000),
    wounds=st.lists(WOUND, min_size=1, max_size=4),
)
def test_no_damage_escapes_the_boundary(
    tmp_path: Path, seed: tuple[str, Path], which: int, wounds: list[tuple[int, int, bytes]]
) -> None:
    name, fixture = seed
    copy = tmp_path / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    if fixture.is_dir():
        shutil.copytree(fixture, copy)
        chosen = files_of(copy)[which % len(files_of(copy))]
    else:
        copy.mkdir()
        chosen = copy / fixture.name
        shutil.copy(fixture, chosen)
    chosen.write_bytes(damaged(chosen.read_bytes(), wounds))
    try:
        backup = Backup.open([copy])
        for other in INGESTORS:
            assert other.identify(backup) in tuple(Confidence)
        found = list(guarded_items(reader(name), backup))
    except MunimentError as error:
        assert not isinstance(error, UnknownFormat)
        return
    assert all(isinstance(one, Draft | Defect | Gap) for one in found)
    assert not [one for one in found if isinstance(one, Defect) and one.reason.startswith(FAILED)]


@pytest.mark.parametrize(("name", "path"), MADE.items())
def test_a_format_without_a_fixture_reads_what_is_made_for_it(name: str, path: Path) -> None:
    found = list(guarded_items(reader(name), Backup.open([path])))
    assert sum(isinstance(one, Draft) for one in found) > 0
