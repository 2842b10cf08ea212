"""What the worker makes of pictures: real ones, hostile ones, and those that only look like one."""

import asyncio
import time
from io import BytesIO
from resource import RUSAGE_CHILDREN, getrusage

import pytest
from PIL import Image

from app.core.images import MOST_PIXELS, ImageType, Refusal
from app.worker.photos import Made, photo_of
from tests.pictures import (
    BLUE,
    CAMERA,
    FORMATS,
    JPEG,
    PNG,
    RED,
    WEBP,
    bomb,
    file_of,
    from_camera,
    halves,
    many_scans,
    picture,
    with_profile,
)

NEAR = 12  # of 255: the tolerance for colours after lossy compression


async def made_of(content: bytes, media_type: str = JPEG) -> Made:
    """The photo that is made of a picture."""
    made = await photo_of(content, ImageType(media_type))
    assert isinstance(made, Made), made
    return made


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    assert image.format == "WEBP"
    return image


def is_like(image: Image.Image, place: tuple[int, int], colour: tuple[int, ...]) -> bool:
    """Whether a pixel has a colour."""
    found = image.convert("RGB").getpixel(place)
    assert isinstance(found, tuple)
    return all(abs(one - two) <= NEAR for one, two in zip(found, colour, strict=True))


@pytest.mark.parametrize("media_type", [JPEG, PNG, WEBP])
async def test_a_photo_has_two_sizes(media_type: str) -> None:
    made = await made_of(picture(media_type, 2400, 1200), media_type)
    assert (made.width, made.height) == (1600, 800)
    assert opened(made.large).size == (1600, 800)
    assert opened(made.small).size == (480, 240)
    assert is_like(opened(made.small), (10, 10), RED)
    assert is_like(opened(made.small), (470, 10), BLUE)


async def test_a_small_picture_is_not_enlarged() -> None:
    made = await made_of(picture(JPEG, 64, 48))
    assert opened(made.large).size == opened(made.small).size == (64, 48)


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [
        (1, (64, 48), (5, 24)),
        (3, (64, 48), (60, 24)),
        (6, (48, 64), (24, 5)),
        (8, (48, 64), (24, 60)),
    ],
)
async def test_it_is_upright(orientation: int, size: tuple[int, int], red: tuple[int, int]) -> None:
    made = await made_of(from_camera(orientation=orientation))
    assert opened(made.large).size == (made.width, made.height) == size
    assert is_like(opened(made.large), red, RED)


async def test_it_has_no_metadata() -> None:
    content = from_camera()
    assert CAMERA.encode() in content
    assert Image.open(BytesIO(content)).getexif().get_ifd(0x8825)
    made = await made_of(content)
    for file in (made.large, made.small):
        assert opened(file).info.keys() <= {"loop", "background", "timestamp", "duration"}
        assert b"Canary" not in file
        assert b"EXIF" not in file


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA", "I;16"])
async def test_a_png_of_any_mode_is_taken(mode: str) -> None:
    image = Image.new("I;16", (64, 48), 0x7F00) if mode == "I;16" else halves(64, 48, mode)
    made = await made_of(file_of(image, PNG), PNG)
    assert opened(made.large).size == (64, 48)
    if mode == "I;16":
        assert is_like(opened(made.large), (5, 5), (127, 127, 127))


async def test_transparency_is_kept() -> None:
    image = halves(64, 48, "RGBA")
    image.putalpha(Image.linear_gradient("L").resize((64, 48)))
    assert opened((await made_of(file_of(image, PNG), PNG)).large).mode == "RGBA"


async def test_cmyk_becomes_rgb() -> None:
    made = await made_of(file_of(halves(64, 48, "CMYK")))
    assert is_like(opened(made.large), (5, 24), RED)


async def test_a_profile_that_does_not_fit_is_dropped() -> None:
    made = await made_of(with_profile())
    assert is_like(opened(made.large), (5, 24), RED)


async def test_an_animation_becomes_its_first_frame() -> None:
    frames = [Image.new("RGB", (64, 48), colour) for colour in (RED, BLUE)]
    content = file_of(frames[0], WEBP, save_all=True, append_images=frames[1:])
    image = opened((await made_of(content, WEBP)).large)
    assert getattr(image, "n_frames", 1) == 1
    assert is_like(image, (5, 5), RED)


async def test_the_largest_picture_is_taken() -> None:
    side = int(MOST_PIXELS**0.5)
    made = await made_of(file_of(Image.new("RGBA", (side, side), RED), PNG), PNG)
    assert (made.width, made.height) == (1600, 1600)


@pytest.mark.parametrize("size", [(30_000, 30_000), (MOST_PIXELS + 1, 1)])
async def test_one_with_more_pixels_is_refused_by_its_header(size: tuple[int, int]) -> None:
    begun = time.process_time()
    assert await photo_of(bomb(*size), ImageType.PNG) is Refusal.TOO_MANY_PIXELS
    assert time.process_time() - begun < 1  # of this process; the child has limits of its own


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
async def test_a_truncated_picture_is_refused(media_type: str, part: float) -> None:
    content = file_of(Image.effect_noise((300, 200), 50).convert("RGB"), media_type)
    outcome = await photo_of(content[: int(len(content) * part)], ImageType(media_type))
    assert outcome is Refusal.DAMAGED


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n", bomb(100, 100), picture(JPEG), b"GIF89a" + bytes(100), b""],
)
async def test_what_only_looks_like_a_picture_is_refused(content: bytes) -> None:
    assert await photo_of(content, ImageType.PNG) is Refusal.DAMAGED


async def test_one_that_takes_too_long_is_refused() -> None:
    content = many_scans(6300, 10_000)
    assert len(content) < 1_000_000
    begun = getrusage(RUSAGE_CHILDREN).ru_utime
    assert await photo_of(content, ImageType.JPEG) is Refusal.DAMAGED
    assert getrusage(RUSAGE_CHILDREN).ru_utime - begun < 15


async def test_a_decoder_that_does_not_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.worker.photos.TIME_LIMIT", 0.01)
    with pytest.raises(TimeoutError):
        await photo_of(picture(), ImageType.JPEG)


async def test_several_at_once_do_not_mix() -> None:
    colours = [RED, BLUE]
    contents = [file_of(Image.new("RGB", (64, 48), colour)) for colour in colours]
    made = await asyncio.gather(*map(made_of, contents))
    for photo, colour in zip(made, colours, strict=True):
        assert is_like(opened(photo.large), (5, 5), colour)
