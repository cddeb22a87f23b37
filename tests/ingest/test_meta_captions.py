from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from facebook_export import ACTIVITY, POSTS
from ingest.backup import Backup
from ingest.ingestor import Draft
from ingest.platforms.facebook import FacebookIngestor

FILM = f"{ACTIVITY}/posts/media/videos/7.mp4"
SPOKEN = f"{ACTIVITY}/posts/media/other/8.srt"
NAMED = {"uri": SPOKEN, "creation_timestamp": 1772000000}


@pytest.mark.parametrize(
    "told",
    [{"subtitles": NAMED}, {"subtitles": [NAMED]}, {"media_metadata": {"video_metadata": {"subtitles": NAMED}}}],
)
def test_the_captions_of_a_video_are_attached_to_it_wherever_the_record_names_them(
    tmp_path: Path, told: dict[str, Any]
) -> None:
    media = {"uri": FILM, "creation_timestamp": 1772000000, "description": "", **told}
    post = {"timestamp": 1772000000, "data": [{"post": "The council"}], "attachments": [{"data": [{"media": media}]}]}
    files = {POSTS: json.dumps([post]), FILM: "film", SPOKEN: "1\n00:00:00,000 --> 00:00:02,000\nSpoken\n"}
    for name, text in files.items():
        (tmp_path / "export" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "export" / name).write_text(text, encoding="utf-8")
    found = FacebookIngestor().read(Backup.open([tmp_path / "export"]))
    (draft,) = [one for one in found if isinstance(one, Draft) and one.kind == "post"]
    assert [(one.name, one.member is not None) for one in draft.attachments] == [("7.mp4", True), ("8.srt", True)]
