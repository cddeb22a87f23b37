from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from export.redaction.pictures import MOST_PIXELS, redact_picture
from export.redaction.refusals import CannotBeOpened, NoSuchPage, TooLargeToRedact
from export.redaction.regions import Region, parse
from export.redaction.traces import traces

SECRET = "Gwendolyn Secretson"
BOX = Region(1, 1000, 1000, 5000, 2000)


def notice(mode: str = "RGB", size: tuple[int, int] = (403, 301)) -> Image.Image:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.text((45, 40), SECRET, fill=(200, 0, 0), font=ImageFont.load_default(20))
    draw.text((45, 200), "The pool is closed", fill="blue", font=ImageFont.load_default(20))
    return image.convert(mode)


def saved(path: Path, image: Image.Image, **options: Any) -> Path:
    image.save(path, **options)
    return path


def opened(payload: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(payload))
    image.load()
    return image


def is_black(image: Image.Image, box: tuple[int, int, int, int], tolerance: int = 0) -> bool:
    _, high = image.convert("L").crop(box).getextrema()
    assert isinstance(high, (int, float))
    return high <= tolerance


def can_be_saved(mode: str, suffix: str) -> bool:
    try:
        notice(mode, (8, 8)).save(io.BytesIO(), Image.registered_extensions()[suffix])
    except (OSError, ValueError):
        return False
    return True


SORTS = [
    (mode, suffix)
    for mode in ("RGB", "L", "1", "P", "LA", "RGBA", "CMYK", "I;16", "YCbCr")
    for suffix in (".png", ".jpg", ".gif", ".webp", ".tif", ".bmp", ".avif", ".jp2")
    if can_be_saved(mode, suffix)
]


@pytest.mark.parametrize(("mode", "suffix"), SORTS)
def test_every_sort_of_picture_is_burnt_and_otherwise_looks_the_same(tmp_path: Path, mode: str, suffix: str) -> None:
    source = saved(tmp_path / f"notice{suffix}", notice(mode))
    done = redact_picture(source, [BOX])
    image = opened(done.payload)
    assert image.size == (403, 301)
    assert image.mode in ("RGB", "L")
    assert is_black(image, BOX.pixels(403, 301), tolerance=3)
    assert not is_black(image, (0, 180, 403, 240), tolerance=100)
    before = Image.open(source).convert("RGB").crop((0, 180, 403, 301)).resize((20, 6), Image.Resampling.BOX)
    after = image.convert("RGB").crop((0, 180, 403, 301)).resize((20, 6), Image.Resampling.BOX)
    if mode != "I;16":
        assert max(abs(a - b) for a, b in zip(before.tobytes(), after.tobytes(), strict=True)) < 12
    assert done.media_type == ("image/jpeg" if suffix == ".jpg" else "image/png")
    assert redact_picture(source, [BOX]) == done


