"""API keys as texts."""

import re
from base64 import urlsafe_b64decode
from functools import reduce
from operator import and_, or_

from app.core.security.api_keys import is_well_formed, new_api_key, prefix


class TestANewKey:
    def test_is_well_formed(self) -> None:
        key = new_api_key()
        assert re.fullmatch(r"cmk_[A-Za-z0-9_-]{43}[A-Za-z0-9_-]{6}", key)
        assert is_well_formed(key)

    def test_has_256_bits_of_chance(self) -> None:
        random = [urlsafe_b64decode(f"{new_api_key()[4:47]}=") for _ in range(100)]
        numbers = [int.from_bytes(part) for part in random]
        assert reduce(or_, numbers) - reduce(and_, numbers) == 2**256 - 1  # each bit is 0 and 1

    def test_is_another_each_time(self) -> None:
        assert len({new_api_key() for _ in range(100)}) == 100

    def test_shows_a_few_characters_only(self) -> None:
        key = new_api_key()
        assert prefix(key) == key[:12]


class TestAMistypedKey:
    def test_with_one_character_changed(self) -> None:
        key = new_api_key()
        for place in range(len(key)):
            other = "A" if key[place] != "A" else "B"
            assert not is_well_formed(key[:place] + other + key[place + 1 :])

    def test_with_two_neighbours_swapped(self) -> None:
        key = new_api_key()
        for place in range(len(key) - 1):
            one, other = key[place], key[place + 1]
            swapped = key[:place] + other + one + key[place + 2 :]
            assert is_well_formed(swapped) == (one == other)

    def test_cut_off_anywhere(self) -> None:
        key = new_api_key()
        assert not any(is_well_formed(key[:length]) for length in range(len(key)))
