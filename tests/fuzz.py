"""Fuzzing of formats: ``make fuzz`` (``python tests/fuzz.py [--minutes N] [FORMAT …]``), ten minutes a format.

libFuzzer changes one file of a format's fixture, guided by which lines of ours it reaches. Nothing may escape
the boundary, take more than 1 GB, or hang for 10 seconds; what does is written to ``fuzzed/FORMAT/`` and told.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
MEMORY = 1024
"""Megabytes."""

PATIENCE = 10
"""Seconds for one input."""


def main() -> int:
    """Fuzz every format, or those that are named; return 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()
    if options.one:
        _fuzz(options.formats[0], Path(options.one), rest)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        chosen = _chosen(options.formats, Path(folder))
        failed = [name for name, fixture in chosen if not _is_sound(name, fixture, options.minutes)]
    print(f"{len(failed)} formats gave way: {', '.join(failed)}" if failed else "Every format held.")
    return 1 if failed else 0


def _chosen(names: list[str], folder: Path) -> list[tuple[str, Path]]:
    """Return the first fixture of each format, and a backup made in a folder of those that have none."""
    from fixtures_of_formats import fixtures, made
    from ingest.backup import Backup
    from ingest.registry import identify

    found: dict[str, Path] = {}
    for fixture in fixtures():
        found.setdefault(identify(Backup.open([fixture])).name, fixture)
    found = made(folder) | found
    return [(name, fixture) for name, fixture in found.items() if not names or name in names]


def _is_sound(name: str, fixture: Path, minutes: float) -> bool:
    from fixtures_of_formats import files

    kept = ROOT / "fuzzed" / name
    kept.mkdir(parents=True, exist_ok=True)
    paths = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PATH": "/usr/bin"}
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds"
        seeds.mkdir()
        for number, file in enumerate(files(fixture)[:256]):
            (seeds / str(number)).write_bytes(bytes([number]) + file.read_bytes())
        done = subprocess.run(
            [sys.executable, __file__, name, "--one", str(fixture), f"-max_total_time={int(minutes * 60)}",
             f"-timeout={PATIENCE}", f"-rss_limit_mb={MEMORY}", f"-artifact_prefix={kept}/", "-verbosity=0",
             "-print_final_stats=0", "-max_len=200000", str(seeds)],
            capture_output=True, text=True, cwd=ROOT, env=paths,
        )  # fmt: skip
    is_sound = done.returncode == 0
    print(f"{name}: {'held' if is_sound else 'gave way'}")
    if not is_sound:
        print("\n".join(done.stderr.splitlines()[-25:]))
    elif not any(kept.iterdir()):
        kept.rmdir()
    return is_sound


def _fuzz(name: str, fixture: Path, arguments: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=["ingest"], enable_loader_override=False):
        from ingest.backup import Backup
        from ingest.reading import guarded_items
        from ingest.registry import INGESTORS
    from archive.errors import MunimentError
    from fixtures_of_formats import files, reader

    of_format = reader(name)
    folder = Path(tempfile.mkdtemp())
    copy = folder / "copy"
    if fixture.is_dir():
        shutil.copytree(fixture, copy)
    else:
        copy.mkdir()
        shutil.copy(fixture, copy / fixture.name)
    chosen = files(copy)
    originals = [one.read_bytes() for one in chosen]

    def read(data: bytes) -> None:
        which = data[0] % len(chosen) if data else 0
        chosen[which].write_bytes(data[1:])
        try:
            backup = Backup.open([copy])
            for one in INGESTORS:
                one.identify(backup)
            for _ in guarded_items(of_format, backup):
                pass
        except MunimentError:
            pass
        finally:
            chosen[which].write_bytes(originals[which])

    for _ in guarded_items(of_format, Backup.open([copy])):  # what is learned once, such as months in all languages
        pass
    atheris.Setup([sys.argv[0], *arguments], read)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
