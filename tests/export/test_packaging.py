"""Zips of a chosen size, and what is left when the disk is full or the machine dies."""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bagit
import msgspec
import pytest

from apart import SERVER
from export.bundle.bag import Bag
from export.bundle.build import build
from export.released import Production
from productions import attachment, record, staged

SIZE = 1_000_000
PICTURES = (400_000, 400_000, 400_000, 1_500_000, 100_000)


@pytest.fixture
def production(tmp_path: Path) -> Production:
    """Return five pictures that no compression makes smaller, one larger than a part."""
    noise = random.Random(1)
    files = {f"media/{place}.jpg": noise.randbytes(size) for place, size in enumerate(PICTURES)}
    records = [
        record(place, attachments=(attachment(name, name, payload),))
        for place, (name, payload) in enumerate(files.items(), 1)
    ]
    return staged(tmp_path / "staging", records, files)


def left(folder: Path) -> list[str]:
    """Return what stands in a folder under a name that looks finished."""
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".partial"))


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Make the system refuse to let a file grow further, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_every_part_is_a_plain_zip_within_the_size_and_together_they_are_the_bag(
    production: Production, tmp_path: Path
) -> None:
    built = build(production, tmp_path / "out", part_size=SIZE)
    count = len(built.zips)
    assert [one.name for one in built.zips] == [f"{built.bag.name}-{n}of{count}.zip" for n in range(1, count + 1)]
    for one in built.zips:
        with zipfile.ZipFile(one) as part:
            assert part.testzip() is None
            assert {f"{built.bag.name}/START-HERE.html", f"{built.bag.name}/manifest-sha256.txt"} < set(part.namelist())
            part.extractall(tmp_path / "together")
    assert bagit.Bag(str(tmp_path / "together" / built.bag.name)).validate()
    large = [one for one in built.zips if one.stat().st_size > SIZE]
    assert len(large) == 1
    with zipfile.ZipFile(large[0]) as part:
        assert [name for name in part.namelist() if "/data/" in name] == [f"{built.bag.name}/data/media/3.jpg"]


def test_parts_have_the_same_bytes_twice(production: Production, tmp_path: Path) -> None:
    first = build(production, tmp_path / "a", part_size=SIZE)
    second = build(production, tmp_path / "b", part_size=SIZE)
    assert [one.read_bytes() for one in first.zips] == [one.read_bytes() for one in second.zips]


def test_what_fits_into_one_zip_is_one_and_earlier_parts_are_gone(production: Production, tmp_path: Path) -> None:
    build(production, tmp_path / "out", part_size=SIZE)
    built = build(production, tmp_path / "out", part_size=10 * SIZE)
    assert left(tmp_path / "out") == [built.bag.name, f"{built.bag.name}.zip"]
    build(production, tmp_path / "out", part_size=SIZE)
    assert f"{built.bag.name}.zip" not in left(tmp_path / "out")


def test_a_part_too_small_to_be_of_use_is_a_bug_of_the_caller(production: Production, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1000000 bytes"):
        build(production, tmp_path / "out", part_size=1000)


@pytest.mark.parametrize(
    "path",
    ["data/" + "a" * 120, "data/é.txt", "data/a\nb", "data/a:b", "data/a\\b", "data/../a", "/data/a", 'data/"a"'],
)
def test_a_path_that_not_every_system_takes_is_a_bug(path: str, tmp_path: Path) -> None:
    bag = Bag(tmp_path / "bag")
    with pytest.raises(ValueError, match="not a path that every system takes"):
        bag.write(path, "a")


@pytest.mark.parametrize("size", [1_000_000, 2_000_000], ids=["while the bag is written", "while the zip is"])
def test_a_full_disk_is_told_and_leaves_nothing(size: int, production: Production, tmp_path: Path) -> None:
    with no_file_larger_than(size), pytest.raises(OSError, match="too large") as told:
        build(production, tmp_path / "out")
    assert told.value.errno == errno.EFBIG
    assert production.name in str(told.value)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_full_disk_under_a_spreadsheet_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    noise = random.Random(2)
    records = [record(n, text=noise.randbytes(9000).hex()) for n in range(1, 60)]
    production = staged(tmp_path / "staging", records)
    with no_file_larger_than(300_000), pytest.raises(OSError, match="too large"):
        build(production, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_real_full_disk_is_told_and_leaves_nothing(production: Production, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(small)]
    script = (
        "import sys, msgspec; from pathlib import Path; from export.released import Production;"
        "from export.bundle.build import build\n"
        "payload = Path(sys.argv[1]).read_bytes()\n"
        "production = msgspec.json.decode(payload, type=Production, dec_hook=lambda _, value: Path(value))\n"
        "try: build(production, Path(sys.argv[2]))\n"
        "except OSError as error: print(error); print(list(Path(sys.argv[2]).iterdir()))\n"
    )
    (tmp_path / "production.json").write_bytes(msgspec.json.encode(production, enc_hook=str))
    inside = f"{' '.join(mount)} && exec {sys.executable} -c '{script}' {tmp_path / 'production.json'} {small}"
    if subprocess.run(["unshare", "-rm", *mount], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a small disk")
    done = subprocess.run(["unshare", "-rm", "sh", "-c", inside], capture_output=True, text=True, check=False)
    assert "No space left on device" in done.stdout, done.stderr
    assert done.stdout.endswith("\n[]\n")


def dies(production: Production, out: Path, part: float = 2, grows_to: int = 0) -> bool:
    """Build in a child that is killed after a part of the forms, or when a file of its grows beyond a size."""
    child = SERVER.Process(target=_build, args=(production, out, part, grows_to))
    child.start()
    child.join()
    return (child.exitcode or 0) < 0


def _build(production: Production, out: Path, part: float, grows_to: int) -> None:
    if grows_to:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (grows_to, grows_to))
    build(production, out, lambda done, of: os.kill(os.getpid(), signal.SIGKILL) if done >= part * of else None)


@pytest.mark.parametrize("part", [0.01, 0.5, 0.9])
def test_a_kill_leaves_partial_names_alone_and_the_next_build_clears_them(
    part: float, production: Production, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert dies(production, out, part)
    assert [path.name for path in out.iterdir()] == [f"{production.name}.partial"]
    build(production, out)
    assert sorted(path.name for path in out.iterdir()) == [production.name, f"{production.name}.zip"]


def test_a_kill_while_the_zip_is_written_leaves_partial_names_alone(production: Production, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert dies(production, out, grows_to=2 * SIZE)
    assert sorted(path.name for path in out.iterdir()) == [
        f"{production.name}.partial",
        f"{production.name}.zip.1.partial",
    ]
    build(production, out, part_size=SIZE)
    assert not [path for path in out.iterdir() if path.name.endswith(".partial")]
