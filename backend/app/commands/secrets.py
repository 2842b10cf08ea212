"""``python -m app secrets``: encryption of settings."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from secrets import token_hex

from app.core.security.sealed import seal, unseal

KEY_SIZE = 32  # bytes


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the subcommands."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    generate = actions.add_parser("generate", help="print a new key")
    generate.set_defaults(run=print_key)
    encrypt = actions.add_parser("encrypt", help="encrypt settings for SETTINGS_FILE")
    encrypt.set_defaults(run=print_encrypted)
    decrypt = actions.add_parser("decrypt", help="decrypt settings")
    decrypt.set_defaults(run=print_decrypted)
    for action in (encrypt, decrypt):
        action.add_argument("file", type=Path, help="the settings")
        action.add_argument("--key-file", type=Path, required=True, help="a key from `generate`")


def print_key(_: Namespace) -> None:
    """Prints 256 random bits as text."""
    print(token_hex(KEY_SIZE))


def print_encrypted(arguments: Namespace) -> None:
    """Encrypts settings in the format of ``.env``."""
    print(seal(arguments.file.read_text(), arguments.key_file.read_text()), end="")


def print_decrypted(arguments: Namespace) -> None:
    """Decrypts settings."""
    print(unseal(arguments.file.read_bytes(), arguments.key_file.read_text()), end="")
