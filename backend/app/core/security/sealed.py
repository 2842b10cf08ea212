"""Settings in an encrypted file, which may be stored beside the code, apart from its key."""

from base64 import decodebytes, encodebytes
from io import StringIO
from pathlib import Path
from typing import Any, Protocol

from dotenv import dotenv_values
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource, SettingsError

from app.core.security.keys import Keyring

VERSION = b"\x01"
"""The format of the file, in its first byte: 1 is the encryption of `Keyring.encrypt`."""
SHORTEST_KEY = 32
PURPOSE = "settings file"


def seal(content: str, key: str) -> str:
    """Encrypts settings, as lines of text (base64).

    Raises:
        SettingsError: The key is too short.
    """
    encrypted = keyring_of(key).encrypt(PURPOSE, content.encode(), bound_to=VERSION)
    return encodebytes(VERSION + encrypted).decode()


def unseal(sealed: bytes, key: str) -> str:
    """Decrypts settings.

    Raises:
        SettingsError: They were encrypted with another key, changed, or not encrypted.
    """
    keyring = keyring_of(key)
    try:
        content = decodebytes(sealed)
        version, encrypted = content[:1], content[1:]
        return keyring.decrypt(PURPOSE, encrypted, bound_to=version).decode()
    except ValueError as error:
        raise SettingsError(
            "The settings can't be decrypted: the key is wrong, or the file was changed."
        ) from error


def keyring_of(key: str) -> Keyring:
    """The keyring of a key in the form of its file.

    Raises:
        SettingsError: The key is too short.
    """
    if len(key.strip()) < SHORTEST_KEY:
        raise SettingsError(f"The key of the settings has less than {SHORTEST_KEY} characters.")
    return Keyring(key.strip())


class SealedSettings(PydanticBaseSettingsSource):
    """Settings from the ``settings_file``, if there is one.

    Its key is ``settings_key``, or the content of ``settings_key_file``.
    """

    def __call__(self) -> dict[str, Any]:
        """All settings in the file, by name.

        Raises:
            SettingsError: The file or its key is unreadable, or they don't match.
        """
        state = self.current_state.get
        names = ("settings_file", "settings_key_file", "settings_key")
        values = values_of(*(state(name) for name in names))
        return {name.lower(): value for name, value in values.items()}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """A single setting; not used by this source."""
        raise NotImplementedError


class Sealed(Protocol):
    """Settings that name the encrypted file and its key."""

    settings_file: Path | None
    settings_key: SecretStr
    settings_key_file: Path | None


def sealed_values(settings: Sealed) -> dict[str, str | None]:
    """The content of the encrypted file named by settings; empty without one.

    Raises:
        SettingsError: The file or its key is unreadable, or they don't match.
    """
    return values_of(settings.settings_file, settings.settings_key_file, settings.settings_key)


def values_of(
    file: str | Path | None, key_file: str | Path | None, key: str | SecretStr | None
) -> dict[str, str | None]:
    """The content of an encrypted file.

    Args:
        file: The file, if any.
        key_file: The file with the key, if any.
        key: Otherwise the key itself.

    Raises:
        SettingsError: The file or its key is unreadable, or they don't match.
    """
    if not file:
        return {}
    try:
        if key_file:
            key = Path(key_file).read_text()
        elif isinstance(key, SecretStr):
            key = key.get_secret_value()
        content = unseal(Path(file).read_bytes(), str(key or ""))
    except OSError as error:
        raise SettingsError(f"{error.filename} can't be read: {error.strerror}") from error
    return dict(dotenv_values(stream=StringIO(content), interpolate=False))
