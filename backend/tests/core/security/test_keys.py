"""Keys: one per purpose, and two while the secret is being changed."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.security.keys import Keyring, NotOurs, derive_key

OLD, NEW = "an old secret", "a new secret"


class TestKeys:
    def test_differ_by_purpose_and_by_secret(self) -> None:
        keys = {derive_key(secret, purpose) for secret in "ab" for purpose in ("", "a", "b")}
        assert len(keys) == 6

    def test_are_the_same_each_time(self) -> None:
        assert derive_key(OLD, "a") == derive_key(OLD, "a")

    @pytest.mark.parametrize("secret", ["", "x" * 1000, "🧹"])
    def test_come_of_any_secret(self, secret: str) -> None:
        assert len(derive_key(secret, "a")) == 32

    def test_have_ids_that_do_not_depend_on_the_purpose(self) -> None:
        keyring = Keyring(NEW, OLD)
        assert list(keyring.keys("a")) == list(keyring.keys("b"))
        assert list(keyring.keys("a").values()) == [derive_key(NEW, "a"), derive_key(OLD, "a")]

    def test_are_one_if_the_secret_has_not_changed(self) -> None:
        assert Keyring(NEW, NEW).keys("a") == Keyring(NEW).keys("a")


class TestHashes:
    def test_are_found_by_the_present_key_first(self) -> None:
        (old,), (new,) = Keyring(OLD).hmacs("a", b"data"), Keyring(NEW).hmacs("a", b"data")
        assert old != new
        assert Keyring(NEW, OLD).hmacs("a", b"data") == [new, old]

    def test_differ_by_purpose_and_by_data(self) -> None:
        keyring = Keyring(NEW)
        hashes = [keyring.hmacs(purpose, data)[0] for purpose in "ab" for data in (b"c", b"d")]
        assert len(set(hashes)) == 4


class TestEncryption:
    @pytest.mark.parametrize("data", [b"", b"data", bytes(10_000)])
    def test_gives_back_what_was_encrypted(self, data: bytes) -> None:
        encrypted = Keyring(NEW).encrypt("a", data, b"anna")
        assert Keyring(NEW).decrypt("a", encrypted, b"anna") == data

    def test_is_aes_gcm_with_256_bits(self) -> None:
        encrypted, key = Keyring(NEW).encrypt("a", b"data", b"anna"), derive_key(NEW, "a")
        nonce, content = encrypted[6:18], encrypted[18:]
        assert len(key) * 8 == 256
        assert AESGCM(key).decrypt(nonce, content, b"anna") == b"data"

    def test_is_never_the_same(self) -> None:
        keyring = Keyring(NEW)
        assert len({keyring.encrypt("a", b"data", b"anna") for _ in range(100)}) == 100

    def test_is_undone_with_the_key_before(self) -> None:
        encrypted = Keyring(OLD).encrypt("a", b"data", b"anna")
        assert Keyring(NEW, OLD).decrypt("a", encrypted, b"anna") == b"data"

    def test_is_done_with_the_present_key(self) -> None:
        encrypted = Keyring(NEW, OLD).encrypt("a", b"data", b"anna")
        assert Keyring(NEW).decrypt("a", encrypted, b"anna") == b"data"

    @pytest.mark.parametrize(
        ("keyring", "purpose", "bound_to"),
        [
            (Keyring(OLD), "a", b"anna"),
            (Keyring(NEW), "b", b"anna"),
            (Keyring(NEW), "a", b"ben"),
        ],
    )
    def test_is_undone_for_nothing_else(
        self, keyring: Keyring, purpose: str, bound_to: bytes
    ) -> None:
        encrypted = Keyring(NEW).encrypt("a", b"data", b"anna")
        with pytest.raises(NotOurs):
            keyring.decrypt(purpose, encrypted, bound_to)

    def test_is_not_undone_of_what_has_changed(self) -> None:
        keyring = Keyring(NEW)
        encrypted = keyring.encrypt("a", b"data", b"anna")
        for place in range(len(encrypted)):
            changed = bytearray(encrypted)
            changed[place] ^= 1
            with pytest.raises(NotOurs):
                keyring.decrypt("a", bytes(changed), b"anna")
            with pytest.raises(NotOurs):
                keyring.decrypt("a", encrypted[:place], b"anna")
