"""What somebody without a key can do to those who have one: nothing."""

import socket
import time

import pytest

from harness.client import expect
from harness.waiting import wait_until

MARKS = "\u0301\u0316"
SLOW_SOCKETS = 120


def processor_seconds(service) -> float:
    """What the process has used of the processor so far."""
    with open(f"/proc/{service.process.pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def two_long_names(size: int) -> str:
    half = MARKS * (size // 8)
    return "{" + ",".join([f'"n{number}":1' for number in range(14)] + [f'"a{half}":1', f'"b{half}":2']) + "}"


@pytest.mark.parametrize(
    ("path", "media_type", "body"),
    [
        ("/csp-reports", "application/csp-report", two_long_names(15_000)),
        ("/csp-reports", "application/csp-report", two_long_names(250_000)),
        ("/login", "application/x-www-form-urlencoded", f"key=a{MARKS * 3_500}&to=b{MARKS * 100}"),
        ("/login", "application/x-www-form-urlencoded", f"a{MARKS * 3_500}=1&key=1"),
        ("/v1/events", "application/json", two_long_names(250_000)),
        ("/v1/events", "application/json", '{"event":"test' + MARKS * 60_000 + '"}'),
    ],
)
def test_no_request_costs_more_than_its_bytes(tenant, path, media_type, body):
    service = tenant.service
    client = tenant.scheduler if path == "/v1/events" else service.client(None)
    headers = {"Content-Type": media_type, "Origin": service.url}
    before = processor_seconds(service)
    answer = client.call("POST", path, body.encode(), headers)
    spent = processor_seconds(service) - before
    assert answer.status_code in (204, 400, 401, 413), answer.text[:300]
    assert spent < 1, f"{len(body.encode())} bytes took {spent} s of the processor"


class SlowPosts:
    """Bodies that are begun and never ended."""

    def __init__(self, service, path: str, media_type: str):
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Type: {media_type}\r\n"
            "Content-Length: 16000\r\n\r\n{"
        )
        self.connections = []
        for _ in range(SLOW_SOCKETS):
            connection = socket.create_connection(("127.0.0.1", service.port))
            connection.sendall(head.encode())
            self.connections.append(connection)

    def __enter__(self):
        time.sleep(0.5)
        return self

    def __exit__(self, *_):
        for connection in self.connections:
            connection.close()

    def statuses(self) -> set[bytes]:
        """What they are answered in the end."""
        for connection in self.connections:
            connection.settimeout(10)
        return {connection.recv(12) for connection in self.connections}


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/login", "application/x-www-form-urlencoded"), ("/csp-reports", "application/csp-report")],
)
def test_slow_clients_without_a_key_take_no_room_of_others(tenant, path, media_type):
    service = tenant.service
    operator = service.operator
    with SlowPosts(service, path, media_type) as slow:
        for number in range(60):
            made = operator.put(f"/v1/organizations/{tenant.number}", {"name": f"Shop {number}", "owner_user_id": 1})
            expect(made, 200)
            if number % 3:
                continue  # A member signs in thirty times a minute at most.
            signed_in = service.client(None).call(
                "POST",
                "/login",
                f"key={tenant.owner.key}".encode(),
                {"Content-Type": "application/x-www-form-urlencoded", "Origin": service.url},
                allow_redirects=False,
            )
            assert signed_in.status_code == 303, signed_in.text[:300]
        assert slow.statuses() == {b"HTTP/1.1 408"}


def test_connections_do_not_use_up_the_open_files(make_service):
    """Swift's runtime ends a process that cannot open any more: strangers get only a part of what is allowed."""
    service = make_service()
    service.launcher = ("bash", "-c", 'ulimit -n 600; exec "$@"', "limited")
    service.start()
    assert "Only 600 open files are allowed" in service.log
    assert "150 connections are served at once" in service.log
    strangers = [connecting(service.port) for _ in range(700)]
    time.sleep(3)
    assert service.is_alive, service.log[-2000:]
    for stranger in strangers:
        stranger.close()
    wait_until(service.is_ready, 10)


def connecting(port: int) -> socket.socket:
    stranger = socket.socket()
    stranger.setblocking(False)
    stranger.connect_ex(("127.0.0.1", port))
    return stranger
