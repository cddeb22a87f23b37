"""What holds for all formats of messaging together."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts import told
from ingest.backup import Backup
from ingest.ingestor import Confidence, Draft, Gap
from ingest.normalise import Normaliser
from ingest.registry import INGESTORS
from message_office import SAMPLES

DATA = Path(__file__).parents[1] / "data"
FIXTURES = {
    "slack/workspace": "slack",
    "teams/export": "teams",
    "sms_backup/phone": "sms-backup",
    "whatsapp/ios": "whatsapp",
    "whatsapp/android": "whatsapp",
    "google_voice/takeout": "google-voice",
    "google_chat/takeout": "google-chat",
    "discord/export": "discord",
    "discord/package": "discord-package",
    "telegram/account": "telegram",
    "telegram/channel": "telegram",
}
IN_JSON = ("slack", "teams", "google-chat", "discord", "discord-package", "telegram")
PLACES = {
    "slack/hfaran__slack-export-viewer/tests/testarchive.zip": "slack",
    "sms": "sms-backup",
    "whatsapp": "whatsapp",
    "google_voice": "google-voice",
    "discord": "discord",
    "telegram": "telegram",
}


def recognised_by(path: Path) -> list[str]:
    backup = Backup.open([path])
    return [one.name for one in INGESTORS if one.identify(backup) != Confidence.NONE]


@pytest.mark.parametrize(("name", "known_as"), FIXTURES.items())
def test_every_fixture_is_recognised_by_one_format_as_a_folder_and_as_a_zip(
    tmp_path: Path, name: str, known_as: str
) -> None:
    assert recognised_by(DATA / name) == [known_as]
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as packed:
        for path in sorted((DATA / name).rglob("*")):
            if path.is_file():
                packed.write(path, f"wrapped/{path.relative_to(DATA / name).as_posix()}")
        packed.writestr("__MACOSX/wrapped/._x.json", b"\x00\x05\x16\x07")
    assert recognised_by(tmp_path / "export.zip") == [known_as]


@pytest.mark.parametrize(("name", "known_as"), FIXTURES.items())
def test_every_fixture_reads_the_same_twice_and_names_its_gaps(name: str, known_as: str) -> None:
    (ingestor,) = [one for one in INGESTORS if one.name == known_as]
    once, again = (told(ingestor, Backup.open([DATA / name])) for _ in range(2))
    assert once == again
    assert any(isinstance(one, Gap) for one in ingestor.read(Backup.open([DATA / name])))


@pytest.mark.parametrize(("place", "known_as"), PLACES.items())
def test_every_sample_by_another_hand_is_recognised_by_one_format(place: str, known_as: str) -> None:
    if not (SAMPLES / place).exists():
        pytest.skip(f"the samples at {place} are not beside this checkout")
    assert recognised_by(SAMPLES / place) == [known_as]


@pytest.mark.parametrize(("name", "known_as"), FIXTURES.items())
def test_a_fixture_cut_off_anywhere_costs_the_end_and_no_run(tmp_path: Path, name: str, known_as: str) -> None:
    (ingestor,) = [one for one in INGESTORS if one.name == known_as]
    for path in sorted(one for one in (DATA / name).rglob("*") if one.is_file()):
        whole = path.read_bytes()
        cut = tmp_path / path.relative_to(DATA / name)
        cut.parent.mkdir(parents=True, exist_ok=True)
        for share in (3, 7):
            cut.write_bytes(whole[: len(whole) * share // 10])
            assert list(ingestor.read(Backup.open([tmp_path])))


JUNK: tuple[Any, ...] = (
    None,
    0,
    -1,
    1e308,
    True,
    "",
    [],
    {},
    "x",
    ["a", None, 3],
    {"a": {"b": []}},
    "\ud800",
    10**30,
    [{"id": None}],
)


def misshapen(value: Any, dice: Random) -> Any:
    """Return a value with some of what is in it replaced by what nobody expects there."""
    if dice.random() < 0.05:
        return dice.choice(JUNK)
    if isinstance(value, dict):
        return {key: misshapen(one, dice) for key, one in value.items() if dice.random() > 0.02}
    return [misshapen(one, dice) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("name", "known_as"), [one for one in FIXTURES.items() if one[1] in IN_JSON])
@settings(max_examples=12)
@given(seed=st.integers(0, 10**6))
def test_whatever_shape_an_item_has_costs_at_most_itself(
    tmp_path_factory: pytest.TempPathFactory, name: str, known_as: str, seed: int
) -> None:
    folder, dice = tmp_path_factory.mktemp("misshapen"), Random(seed)
    for path in sorted((DATA / name).rglob("*.json")):
        copied = folder / path.relative_to(DATA / name)
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_text(json.dumps(misshapen(json.loads(path.read_text(encoding="utf-8")), dice)))
    (ingestor,) = [one for one in INGESTORS if one.name == known_as]
    backup = Backup.open([folder])
    ingestor.identify(backup)
    ingestor.coverage(backup)
    prepare = Normaliser(b"key", "chat", "", lambda _: ("0" * 64, 0, b"")).prepare
    for one in ingestor.read(backup):
        if isinstance(one, Draft):
            assert prepare(one).content_hash
            assert isinstance(ingestor.material(one.native), bytes)