def test_nothing_but_pixels_comes_along_from_a_jpeg(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = SECRET
    exif[ExifTags.Base.Artist] = SECRET
    source = saved(
        tmp_path / "notice.jpg", notice(), exif=exif, comment=SECRET.encode(),
        xmp=f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode(), icc_profile=b"\0" * 128 + SECRET.encode("utf-16-be"),
    )  # fmt: skip
    assert traces([SECRET], source.read_bytes())
    done = redact_picture(source, [BOX])
    assert traces([SECRET, "Secretson"], done.payload) == ()
    assert set(opened(done.payload).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_nothing_but_pixels_comes_along_from_a_png(tmp_path: Path) -> None:
    told = PngInfo()
    told.add_text("Comment", SECRET, zip=True)
    told.add_itxt("XML:com.adobe.xmp", SECRET)
    source = saved(tmp_path / "notice.png", notice(), pnginfo=told, icc_profile=SECRET.encode())
    with source.open("ab") as more:
        more.write(SECRET.encode())
    assert traces([SECRET], source.read_bytes())
    done = redact_picture(source, [BOX])
    assert traces([SECRET], done.payload) == ()
    assert opened(done.payload).info == {}


def test_what_was_hidden_under_transparency_is_gone(tmp_path: Path) -> None:
    image = notice("RGBA")
    image.putalpha(0)
    done = redact_picture(saved(tmp_path / "clear.png", image), [Region(1, 0, 0, 1, 1)])
    assert opened(done.payload).convert("RGB").crop((10, 10, 403, 301)).getcolors() == [(393 * 291, (255, 255, 255))]


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_box_is_where_a_person_sees_it_whatever_way_the_camera_was_held(tmp_path: Path, turn: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turn
    source = saved(tmp_path / "turned.jpg", Image.new("RGB", (403, 301), "white"), exif=exif, quality=95)
    image = opened(redact_picture(source, [BOX]).payload)
    assert image.size == ((403, 301) if turn < 5 else (301, 403))
    left, top, right, bottom = BOX.pixels(*image.size)
    assert is_black(image, (left, top, right, bottom), tolerance=3)
    assert not is_black(image, (0, 0, image.width, top - 17), tolerance=200)
    assert not is_black(image, (right + 17, 0, image.width, image.height), tolerance=200)


@pytest.mark.parametrize("sampling", [0, 1, 2])
@pytest.mark.parametrize("turn", [1, 3, 6, 8])
def test_the_pixels_outside_a_jpegs_box_do_not_hang_on_what_was_inside(
    tmp_path: Path, turn: int, sampling: int
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turn
    back = {1: None, 3: 180, 6: 90, 8: 270}[turn]
    made = []
    for name, ink in (("a", "red"), ("b", "white")):
        seen = Image.new("RGB", (211, 173), "white")
        left, top, right, bottom = BOX.pixels(*seen.size)
        for at in range(left, right, 3):
            ImageDraw.Draw(seen).line((at, top, at, bottom - 1), fill=ink)
        stored = seen.rotate(back, expand=True) if back else seen
        source = saved(tmp_path / f"{name}.jpg", stored, exif=exif, quality=40, subsampling=sampling)
        made.append(redact_picture(source, [BOX]).payload)
    assert made[0] == made[1]


def test_of_an_animation_the_first_picture_goes_out_and_is_said_to(tmp_path: Path) -> None:
    frames = [notice(), Image.new("RGB", (403, 301), "red"), Image.new("RGB", (403, 301), "green")]
    for suffix in (".gif", ".webp", ".png", ".tif"):
        source = saved(tmp_path / f"moving{suffix}", frames[0], save_all=True, append_images=frames[1:])
        done = redact_picture(source, [BOX])
        assert done.note == "Only the first of the 3 pictures in this file goes out."
        assert getattr(opened(done.payload), "n_frames", 1) == 1


def test_a_grey_picture_of_16_bits_stays_legible(tmp_path: Path) -> None:
    image = notice("L").convert("I").point(lambda value: value * 257).convert("I;16")
    done = opened(redact_picture(saved(tmp_path / "scan.tif", image), [BOX]).payload)
    assert done.getpixel((5, 290)) == 255
    assert not is_black(done, (45, 200, 200, 225), tolerance=150)


def test_what_cannot_be_opened_is_said_with_what_to_do(tmp_path: Path) -> None:
    whole = saved(tmp_path / "whole.jpg", notice()).read_bytes()
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n"
    for payload in (b"", b"no picture", whole[: len(whole) // 2], whole[:30], eps, b"\x89PNG\r\n\x1a\n" + b"\0" * 50):
        source = tmp_path / "broken.jpg"
        source.write_bytes(payload)
        with pytest.raises(CannotBeOpened, match=r"“flyer.jpg” cannot be opened .* replace it .* or withhold it"):
            redact_picture(source, [BOX], "flyer.jpg")
    with pytest.raises(CannotBeOpened):
        redact_picture(tmp_path / "nowhere.jpg", [BOX])


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    for side in (9_000, 10_000, 14_000):
        bomb = saved(tmp_path / "bomb.png", Image.new("1", (side, side)))
        assert side * side > MOST_PIXELS
        with pytest.raises(TooLargeToRedact, match="80,000,000"):
            redact_picture(bomb, [BOX])


def test_a_box_on_another_page_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    with pytest.raises(NoSuchPage, match="no page 2"):
        redact_picture(saved(tmp_path / "notice.png", notice()), [parse("2,1,1,5,5")])
