from __future__ import annotations

import pytest

from archive import version_digest
from archive.archive import Archive
from ingest.ingestor import Draft
from ingest.normalise import Normaliser


@pytest.mark.parametrize(("seals", "here"), [(False, 0), (True, 8)])
def test_digests_that_are_not_computed_here_are_computed_when_they_are_needed(
    archive: Archive, seals: bool, here: int
) -> None:
    normaliser = Normaliser(archive.key, "x-city", "", archive.objects.add, seals)
    drafts = [
        Draft(kind="post", place=f"item {i}", native=b"{}", native_id=str(i), text="words " * 20) for i in range(8)
    ]
    prepared = [normaliser.prepare(draft) for draft in drafts]
    assert sum(bool(one.digest) for one in prepared) == here
    for one in prepared:
        assert one.sealed().digest == version_digest.digest(one.salt, version_digest.fields(one.content))
