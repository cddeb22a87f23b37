from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import magic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from browsing import IN_A_BROWSER
from demo import captions, pictures, webm
from demo.world import Media, Motif

MOTIFS: tuple[Motif, ...] = tuple(pictures.MOTIFS)
PLAYED = """
const [wait, done] = [arguments[0], arguments[arguments.length - 1]];
const video = document.querySelector('video'), track = video.textTracks[0];
const tell = () => done({
  duration: video.duration, width: video.videoWidth, height: video.videoHeight, error: video.error && video.error.code,
  seen: video.getVideoPlaybackQuality().totalVideoFrames, at: video.currentTime, ended: video.ended,
});
video.muted = true;
video.addEventListener('ended', tell);
video.addEventListener('error', tell);
setTimeout(tell, wait);
video.play();
"""


def test_pictures_are_jpegs_of_the_size_asked_for() -> None:
    for motif in MOTIFS:
        with Image.open(io.BytesIO(pictures.picture(Random(1), 160, 120, motif))) as image:
            assert (image.format, image.size) == ("JPEG", (160, 120))


@pytest.mark.parametrize("make", [pictures.picture, pictures.video])
def test_the_same_seed_draws_the_same_bytes_and_every_motif_another_picture(make: Callable[..., bytes]) -> None:
    drawn = [make(Random(7), motif=motif) for motif in MOTIFS]
    assert drawn == [make(Random(7), motif=motif) for motif in MOTIFS]
    assert len({*drawn, make(Random(8), motif=MOTIFS[0])}) == len(MOTIFS) + 1


def test_media_of_the_world_show_their_motif_and_repeat_after_some_dozens() -> None:
    pool = [pictures.of(Media(name="a.jpg", seed=seed, motif="pool")) for seed in range(2 * pictures.POOL)]
    assert pool[: pictures.POOL] == pool[pictures.POOL :]
    assert len({*pool}) == pictures.POOL
    assert pictures.of(Media(name="a.jpg", seed=1, motif="gate")) not in pool
    assert len({pictures.of(Media(name="a.jpg", seed=seed)) for seed in range(24)}) == 24


def test_a_video_is_told_by_its_bytes_and_small() -> None:
    for seed, motif in enumerate(MOTIFS):
        made = pictures.of(Media(name="a.webm", seed=seed, video=True, motif=motif))
        assert magic.from_buffer(made, mime=True) == "video/webm"
        assert len(made) < 100_000


def test_a_video_holds_each_picture_in_order() -> None:
    stills = []
    for shade in (10, 120, 240):
        stored = io.BytesIO()
        Image.new("RGB", (64, 48), (shade, shade, shade)).save(stored, "WEBP", quality=60)
        stills.append(stored.getvalue())
    made = webm.video((64, 48), 500, stills)
    places = [made.index(webm.key_frame(one)) for one in stills]
    assert places == sorted(places)


def test_what_is_no_lossy_webp_makes_no_video() -> None:
    stored = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stored, "WEBP", lossless=True)
    for wrong in (stored.getvalue(), pictures.picture(Random(1)), b"", b"RIFF\0\0\0\0WEBP"):
        with pytest.raises(ValueError, match="no lossy WebP"):
            webm.key_frame(wrong)


class TestInABrowser:
    pytestmark = IN_A_BROWSER

    def test_a_video_plays_to_its_end_with_its_captions(self, browser: object, tmp_path: Path) -> None:
        (tmp_path / "a.webm").write_bytes(pictures.video(Random(1)))
        (tmp_path / "page.html").write_text("<video src='a.webm'><track kind='captions' default></video>")
        browser.get((tmp_path / "page.html").as_uri())  # type: ignore[attr-defined]
        played = browser.execute_async_script(PLAYED, 8000)  # type: ignore[attr-defined]
        assert played["error"] is None
        assert (played["width"], played["height"]) == (320, 180)
        assert played["ended"]
        assert played["duration"] == pytest.approx(2.0, abs=0.3)
        assert played["seen"] >= pictures.FRAMES - 2

    def test_a_browser_reads_the_captions(self, browser: object, tmp_path: Path) -> None:
        lines = ["The pool at <Mill Pond> & the pump", "La piscine est fermée 🏊"]
        blob = captions.webvtt(lines).decode()
        (tmp_path / "page.html").write_text("<video></video>")
        browser.get((tmp_path / "page.html").as_uri())  # type: ignore[attr-defined]
        found = browser.execute_async_script(  # type: ignore[attr-defined]
            """const [text, done] = arguments, track = document.createElement('track');
            track.src = URL.createObjectURL(new Blob([text], {type: 'text/vtt'}));
            track.default = true;
            track.addEventListener('load', () => done(Array.from(track.track.cues, one =>
                [one.startTime, one.endTime, one.getCueAsHTML().textContent])));
            track.addEventListener('error', () => done('error'));
            document.querySelector('video').append(track);
            track.track.mode = 'showing';""",
            blob,
        )
        assert found == [[0, 1, lines[0]], [1, 2, lines[1]]]


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"))), max_size=6), st.integers(1, 10**7))
def test_captions_follow_each_other_and_end_with_the_video(lines: list[str], duration: int) -> None:
    made = captions.srt(lines, duration).decode()
    times = re.findall(r"^(\d\d):(\d\d):(\d\d),(\d{3}) --> (\d\d):(\d\d):(\d\d),(\d{3})$", made, re.MULTILINE)
    milliseconds = [
        [((int(h) * 60 + int(m)) * 60 + int(s)) * 1000 + int(ms) for h, m, s, ms in (row[:4], row[4:])] for row in times
    ]
    assert len(milliseconds) == len(lines)
    assert [one[0] for one in milliseconds] == [0, *(one[1] for one in milliseconds)][: len(lines)]
    assert not lines or milliseconds[-1][1] == duration


def test_a_line_that_breaks_does_not_end_its_caption() -> None:
    assert captions.srt(["one\n\n2\n00:00", "two"], 2000).decode() == (
        "1\n00:00:00,000 --> 00:00:01,000\none 2 00:00\n\n2\n00:00:01,000 --> 00:00:02,000\ntwo\n"
    )
