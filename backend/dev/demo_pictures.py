"""Drawings in place of photos for the demo market: rooms, and portraits without faces."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]

ROOM, PORTRAIT = (960, 720), (480, 480)
SMOOTH = 2
"""How much larger than the picture it is drawn, so that edges become smooth."""
ROOMS, PORTRAITS = 6, 24
"""The number of drawings of each room, and of portraits."""

INK, PAPER, WHITE, STEEL = (52, 66, 68), (250, 247, 240), (255, 255, 255), (206, 214, 214)
TEAL, TEAL_DEEP, TEAL_WASH = (63, 138, 130), (34, 98, 94), (214, 234, 229)
SUN, SUN_WASH, WOOD, WOOD_DEEP = (232, 172, 62), (250, 234, 200), (206, 166, 122), (160, 118, 80)
PLUM, PLUM_WASH, CLAY, SKY = (126, 92, 150), (234, 224, 242), (205, 122, 92), (200, 226, 240)
WALLS = (TEAL_WASH, SUN_WASH, PLUM_WASH, (240, 232, 220), (226, 234, 238), (244, 226, 214))
CLOTHS = (TEAL, PLUM, CLAY, SUN, TEAL_DEEP, (92, 120, 158))
SKINS = ((244, 208, 180), (226, 178, 142), (190, 136, 100), (142, 96, 68), (104, 70, 52))
HAIRS = ((46, 38, 36), (96, 62, 40), (168, 112, 58), (214, 176, 106), (130, 130, 134))


class Drawing:
    """A picture that is drawn in percent of its width and its height.

    Args:
        size: The width and the height, in pixels.
        number: Which of the drawings of its kind it is; it decides on the colours.
    """

    def __init__(self, size: tuple[int, int], number: int) -> None:
        self.random, self._size = Random(number), size  # noqa: S311 (a game, not a secret)
        self.cloth = CLOTHS[number % len(CLOTHS)]
        width, height = (SMOOTH * side for side in size)
        self._image = Image.new("RGB", (width, height), WALLS[number % len(WALLS)])
        self._draw = ImageDraw.Draw(self._image)

    def _scaled(self, shape: tuple[float, ...]) -> tuple[float, ...]:
        sides = self._image.size
        return tuple(part * sides[number % 2] / 100 for number, part in enumerate(shape))

    def box(self, colour: Colour, *shape: float, corner: float = 0.4) -> None:
        """A rectangle from its left, upper, right and lower edge."""
        radius = corner * self._image.width / 100
        self._draw.rounded_rectangle(self._scaled(shape), radius, colour)

    def oval(self, colour: Colour, *shape: float) -> None:
        """An ellipse in such a rectangle."""
        self._draw.ellipse(self._scaled(shape), colour)

    def line(self, colour: Colour, *points: float, width: float = 1) -> None:
        """A line through points."""
        self._draw.line(self._scaled(points), colour, round(width * self._image.width / 100))

    @property
    def jpeg(self) -> bytes:
        """The picture as a file."""
        file = BytesIO()
        self._image.resize(self._size, Image.Resampling.BOX).save(file, "JPEG", quality=85)
        return file.getvalue()


def floor(it: Drawing) -> None:
    """Floorboards."""
    it.box(WOOD, 0, 78, 100, 100, corner=0)
    for left in range(4, 100, 16):
        it.line(WOOD_DEEP, left, 78.5, 3 * left - 100, 100, width=0.15)
    it.box(WHITE, 0, 75, 100, 78, corner=0)


def plant(it: Drawing, left: float, ground: float) -> None:
    """A plant in a pot."""
    for lean, height in ((-5, 26), (5, 24), (-2, 36), (3, 33)):
        it.line(TEAL_DEEP, left, ground - 8, left + lean, ground - height, width=0.4)
        leaf = left + lean - 2.6, ground - height - 6, left + lean + 2.6, ground - height + 8
        it.oval(TEAL if lean < 0 else TEAL_DEEP, *leaf)
    it.box(CLAY, left - 4, ground - 12, left + 4, ground, corner=1)
    it.box((184, 102, 74), left - 4.8, ground - 13, left + 4.8, ground - 10, corner=0.6)


def panes(it: Drawing, left: float, top: float, right: float, bottom: float) -> None:
    """A window."""
    it.box(WHITE, left, top, right, bottom, corner=0.8)
    middle = (left + right) / 2
    for start, end in ((left + 1.4, middle - 0.7), (middle + 0.7, right - 1.4)):
        it.box(SKY, start, top + 2, end, bottom - 2)
        it.line(WHITE, end - 7, top + 6, start + 2, bottom - 12, width=0.8)
        it.line(WHITE, end - 2, top + 9, start + 5, bottom - 6, width=0.4)
    it.box(WOOD, left - 2, bottom, right + 2, bottom + 2.6, corner=0.6)


def bucket(it: Drawing, left: float, ground: float) -> None:
    """A bucket and a spray bottle."""
    it.oval(STEEL, left, ground - 26, left + 14, ground - 6)
    it.oval(WALLS[0], left + 0.8, ground - 24.5, left + 13.2, ground - 7)
    it.box(it.cloth, left, ground - 16, left + 14, ground, corner=1.4)
    it.box(PAPER, left - 0.8, ground - 17.5, left + 14.8, ground - 14, corner=0.8)
    it.box(SUN, left + 18, ground - 15, left + 24, ground, corner=1.2)
    it.box(WHITE, left + 18, ground - 10, left + 24, ground - 5, corner=0)
    it.box(INK, left + 20, ground - 20, left + 22, ground - 14)
    it.box(INK, left + 17, ground - 22, left + 23, ground - 19)


def living_room(it: Drawing) -> None:
    """A sofa beside a window."""
    floor(it)
    panes(it, 8, 12, 34, 52)
    it.box(WOOD_DEEP, 48, 14, 66, 38)
    it.box(PAPER, 49.5, 16, 64.5, 36)
    it.oval(SUN, 54, 20, 61, 29)
    it.box(TEAL, 49.5, 29, 64.5, 36)
    it.oval(PAPER, 14, 86, 84, 98)
    light = tuple(min(255, part + 26) for part in it.cloth)
    it.box(it.cloth, 30, 50, 80, 78, corner=3)
    for left in (33, 55.5):
        it.box((light[0], light[1], light[2]), left, 64, left + 22, 80, corner=1.6)
    for left in (26, 77):
        it.box(it.cloth, left, 60, left + 7, 86, corner=2.4)
    it.box(it.cloth, 28, 78, 82, 87, corner=1)
    it.box(SUN if it.cloth != SUN else TEAL, 36, 54, 47, 68, corner=1.6)
    plant(it, 91, 88)


def kitchen(it: Drawing) -> None:
    """Cupboards, a stove and its hood."""
    floor(it)
    for left in (4, 22, 64, 82):
        it.box(it.cloth, left, 8, left + 16, 32)
        it.box(PAPER, left + 12.6, 24, left + 13.8, 29)
    it.box(STEEL, 46, 8, 58, 20)
    it.box(STEEL, 41, 20, 63, 25)
    for row in range(36, 54, 6):
        it.line(WHITE, 0, row, 100, row, width=0.25)
    it.box(WOOD, 0, 54, 100, 58, corner=0)
    for left in (2, 21, 64, 83):
        it.box(it.cloth, left, 59, left + 16.5, 82)
        it.box(PAPER, left + 4, 62, left + 12, 63.4)
    it.box(STEEL, 40, 58, 62, 84)
    it.box(INK, 42, 65, 60, 80, corner=1)
    it.box((84, 98, 100), 43.5, 67, 58.5, 72, corner=0.8)
    for left in (43, 48, 53, 58):
        it.oval(INK, left, 60, left + 1.8, 62.6)
    it.box(CLAY, 44, 46, 56, 54, corner=1.4)
    it.line(CLAY, 56, 48, 60, 48, width=1)
    it.box(TEAL_DEEP, 10, 44, 15, 54, corner=1)
    it.box(SUN, 17, 47, 21, 54, corner=1)
    it.oval(SUN, 74, 48, 78, 54)
    it.oval(CLAY, 77, 48.6, 81, 54)


def clear_view(it: Drawing) -> None:
    """A large window, with what cleans it."""
    floor(it)
    panes(it, 16, 8, 74, 66)
    it.oval(SUN, 58, 14, 66, 25)
    for left, top in ((22, 44), (27, 40), (48, 47)):
        it.oval(TEAL, left, top, left + 10, 64)
    it.box(WHITE, 16, 62.5, 74, 66, corner=0)
    it.box(it.cloth, 8, 6, 17, 72, corner=1.2)
    it.box(it.cloth, 73, 6, 82, 72, corner=1.2)
    it.line(WOOD_DEEP, 5, 6, 85, 6, width=0.8)
    bucket(it, 62, 94)
    plant(it, 92, 90)


def portrait(it: Drawing) -> None:
    """Head and shoulders."""
    skin, hair = it.random.choice(SKINS), it.random.choice(HAIRS)
    if it.random.choice((True, False)):
        it.box(hair, 29, 26, 71, 78, corner=20)
    it.oval(it.cloth, 12, 72, 88, 140)
    it.box(skin, 42, 58, 58, 80, corner=7)
    it.oval(skin, 32, 24, 68, 68)
    it.oval(hair, 30, 18, 70, 44)
    it.oval(skin, 35, 34, 65, 50)


KITCHEN = ("kitchen", "oven", "fridge")
"""Words in the slugs of the categories of kitchens."""


@cache
def drawn(scene: Callable[[Drawing], None], size: tuple[int, int], number: int) -> bytes:
    """A drawing as a file."""
    drawing = Drawing(size, number)
    scene(drawing)
    return drawing.jpeg


def portrait_for(random: Random) -> bytes:
    """A portrait."""
    return drawn(portrait, PORTRAIT, random.randrange(PORTRAITS))


def room_for(category: str, random: Random) -> bytes:
    """A room in which work of a category is done."""
    if any(word in category for word in KITCHEN):
        scene = kitchen
    else:
        scene = clear_view if "windows" in category else random.choice((clear_view, living_room))
    return drawn(scene, ROOM, random.randrange(ROOMS))
