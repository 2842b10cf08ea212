"""The HTTP client: how it connects, and how long and how much it reads."""

import asyncio
import ssl
import tracemalloc
import zlib
from asyncio import StreamWriter
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path
from time import monotonic

import pytest

from app.core.outbound import Address, Failure, OutboundRules, Target
from app.core.security.tls import client_context
from app.worker.outbound import MOST_ADDRESSES
from app.worker.outbound_streams import LARGEST_RESPONSE
from dev.certificates import make_certificate
from dev.receivers import HOST, hang, receiver, status
from tests.outbound import Names, client, failure


class TestConnecting:
    async def test_uses_the_address_that_was_checked(self) -> None:
        names = Names(["127.0.0.3"])
        async with receiver("127.0.0.3") as server, client(resolve=names) as sender:
            target = Target.of(f"http://hooks.example:{server.port}/a?b=c")
            assert await sender.post(target, {"X-Test": "yes"}, b"{}") == 200
        (received,) = server.received
        assert received.line == "POST /a?b=c HTTP/1.1"
        assert received.headers["host"] == f"hooks.example:{server.port}"
        assert (received.headers["x-test"], received.body) == ("yes", b"{}")

    async def test_tries_further_addresses(self) -> None:
        names = Names(["127.0.0.4", "127.0.0.3"])
        async with receiver("127.0.0.3") as server, client(resolve=names) as sender:
            target = Target.of(f"http://hooks.example:{server.port}/")
            assert await sender.post(target, {}, b"{}") == 200

    async def test_tries_only_some_addresses(self) -> None:
        names = Names([f"127.0.1.{number}" for number in range(MOST_ADDRESSES)] + ["127.0.0.3"])
        async with receiver("127.0.0.3") as server, client(resolve=names) as sender:
            target = Target.of(f"http://hooks.example:{server.port}/")
            assert await failure(sender, target) == Failure.NOT_CONNECTED

    async def test_names_the_host_by_its_address(self) -> None:
        rules = OutboundRules(unencrypted=True, networks=(ip_network("::1"),))
        async with receiver("::1") as server, client(rules) as sender:
            assert await sender.post(Target.of(f"http://[::1]:{server.port}"), {}, b"{}") == 200
        assert server.received[0].headers["host"] == f"[::1]:{server.port}"

    async def test_keeps_the_connection(self) -> None:
        names = Names()
        async with receiver() as server, client(resolve=names) as sender:
            for _ in range(3):
                assert await sender.post(Target.of(server.url), {}, b"{}") == 200
        assert (server.connections, len(names.asked)) == (1, 1)

    @pytest.mark.parametrize("name", ["http_proxy", "https_proxy", "all_proxy"])
    async def test_uses_no_proxy(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        async with receiver() as server, receiver() as proxy, client() as sender:
            monkeypatch.setenv(name, proxy.url)
            assert await sender.post(Target.of(server.url), {}, b"{}") == 200
            assert proxy.connections == 0

    async def test_needs_a_name_that_is_known(self) -> None:
        async with client(resolve=Names([])) as sender:
            target = Target.of("http://hooks.example/")
            assert await failure(sender, target) == Failure.NAME_UNKNOWN
            assert await failure(sender, target._replace(host="a.invalid")) == Failure.NAME_UNKNOWN


class TestCertificates:
    async def test_must_name_the_host(self, tmp_path: Path) -> None:
        file = make_certificate(tmp_path, "hooks.example")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file, tmp_path / "key")
        names = Names(["127.0.0.1"], ["127.0.0.1"])
        async with (
            receiver(tls=context) as server,
            client(resolve=names, tls=client_context(file)) as sender,
        ):
            target = Target.of(f"https://hooks.example:{server.port}/")
            assert await sender.post(target, {}, b"{}") == 200
            other = target._replace(host="other.example")
            assert await failure(sender, other) == Failure.TLS_FAILED

    async def test_must_be_trusted(self, tmp_path: Path) -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(make_certificate(tmp_path, "hooks.example"), tmp_path / "key")
        async with (
            receiver(tls=context) as server,
            client(resolve=Names(["127.0.0.1"])) as sender,
        ):
            target = Target.of(f"https://hooks.example:{server.port}/")
            assert await failure(sender, target) == Failure.TLS_FAILED
            assert server.received == []


