"""Secrets of an installation: made as documented, strong enough, and none in the source."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import SecretStr

from app.core.config import Settings
from tests.server import BACKEND

ROOT = BACKEND.parent
SOURCE = [
    *(BACKEND / name for name in ("app", "benchmarks", "chaos", "dev", "docs", "ops")),
    *(path for path in (*BACKEND.iterdir(), *ROOT.iterdir()) if path.is_file()),
]
"""All that is under version control, but for the tests, which make up secrets to look for."""

IGNORED = {".env", ".git"}
"""What is not, though it lies there."""

SHOWN = {"cmk_dFh3s91xJ0uYk4cT7mQe2WvN8rLzB5aPg6XiKoHfUyE3hGkDa"}
"""What the documentation of the API gives as examples."""

SECRET = re.compile(
    r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----"
    r"|\bcmk_[A-Za-z0-9_-]{20,200}"  # our own API keys
    r"|\beyJ[A-Za-z0-9_-]{10,200}\.eyJ[A-Za-z0-9_-]{10,200}"  # tokens
    r"|(?<![:=#/\w-])[0-9a-f]{64}\b"  # what `openssl rand -hex 32` makes
    r"|://\w{1,40}:(?![$<{])[^@\s/{}'\"]{12,80}@"  # a password in a URL
)
"""What looks like a secret. Passwords that are named so are found by the linter (S105 to S107)."""


def files() -> Iterator[Path]:
    """The files of the source that are text."""
    for place in SOURCE:
        for path in [place] if place.is_file() else place.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and path.name not in IGNORED:
                yield path


def secrets_in(text: str) -> list[str]:
    """What looks like a secret."""
    return [found[0] for found in SECRET.finditer(text) if found[0] not in SHOWN]


class TestTheSource:
    def test_has_none(self) -> None:
        found = {
            str(path.relative_to(ROOT)): secrets_in(path.read_text(errors="replace"))
            for path in files()
        }
        assert len(found) > 100
        assert {path: secrets for path, secrets in found.items() if secrets} == {}

    @pytest.mark.parametrize(
        "text",
        [
            "-----BEGIN PRIVATE KEY-----",
            'KEY = "cmk_' + "a1B2" * 8 + '"',
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
            "secret_key " + "0123456789abcdef" * 4,
            "postgresql://app:correct-horse-battery@db/app",
        ],
    )
    def test_would_show_one(self, text: str) -> None:
        assert secrets_in(text)


def test_no_setting_has_one_by_default() -> None:
    secret = {
        name: field
        for name, field in Settings.model_fields.items()
        if "SecretStr" in str(field.annotation)
    }
    assert {"secret_key", "postgres_password", "smtp_password"} <= secret.keys()
    for name, field in secret.items():
        given = field.get_default()
        assert field.is_required() or given is None or given == SecretStr(""), name


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The secrets that docs/operations.md tells operators to make."""
    folder = tmp_path_factory.mktemp("operator")
    (block,) = re.findall(
        r"^    mkdir -m 700 secrets\n.*?^    certify service .*?$",
        (BACKEND / "docs" / "operations.md").read_text(),
        re.MULTILINE | re.DOTALL,
    )
    subprocess.run(["bash", "-euc", block], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607
    return folder / "secrets"


class TestThoseOfAnOperator:
    @pytest.mark.parametrize(
        "name", ["secret_key", "postgres_password", "server_password", "worker_password"]
    )
    def test_have_256_bits_of_chance(self, made: Path, name: str) -> None:
        values = {path.read_text() for path in made.glob("*_password")} | {
            (made / "secret_key").read_text()
        }
        assert len(values) == 4
        assert re.fullmatch("[0-9a-f]{64}\n", (made / name).read_text())

    def test_lie_where_only_the_operator_may_look(self, made: Path) -> None:
        assert made.stat().st_mode & 0o077 == 0

    @pytest.mark.parametrize("name", ["database", "service"])
    def test_are_keys_and_signatures_of_approved_algorithms(self, made: Path, name: str) -> None:
        key = load_pem_private_key((made / f"{name}_key").read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        assert isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1 | ec.SECP521R1)
        certificate = x509.load_pem_x509_certificate((made / f"{name}_certificate").read_bytes())
        assert certificate.public_key() == key.public_key()
        algorithm = certificate.signature_hash_algorithm
        assert algorithm
        assert algorithm.name in {"sha256", "sha384", "sha512"}
