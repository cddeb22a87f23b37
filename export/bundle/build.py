"""Building a bundle: every writer of a profile into one bag, and the bag into one zip or several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

from export.bundle.bag import Bag
from export.bundle.packaging import SMALLEST_PART, Zips
from export.bundle.profiles import Profile, forms
from export.bundle.start_here import StartHere
from export.bundle.writer import BundleWriter
from export.released import Production

Progress = Callable[[int, int], None]


class Built(Struct, frozen=True):
    """A finished bundle: the bag's folder, and its zip or zips."""

    bag: Path
    zips: tuple[Path, ...]

    @property
    def zip(self) -> Path:
        """The only zip, or the first of several."""
        return self.zips[0]


def build(
    production: Production,
    destination: Path,
    progress: Progress | None = None,
    profile: Profile = Profile.FULL,
    part_size: int = 0,
) -> Built:
    """Build the bundle in a folder; a failure, a full disk or a kill leaves nothing that looks finished.

    ``part_size`` is the most bytes that one zip may have, 0 for a single zip of any size; a file that is larger by
    itself has a zip of its own. Raises ``OSError`` where the disk refuses.
    """
    if part_size and part_size < SMALLEST_PART:
        raise ValueError(f"a part of a package has at least {SMALLEST_PART} bytes")
    bag = Bag(destination / _name(production, profile))
    zips = Zips(bag.folder)
    try:
        _fill(bag, production, profile, progress)
        zips.write(bag.partial, production.built_at, part_size)
        zips.clear_earlier()
        bag.publish()
        return Built(bag.folder, zips.publish())
    except BaseException as error:
        bag.abandon()
        zips.abandon()
        if isinstance(error, OSError) and error.filename is None:
            raise OSError(error.errno, error.strerror or str(error), str(bag.folder)) from error
        raise


def _fill(bag: Bag, production: Production, profile: Profile, progress: Progress | None) -> None:
    chosen = forms(profile)
    for done, _ in enumerate(_written(production, bag, chosen), 1):
        if progress:
            progress(done, len(chosen) + 1)
    StartHere(chosen).write(production, bag)
    bag.seal(_info(production, profile))


def _written(production: Production, bag: Bag, chosen: Sequence[BundleWriter]) -> Iterator[None]:
    """Write every form, and yield after each: those of other processes beside the others, one after another."""
    with ThreadPoolExecutor(1) as beside:
        awaited = [beside.submit(one.write, production, bag) for one in chosen if one.waits]
        try:
            for writer in chosen:
                if not writer.waits:
                    writer.write(production, bag)
                    yield
            for one in awaited:
                one.result()
                yield
        except BaseException:
            beside.shutdown(cancel_futures=True)
            raise


def _name(production: Production, profile: Profile) -> str:
    """Return the bundle's name: a smaller or larger package never replaces the full one."""
    return production.name if profile is Profile.FULL else f"{production.name}-{profile}"


def _info(production: Production, profile: Profile) -> dict[str, str]:
    return {
        "Source-Organization": production.archive_name,
        "External-Identifier": _name(production, profile),
        "External-Description": production.request_description,
        "Bagging-Date": production.built_at.date().isoformat(),
        "Ledger-Checkpoint": production.checkpoint,
        "Package-Profile": profile.value,
        **({"Draft": production.watermark} if production.watermark else {}),
    }
