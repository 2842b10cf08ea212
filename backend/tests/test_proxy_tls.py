"""TLS as the proxy speaks it: which versions and cipher suites, and nothing beside it."""

import asyncio
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chaos.proxies import PROGRAM, proxy
from dev.certificates import make_certificate
from tests.proxied import Servers, servers

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs HAProxy: apt-get install haproxy")
__all__ = ["servers"]

RECOMMENDED = {
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
}
"""The suites of TLS 1.2 in Mozilla's "intermediate" configuration that use elliptic curves."""

EVERYTHING = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"
"""What OpenSSL can do at all, however weak."""


def with_key(certificate: Path) -> Path:
    """A file with a certificate and its key, as HAProxy takes it."""
    pem = certificate.with_name("both")
    pem.write_bytes(certificate.read_bytes() + certificate.with_name("key").read_bytes())
    return pem


def rsa_certificate(folder: Path) -> Path:
    """A certificate with an RSA key, of which clients could do without forward secrecy."""
    subprocess.run(  # noqa: S603 (a command of our own)
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"),
            *("-days", "1", "-keyout", str(folder / "key"), "-out", str(folder / "certificate")),
        ],
        check=True,
        capture_output=True,
    )
    return folder / "certificate"


@pytest.fixture(params=["EC", "RSA"])
async def port(
    request: pytest.FixtureRequest, servers: Servers, tmp_path: Path
) -> AsyncIterator[int]:
    """Where a proxy listens that has a certificate."""
    of_ec = request.param == "EC"
    certificate = make_certificate(tmp_path, "localhost") if of_ec else rsa_certificate(tmp_path)
    settings = {"TLS_CERTIFICATE_FILE": str(with_key(certificate))}
    async with proxy(tmp_path, servers, **settings) as address:
        yield int(address.rpartition(":")[2])


def client(version: ssl.TLSVersion, ciphers: str = EVERYTHING) -> ssl.SSLContext:
    """A client that speaks one version of TLS, with the suites that it offers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers(ciphers)
    context.minimum_version = context.maximum_version = version
    return context


def agreed(port: int, context: ssl.SSLContext) -> tuple[str, str] | None:
    """The version and the suite that both sides agree on, if they do."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        try:
            with context.wrap_socket(connection) as encrypted:
                name, version, _ = encrypted.cipher() or ("", "", 0)
                return str(encrypted.version() or version), name
        except (ssl.SSLError, ConnectionError):
            return None


def refused(port: int, version: str) -> bool:
    """Whether the proxy says that it doesn't speak a version of TLS."""
    answered = subprocess.run(  # noqa: S603 (a command of our own)
        [
            *("openssl", "s_client", "-connect", f"127.0.0.1:{port}", version),
            *("-cipher", "ALL:@SECLEVEL=0"),
        ],
        input="",
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return "protocol version" in answered.stdout + answered.stderr


class TestVersions:
    @pytest.mark.parametrize("version", ["-tls1", "-tls1_1"])
    async def test_that_are_old_are_refused(self, port: int, version: str) -> None:
        assert await asyncio.to_thread(refused, port, version)

    async def test_that_are_new_are_spoken_and_the_newest_is_preferred(self, port: int) -> None:
        both = client(ssl.TLSVersion.TLSv1_2)
        assert (await asyncio.to_thread(agreed, port, both) or ("",))[0] == "TLSv1.2"
        both.maximum_version = ssl.TLSVersion.TLSv1_3
        assert (await asyncio.to_thread(agreed, port, both) or ("",))[0] == "TLSv1.3"


class TestSuites:
    async def test_are_the_recommended_ones_only(self, port: int) -> None:
        offered = {each["name"] for each in client(ssl.TLSVersion.TLSv1_2).get_ciphers()}
        offered = {name for name in offered if not name.startswith("TLS_")}  # those of TLS 1.3
        assert offered > RECOMMENDED
        accepted = {
            name
            for name in offered
            if await asyncio.to_thread(
                agreed, port, client(ssl.TLSVersion.TLSv1_2, f"{name}:@SECLEVEL=0")
            )
        }
        assert accepted
        assert accepted <= RECOMMENDED


class TestPlainText:
    async def test_is_not_answered(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /api/v1/cleanings HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        assert b"HTTP/" not in answer
