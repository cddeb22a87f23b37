"""Fuzzing of formats: ``make fuzz`` (``python tests/fuzz.py [--minutes N] [FORMAT …]``), ten minutes a format.

libFuzzer changes one file of a format's fixture, guided by which lines of ours it reaches; as many formats at a
time as the machine has cores. Formats are fuzzed by their own reader alone; that every format looks at a file is
fuzzed once, as ``identify``, with the fixtures of all. Nothing may escape the boundary, take more than 1 GB, or
hang for 10 seconds; what does is written to ``fuzzed/FORMAT/`` and told. What reached new lines is kept in
``fuzzed/corpus/FORMAT/``, so that the next run goes on from there.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
MEMORY = 1024
"""Megabytes."""

PATIENCE = 10
"""Seconds for one input."""

IDENTIFY = "identify"


def main() -> int:
    """Fuzz every format, or those that are named; return 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--at-once", type=int, default=os.cpu_count(), help="how many formats at a time")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()
    if options.one:
        _fuzz(options.formats[0], Path(options.one), rest)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        chosen = [one for one in _gathered(Path(folder)) if one.name in options.formats or not options.formats]
        with ThreadPoolExecutor(options.at_once) as pool:
            sound = list(pool.map(lambda fixtures: _is_sound(fixtures, options.minutes), chosen))
    failed = [one.name for one, is_sound in zip(chosen, sound, strict=True) if not is_sound]
    print(f"{len(failed)} formats gave way: {', '.join(failed)}" if failed else "Every format held.")
    return 1 if failed else 0


def _gathered(folder: Path) -> list[Path]:
    """Return a folder of fixtures for each format, and one with those of all."""
    from fixtures_of_formats import fixtures, made
    from ingest.backup import Backup
    from ingest.registry import identify

    (folder / "made").mkdir()
    backups = list(made(folder / "made").items())
    backups += [(identify(Backup.open([one])).name, one) for one in fixtures()]
    for number, (name, fixture) in enumerate(backups):
        for of in (name, IDENTIFY):
            _copied(fixture, folder / "fixtures" / of / str(number))
    return sorted((folder / "fixtures").iterdir())


def _copied(fixture: Path, folder: Path) -> None:
    if fixture.is_dir():
        shutil.copytree(fixture, folder)
    else:
        folder.mkdir(parents=True)
        shutil.copy(fixture, folder / fixture.name)


def _is_sound(fixtures: Path, minutes: float) -> bool:
    from fixtures_of_formats import files

    name = fixtures.name
    kept, corpus = ROOT / "fuzzed" / name, ROOT / "fuzzed" / "corpus" / name
    for one in (kept, corpus):
        one.mkdir(parents=True, exist_ok=True)
    paths = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PATH": "/usr/bin"}
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds"
        seeds.mkdir()
        for number, file in enumerate(files(fixtures)):
            (seeds / str(number)).write_bytes(number.to_bytes(2) + file.read_bytes())
        done = subprocess.run(
            [sys.executable, __file__, name, "--one", str(fixtures), f"-max_total_time={int(minutes * 60)}",
             f"-timeout={PATIENCE}", f"-rss_limit_mb={MEMORY}", f"-artifact_prefix={kept}/", "-verbosity=0",
             "-print_final_stats=1", "-max_len=200000", str(corpus), str(seeds)],
            capture_output=True, text=True, cwd=ROOT, env=paths,
        )  # fmt: skip
    is_sound = done.returncode == 0
    inputs = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    print(f"{name}: {'held' if is_sound else 'gave way'}, {inputs[1] if inputs else 'no'} inputs", flush=True)
    if not is_sound:
        print("\n".join(done.stderr.splitlines()[-25:]))
    elif not any(kept.iterdir()):
        kept.rmdir()
    return is_sound


def _fuzz(name: str, fixtures: Path, arguments: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=["ingest"], enable_loader_override=False):
        from ingest.backup import Backup
        from ingest.reading import guarded_items
        from ingest.registry import INGESTORS
    from archive.errors import MunimentError
    from fixtures_of_formats import files, reader

    def read(backup: Backup) -> None:
        if name == IDENTIFY:
            for one in INGESTORS:
                one.identify(backup)
        else:
            of_format.identify(backup)
            for _ in guarded_items(of_format, backup):
                pass

    def attempt(data: bytes) -> None:
        file = chosen[int.from_bytes(data[:2]) % len(chosen)]
        original = file.read_bytes()
        file.write_bytes(data[2:])
        try:
            read(_backup_of(file))
        except MunimentError:
            pass
        finally:
            file.write_bytes(original)

    def _backup_of(file: Path) -> Backup:
        return Backup.open([folder / file.relative_to(folder).parts[0]])

    of_format = INGESTORS[0] if name == IDENTIFY else reader(name)
    folder = Path(tempfile.mkdtemp()) / name
    shutil.copytree(fixtures, folder)
    chosen = files(folder)
    read(_backup_of(chosen[0]))  # what is learned once, such as months in all languages
    atheris.Setup([sys.argv[0], *arguments], attempt)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