class TestResponses:
    @pytest.mark.parametrize("code", [200, 204, 302, 307, 410, 500])
    async def test_have_a_status(self, code: int) -> None:
        async with receiver() as server, receiver() as canary, client() as sender:
            server.answer = status(code, f"Location: {canary.url}")
            assert await sender.post(Target.of(server.url), {}, b"{}") == code
            assert canary.connections == 0

    async def test_are_not_decompressed(self) -> None:
        bomb = zlib.compress(bytes(50_000_000), 9)
        async with receiver() as server, client() as sender:
            fields = f"Content-Encoding: deflate\r\nContent-Length: {len(bomb)}"
            server.answer = f"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n".encode() + bomb
            tracemalloc.start()
            assert await sender.post(Target.of(server.url), {}, b"{}") == 200
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert peak < 1_000_000

    async def test_are_not_read_to_the_end(self) -> None:
        written = 0

        async def pour(writer: StreamWriter) -> None:
            nonlocal written
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while True:
                writer.write(b"400\r\n" + bytes(1024) + b"\r\n")
                await writer.drain()
                written += 1024

        async with receiver() as server, client() as sender:
            server.answer = pour
            assert await sender.post(Target.of(server.url), {}, b"{}") == 200
        assert LARGEST_RESPONSE < written < 50_000_000

    async def test_are_not_read_to_the_end_in_small_chunks(self) -> None:
        """The framing of chunks counts: otherwise the end, which is not valid, would be read."""
        chunks = b"1\r\nx\r\n" * (LARGEST_RESPONSE // 4)
        async with receiver() as server, client() as sender:
            server.answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"x"
            assert await sender.post(Target.of(server.url), {}, b"{}") == 200

    async def test_may_not_be_preceded_by_any_number_of_others(self) -> None:
        async def pour(writer: StreamWriter) -> None:
            while True:
                writer.write(b"HTTP/1.1 102 Processing\r\n\r\n")
                await writer.drain()

        async with receiver() as server, client() as sender:
            server.answer = pour
            assert await failure(sender, Target.of(server.url)) == Failure.INVALID_RESPONSE

    @pytest.mark.parametrize("slow", ["silent", "head", "informational", "body"])
    async def test_have_one_deadline(self, monkeypatch: pytest.MonkeyPatch, slow: str) -> None:
        parts = {
            "head": (b"HTTP/1.1 200 OK\r\n", b"X-Pad: x\r\n"),
            "informational": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
            "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
        }

        async def drip(writer: StreamWriter) -> None:
            first, drop = parts[slow]
            writer.write(first)
            while True:
                writer.write(drop)
                await writer.drain()
                await asyncio.sleep(0.02)

        monkeypatch.setattr("app.worker.outbound.DEADLINE", 0.5)
        async with receiver() as server, client() as sender:
            server.answer = hang if slow == "silent" else drip
            begun = monotonic()
            assert await failure(sender, Target.of(server.url)) == Failure.TIMEOUT
            assert 0.4 < monotonic() - begun < 5

    async def test_wait_for_the_resolution_of_the_name(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def never(_: str, __: int) -> Sequence[Address]:
            await asyncio.Event().wait()
            return []

        monkeypatch.setattr("app.worker.outbound.DEADLINE", 0.1)
        async with client(resolve=never) as sender:
            assert await failure(sender, Target.of("http://hooks.example/")) == Failure.TIMEOUT

    @pytest.mark.parametrize(
        "answer",
        [
            b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nX-Pad: " + b"x" * 1_000_000 + b"\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        ],
    )
    async def test_must_be_of_http(self, answer: bytes) -> None:
        async with receiver() as server, client() as sender:
            server.answer = answer
            assert await failure(sender, Target.of(server.url)) == Failure.INVALID_RESPONSE

    async def test_may_be_missing(self) -> None:
        async def hang_up(writer: StreamWriter) -> None:
            writer.close()

        async with receiver() as server, client() as sender:
            server.answer = hang_up
            assert await failure(sender, Target.of(server.url)) == Failure.INVALID_RESPONSE
        async with client() as sender:
            gone = Target("http", HOST, server.port, "/")
            assert await failure(sender, gone) == Failure.NOT_CONNECTED
