"""Bodies that come in a wrong size, encoding or media type."""

import gzip
import json

from .registry import case
from .target import Target
from .wire import Wire

LIMITS = {"/v1/events": 256 * 1024, "/v1/events/batch": 4 * 1024 * 1024}


def padded(body: dict, size: int) -> bytes:
    """The same JSON with blanks in front, so that it has that many bytes."""
    text = json.dumps(body).encode()
    return b" " * (size - len(text)) + text


@case("bad-054", changes_state=True, seconds=2)
def sizes_around_the_limit(target: Target):
    for path, limit in LIMITS.items():
        for size, wanted in ((limit - 1, 202), (limit, 202), (limit + 1, 413)):
            body = {"events": [target.event()]} if path.endswith("batch") else target.event()
            answer = target.ask(target.tenant.scheduler, "POST", path, padded(body, size))
            assert answer.status_code == wanted, f"{size} bytes: {answer.status_code} {answer.text[:300]}"


@case("bad-055")
def a_length_over_the_limit_is_refused_before_the_body(target: Target):
    for path, limit in LIMITS.items():
        for length in (limit + 1, 10**15):
            headers = ("Content-Type: application/json", f"Content-Length: {length}")
            answer = target.wire(target.head("POST", path, *headers, client=target.tenant.scheduler))
            assert answer.status == 413, answer.content[:300]
            assert answer.is_closed
    chunks = b"".join(b"10000\r\n" + b" " * 0x10000 + b"\r\n" for _ in range(8))
    headers = ("Content-Type: application/json", "Transfer-Encoding: chunked")
    answer = target.wire(target.head("POST", "/v1/events", *headers, client=target.tenant.scheduler) + chunks)
    assert answer.status == 413, answer.content[:300]


@case("bad-060")
def compressed_bodies(target: Target):
    bomb = gzip.compress(b" " * 50_000_000)
    for encoding in ("gzip", "deflate", "br", "identity, gzip"):
        target.every_route_refuses(
            lambda text: gzip.compress(text.encode()), 415, headers={"Content-Encoding": encoding}
        )
    target.every_route_refuses(lambda text: bomb, 415, headers={"Content-Encoding": "gzip"})


@case("bad-061")
def multipart(target: Target):
    part = b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\nv\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    target.every_route_refuses(lambda text: part * 3_000 + b"--x--\r\n", 415, headers=kind)
    target.every_route_refuses(lambda text: part * 10_000 + b"--x--\r\n", 413, 415, headers=kind)


@case("bad-063")
def no_content_type(target: Target):
    for path, (client, body) in target.routes.items():
        text = json.dumps(body).encode()
        answer = target.wire(target.head("POST", path, f"Content-Length: {len(text)}", client=client) + text)
        assert answer.status == 415, answer.content[:300]


@case("bad-064")
def other_content_types(target: Target):
    kinds = (
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/json; charset=utf-8; charset=utf-16",
        "application/json;",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "application/*",
        "",
    )
    for kind in kinds:
        target.every_route_refuses(lambda text: text.encode() + b" ", 415, headers={"Content-Type": kind})


@case("bad-066")
def two_content_types(target: Target):
    for second in ("application/json", "text/plain"):
        for path, (client, body) in target.routes.items():
            text = json.dumps(body).encode()
            headers = ("Content-Type: application/json", f"Content-Type: {second}", f"Content-Length: {len(text)}")
            answer = target.wire(target.head("POST", path, *headers, client=client) + text)
            assert answer.status == 400, answer.content[:300]


@case("bad-067")
def other_accepted_types_get_json_all_the_same(target: Target):
    for accepted in ("application/xml", "text/html", "nonsense", "*/*;q=0"):
        answer = target.ask(target.tenant.owner, "GET", target.path, headers={"Accept": accepted})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("application/json")


@case("bad-105", changes_state=True)
def templates_are_text(target: Target):
    tenant = target.tenant
    channels = [tenant.channel(kind, f"template{kind}") for kind in ("slack", "hipchat", "webhook")]
    name = "{{7*7}} ${7*7} <%= 7*7 %> {{#each x}}{{/each}} %s %n {0} {load_test_run_id}"
    accepted = tenant.post(target.event(name=name))
    for channel in channels:
        tenant.settled(accepted["id"], channel)
        (arrival,) = tenant.receiver.arrivals(channel["at"])
        text = arrival.body.decode()
        assert "{{7*7}} ${7*7}" in text
        assert "{load_test_run_id}" in text


@case("bad-103")
def request_ids_are_our_own(target: Target):
    for forged in (b"x\x1b[31mforged", b"x forged-line", b"x" * 300, b"'; DROP TABLE x"):
        before = len(target.tenant.service.log)
        with Wire(target.tenant.service.port) as wire:
            wire.send(
                target.head("GET", target.path).replace(b"\r\n\r\n", b"\r\nX-Request-Id: " + forged + b"\r\n\r\n")
            )
            answer = wire.answer()
        assert forged not in answer.content
        assert forged.decode() not in target.tenant.service.log[before:]
