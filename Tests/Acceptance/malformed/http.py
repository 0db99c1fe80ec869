"""Requests that are no good HTTP."""

import json
import os

from .registry import case
from .target import Target
from .wire import Wire

JSON = "Content-Type: application/json"


def refused(answer, *statuses: int):
    """One of the statuses, or the connection closed without a word where None is among them."""
    assert answer.status in (statuses or (400,)), answer.content[:300] or "no answer"


def posting(target: Target, *headers: str) -> bytes:
    """The head of a good event, with other headers about its length."""
    return target.head("POST", "/v1/events", JSON, *headers, client=target.tenant.scheduler)


@case("bad-069")
def two_lengths(target: Target):
    text = json.dumps(target.event()).encode()
    for second in (len(text) + 1, len(text) - 1):
        headers = (f"Content-Length: {len(text)}", f"Content-Length: {second}")
        refused(target.wire(posting(target, *headers) + text))
    both = (f"Content-Length: {len(text)}", "Transfer-Encoding: chunked")
    refused(target.wire(posting(target, *both) + text), 400)


@case("bad-070")
def lengths_that_are_none(target: Target):
    text = json.dumps(target.event()).encode()
    for length in ("-1", f"+{len(text)}", hex(len(text)), "1e3", "", f"{len(text)},{len(text)}", "9" * 40, "x"):
        answer = target.wire(posting(target, f"Content-Length: {length}") + text)
        refused(answer, 400, 413)


@case("bad-072")
def bad_chunks(target: Target):
    head = posting(target, "Transfer-Encoding: chunked")
    for chunk in (b"xyz\r\n{}\r\n0\r\n\r\n", b"-1\r\n{}\r\n0\r\n\r\n", b"FFFFFFFFFFFFFFFFF\r\n{}\r\n"):
        refused(target.wire(head + chunk))
    extension = b"2;" + b"x" * 65_536 + b"\r\n{}\r\n0\r\n\r\n"
    refused(target.wire(head + extension), 400, 413, 431)
    trailers = b"2\r\n{}\r\n0\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(5_000)) + b"\r\n"
    refused(target.wire(head + trailers), 400, 413, 431)
    refused(target.wire(posting(target, "Transfer-Encoding: gzip, chunked") + b"2\r\n{}\r\n0\r\n\r\n"), 400, 415)


@case("bad-073")
def no_host(target: Target):
    head = target.head("GET", target.path)
    host = next(line for line in head.split(b"\r\n") if line.startswith(b"Host"))
    refused(target.wire(head.replace(host + b"\r\n", b"")))
    refused(target.wire(head.replace(host, host + b"\r\nHost: second")))
    refused(target.wire(head.replace(host, b"Host:")))


@case("bad-075")
def a_foreign_host_is_not_reflected(target: Target):
    answer = target.wire(target.head("GET", target.path, host="evil.test"))
    assert answer.status in (200, 421)
    assert b"evil.test" not in answer.content


@case("bad-076")
def absolute_targets_are_refused_and_not_reflected(target: Target):
    for address in ("http://evil.test", "https://evil.test", "http://evil.test:99999"):
        answer = target.wire(target.head("GET", address + target.path))
        refused(answer, 421)
        assert b"evil.test" not in answer.content


@case("bad-078")
def heads_that_are_too_large(target: Target):
    many = [f"X-Header-{number}: x" for number in range(1_001)]
    refused(target.wire(target.head("GET", target.path, *many)), 400, 431)
    refused(target.wire(target.head("GET", target.path, "X-Large: " + "x" * 81 * 1024)), 400, 431)
    refused(target.wire(target.head("GET", "/" + "x" * 100_000)), 400, 414, 431)


@case("bad-079")
def other_versions_and_methods(target: Target):
    good = target.head("GET", target.path)
    # A version that is none may be answered in no other way than by closing.
    for version in (b"HTTP/3.7", b"HTTP/0.9", b"HTTP/1.2", b"HTTX/1.1", b"HTTP/11"):
        refused(target.wire(good.replace(b"HTTP/1.1", version)), 400, 405, 501, 505, None)
    refused(target.wire(b"GET /v1/channel-kinds\r\n\r\n"), 400, None)
    for method in (b"get", b"BREW", b"TRACE", b"CONNECT", b"PROPFIND", b"OPTIONS", b"P\x00ST"):
        refused(target.wire(method + good.removeprefix(b"GET")), 400, 404, 405, 501)
    for method in ("PATCH", "PUT", "DELETE", "POST"):
        answer = target.ask(target.tenant.owner, method, "/v1/channel-kinds", {} if method != "DELETE" else None)
        target.refused(answer, 405)
        assert "GET" in answer.headers["Allow"]


CLIENT_HELLO = bytes.fromhex("16030100c8010000c40303") + bytes(range(180))


@case("bad-081")
def what_is_no_request_at_all(target: Target):
    for data in (CLIENT_HELLO, os.urandom(4_096) + b"\r\n\r\n", b"\x00" * 1_000 + b"\r\n\r\n", b"SSH-2.0-x\r\n\r\n"):
        answer = target.wire(data)
        refused(answer, 400, None)
        assert answer.is_closed, "the connection is still open"
    answer = target.wire(b"\r\n" * 2_000 + target.head("GET", target.path))
    refused(answer, 200, 400)


def resident_mib(target: Target) -> float:
    with open(f"/proc/{target.tenant.service.process.pid}/status") as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@case("bad-085", seconds=5)
def ten_thousand_pipelined_requests(target: Target):
    before = resident_mib(target)
    with Wire(target.tenant.service.port) as wire:
        wire.socket.settimeout(0.5)
        # The client does not read meanwhile, so the service has to stop taking more.
        wire.send(target.head("GET", "/v1/channel-kinds") * 10_000)
        after = resident_mib(target)
        answer = wire.answer(wait=5, quiet=1)
    assert answer.status == 200
    assert set(answer.statuses) == {200}
    assert after - before < 100, f"{before:.0f} MiB became {after:.0f} MiB"
