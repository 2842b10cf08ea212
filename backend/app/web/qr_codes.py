"""QR codes (ISO/IEC 18004) of short texts: bytes, error correction of level M, versions 1 to 10."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

BLOCKS: Sequence[tuple[int, int, int]] = (
    (10, 1, 16),
    (16, 1, 28),
    (26, 1, 44),
    (18, 2, 32),
    (24, 2, 43),
    (16, 4, 27),
    (18, 4, 31),
    (22, 4, 38),
    (22, 5, 36),
    (26, 5, 43),
)
"""For each version the codewords for correction in a block, the number of blocks, and the data
codewords in the shorter ones; those that are left over make the last blocks longer by one."""
DATA: Sequence[int] = (16, 28, 44, 64, 86, 108, 124, 154, 182, 216)
"""The data codewords of each version."""
ALIGNED: Sequence[Sequence[int]] = (
    (),
    (6, 18),
    (6, 22),
    (6, 26),
    (6, 30),
    (6, 34),
    (6, 22, 38),
    (6, 24, 42),
    (6, 26, 46),
    (6, 28, 50),
)
"""The rows and columns of the alignment patterns of each version."""
BYTES = 0b0100
"""The indicator of texts of bytes."""
FORMAT_GENERATOR, FORMAT_MASK = 0b10100110111, 0b101010000010010
VERSION_GENERATOR = 0b1111100100101
FIRST_WITH_VERSION = 7
FIRST_WITH_LONG_COUNT = 10
PADDING = (0b11101100, 0b00010001)
SHORTEST_RUN = 5
FINDER_LIKE = ((1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0), (0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 1))

Grid = list[list[int | None]]
"""The modules by row and column: 1 is dark, None is not set yet."""


class TextTooLong(ValueError):
    """The text does not fit into the largest version."""


def qr_code(text: str) -> list[list[int]]:
    """The modules of a QR code by row and column: 1 is dark. The quiet zone is not among them.

    Args:
        text: The text, at most 213 bytes of UTF-8.

    Raises:
        TextTooLong: It is longer.
    """
    content = text.encode()
    version = _version_for(len(content))
    grid = _patterns(version)
    is_data = [[module is None for module in row] for row in grid]
    _fill(grid, _codewords(content, version))
    candidates = [_masked(grid, is_data, mask) for mask in range(8)]
    return min(candidates, key=_penalty)


def outline(modules: Sequence[Sequence[int]]) -> str:
    """The dark modules as the data of an SVG path, one unit for each."""
    return "".join(
        f"M{start} {row}h{length}v1h-{length}z"
        for row, line in enumerate(modules)
        for start, length in _runs(line)
        if line[start]
    )


def _version_for(length: int) -> int:
    for version, capacity in enumerate(DATA, start=1):
        if 4 + _count_bits(version) + 8 * length <= 8 * capacity:
            return version
    raise TextTooLong


def _count_bits(version: int) -> int:
    return 8 if version < FIRST_WITH_LONG_COUNT else 16


def _codewords(content: bytes, version: int) -> list[int]:
    """The codewords of the blocks, interleaved: the data, then the correction."""
    capacity = DATA[version - 1]
    count = _count_bits(version)
    bits = f"{BYTES:04b}{len(content):0{count}b}" + "".join(f"{byte:08b}" for byte in content)
    bits += "0" * min(4, 8 * capacity - len(bits))
    bits += "0" * (-len(bits) % 8)
    data = [int(bits[start : start + 8], 2) for start in range(0, len(bits), 8)]
    data += [PADDING[i % 2] for i in range(capacity - len(data))]
    corrections, number, size = BLOCKS[version - 1]
    longer = capacity - number * size
    blocks: list[list[int]] = []
    for i in range(number):
        length = size + (i >= number - longer)
        blocks.append(data[:length])
        data = data[length:]
    checks = [_correction(block, corrections) for block in blocks]
    return [
        column[i]
        for columns in (blocks, checks)
        for i in range(max(map(len, columns)))
        for column in columns
        if i < len(column)
    ]


@cache
def _powers() -> tuple[list[int], dict[int, int]]:
    """The powers of 2 in the field of 256 elements (modulo 285), and their logarithms."""
    powers = [1]
    for _ in range(254):
        doubled = powers[-1] << 1
        powers.append(doubled ^ 0b100011101 if doubled > 255 else doubled)  # noqa: PLR2004 (bytes)
    return powers, {power: exponent for exponent, power in enumerate(powers)}


def _times(a: int, b: int) -> int:
    powers, logarithms = _powers()
    return powers[(logarithms[a] + logarithms[b]) % 255] if a and b else 0


def _correction(block: Sequence[int], number: int) -> list[int]:
    """The codewords that correct a block: the remainder by the generator polynomial."""
    powers, _ = _powers()
    generator = [1]
    for i in range(number):
        multiplied = [*generator, 0]
        for place, factor in enumerate(generator, start=1):
            multiplied[place] ^= _times(factor, powers[i])
        generator = multiplied
    rest = [*block, *[0] * number]
    for i in range(len(block)):
        factor = rest[i]
        for place, coefficient in enumerate(generator):
            rest[i + place] ^= _times(coefficient, factor)
    return rest[len(block) :]


def _patterns(version: int) -> Grid:
    """The grid with all that is the same in each code of a version."""
    size = 17 + 4 * version
    grid: Grid = [[None] * size for _ in range(size)]
    for row, column in ((3, 3), (3, size - 4), (size - 4, 3)):
        _square(grid, row, column, (1, 1, 0, 1, 0))
    for i in range(8, size - 8):
        grid[6][i] = grid[i][6] = int(i % 2 == 0)
    for row in ALIGNED[version - 1]:
        for column in ALIGNED[version - 1]:
            if {row, column} not in ({6}, {6, size - 7}):  # where the finder patterns are
                _square(grid, row, column, (1, 0, 1))
    _write_format(grid, 0)
    if version >= FIRST_WITH_VERSION:
        _write_version(grid, version)
    return grid


def _square(grid: Grid, row: int, column: int, rings: Sequence[int]) -> None:
    """Draws rings around a module, from the middle outwards, as far as they are in the grid."""
    reach = len(rings) - 1
    for r in range(row - reach, row + reach + 1):
        for c in range(column - reach, column + reach + 1):
            if 0 <= r < len(grid) and 0 <= c < len(grid):
                grid[r][c] = rings[max(abs(r - row), abs(c - column))]


def _remainder(value: int, generator: int) -> int:
    """The bits that check a value (BCH code), behind it."""
    degree = generator.bit_length() - 1
    rest = value << degree
    while rest.bit_length() > degree:
        rest ^= generator << (rest.bit_length() - generator.bit_length())
    return value << degree | rest


def _write_format(grid: Grid, mask: int) -> None:
    """Writes the level of correction, of which M is 0, and the mask, twice."""
    bits = _remainder(mask, FORMAT_GENERATOR) ^ FORMAT_MASK
    size = len(grid)
    for i in range(15):
        bit = bits >> i & 1
        row = i if i < 6 else i + 1 if i < 8 else size - 15 + i  # noqa: PLR2004 (around the finder)
        column = size - 1 - i if i < 8 else 15 - i if i == 8 else 14 - i  # noqa: PLR2004 (likewise)
        grid[row][8] = grid[8][column] = bit
    grid[size - 8][8] = 1


def _write_version(grid: Grid, version: int) -> None:
    bits = _remainder(version, VERSION_GENERATOR)
    for i in range(18):
        near, far = i // 3, len(grid) - 11 + i % 3
        grid[near][far] = grid[far][near] = bits >> i & 1


def _places(size: int) -> Iterator[tuple[int, int]]:
    """The places of data: upwards and downwards in pairs of columns, from the right."""
    for pair, right in enumerate([*range(size - 1, 6, -2), *range(5, 0, -2)]):
        rows = range(size) if pair % 2 else range(size - 1, -1, -1)
        for row in rows:
            yield row, right
            yield row, right - 1


def _fill(grid: Grid, codewords: Sequence[int]) -> None:
    """Writes the codewords into the places that are not set; those left over are light."""
    bits = (codeword >> i & 1 for codeword in codewords for i in range(7, -1, -1))
    for row, column in _places(len(grid)):
        if grid[row][column] is None:
            grid[row][column] = next(bits, 0)


MASKS: Sequence[Callable[[int, int], int]] = (
    lambda r, c: (r + c) % 2,
    lambda r, _: r % 2,
    lambda _, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)
"""The masks: where one is 0, data are inverted."""


def _masked(grid: Grid, is_data: Sequence[Sequence[bool]], mask: int) -> list[list[int]]:
    inverts = MASKS[mask]
    masked: Grid = [
        [
            module ^ (inverts(r, c) == 0) if is_data[r][c] and module is not None else module
            for c, module in enumerate(row)
        ]
        for r, row in enumerate(grid)
    ]
    _write_format(masked, mask)
    return [[int(module or 0) for module in row] for row in masked]


def _penalty(modules: Sequence[Sequence[int]]) -> int:
    """How hard a code is to read (ISO/IEC 18004, 7.8.3)."""
    size = len(modules)
    lines = [*modules, *zip(*modules, strict=True)]
    runs = sum(run - 2 for line in lines for _, run in _runs(line) if run >= SHORTEST_RUN)
    squares = sum(
        modules[r][c] == modules[r][c + 1] == modules[r + 1][c] == modules[r + 1][c + 1]
        for r in range(size - 1)
        for c in range(size - 1)
    )
    alike = sum(tuple(line[i : i + 11]) in FINDER_LIKE for line in lines for i in range(size - 10))
    dark = sum(map(sum, modules)) * 100 / size**2
    return runs + 3 * squares + 40 * alike + 10 * int(abs(dark - 50) / 5)


def _runs(line: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first places and the lengths of runs of equal modules."""
    start = 0
    for i in range(1, len(line) + 1):
        if i == len(line) or line[i] != line[start]:
            yield start, i - start
            start = i
