"""QR codes, compared with those of other encoders."""

from hashlib import sha256

import pytest

from app.web.qr_codes import TextTooLong, outline, qr_code

SMALL = """\
#######.......#######
#.....#.....#.#.....#
#.###.#.#...#.#.###.#
#.###.#.###...#.###.#
#.###.#.#.#.#.#.###.#
#.....#.###.#.#.....#
#######.#.#.#.#######
........##.##........
#.#####..#..#.#####..
..##.#....#..#.###..#
#.....###.#.###...##.
.###.#..####...######
....#.#...#.#.#.#....
........##.#...####..
#######..####....###.
#.....#.#.#..#...##.#
#.###.#.#...#.###..##
#.###.#.##....###.#..
#.###.#.#.###.#..##..
#.....#..#.#.#.####..
#######.##.#..#.#..#."""
"""A code of version 1, as two other encoders make it."""


class TestACode:
    def test_is_the_one_of_other_encoders(self) -> None:
        drawn = ["".join(".#"[module] for module in row) for row in qr_code("Cleaning jobs!")]
        assert "\n".join(drawn) == SMALL

    @pytest.mark.parametrize(
        ("text", "size", "digest"),
        [
            ("a" * 26, 25, "1e73a8b483dce7616c58fdfce7356953"),
            ("é" * 76, 49, "49dc96ed414ea05d3030362bb8d13798"),
            ("x" * 180, 53, "21e02ceea8d235cf29ba53f809c61e9b"),
            ("x" * 213, 57, "f8a692e420006d88c10e55f6fb2f048c"),
        ],
    )
    def test_of_each_kind_of_version_is_the_one_of_other_encoders(
        self, text: str, size: int, digest: str
    ) -> None:
        modules = qr_code(text)
        rows = "\n".join("".join(map(str, row)) for row in modules)
        assert (len(modules), sha256(rows.encode()).hexdigest()[:32]) == (size, digest)

    def test_of_a_text_that_is_too_long(self) -> None:
        with pytest.raises(TextTooLong):
            qr_code("x" * 214)


class TestAnOutline:
    def test_has_a_rectangle_for_each_run_of_dark_modules(self) -> None:
        assert outline([[1, 1, 0], [0, 0, 1]]) == "M0 0h2v1h-2zM2 1h1v1h-1z"
