"""What is measured of each service, always against a fresh one."""

import tempfile
import time
from collections.abc import Callable

from rig import Others, Sink, load
from services import Service

CONNECTIONS = 32

Make = Callable[[list[str]], Service]


def throughput(make: Make, sink: Sink, channels: int, seconds: int, behavior: str = "ok") -> dict:
    """A closed loop; deliveries a second from the first to the last arrival, the backlog too."""
    service = make(sink.channels(channels, behavior))
    try:
        load(service, "-d", "1", "-c", "4", "-r", "50", "-i", "8000000")
        sink.wait_for(50 * channels)
        sink.tell("_reset")
        cpu, written, others = service.cpu_seconds(), service.written(), Others(service, sink)
        sent = load(service, "-d", str(seconds), "-c", str(CONNECTIONS))
        memory = service.memory()
        stats = sink.wait_for(sent["ok"] * channels)
        foreign = others.processors()
        count = max(stats["ok"], 1)
        return {
            "deliveries_per_s": round(stats["ok"] / stats["span_s"]) if stats["span_s"] else 0,
            "accepted_per_s": round(sent["ok"] / seconds),
            "missing": sent["ok"] * channels - stats["ok"],
            "cpu_s_per_1000": round((service.cpu_seconds() - cpu) / count * 1000, 3),
            "written_kib": round((service.written() - written) / count / 1024, 1),
            "memory_mib": memory,
            "others": round(foreign, 2),
        }
    finally:
        service.close()


def latency(make: Make, sink: Sink, rate: int, seconds: int) -> dict:
    """So many events a second, from the moment that each was due until it arrived."""
    service = make(sink.channels(1))
    try:
        load(service, "-d", "1", "-c", "4", "-r", "50", "-i", "8000000")
        sink.wait_for(50)
        sink.tell("_reset")
        sent = load(service, "-d", str(seconds), "-c", "64", "-r", str(rate))
        return {"rate": rate} | milliseconds(sink.wait_for(sent["ok"])["lat_us"])
    finally:
        service.close()


def milliseconds(lat: dict) -> dict:
    return {f"{name}_ms": round(lat.get(name, 0) / 1000, 2) for name in ("p50", "p99", "max")}


def idle(make: Make, sink: Sink, seconds: int) -> dict:
    """Memory and processor of a service that has sent a little and now waits."""
    service = make(sink.channels(1))
    try:
        load(service, "-d", "1", "-c", "4", "-r", "50")
        sink.wait_for(50)
        time.sleep(2)
        cpu = service.cpu_seconds()
        time.sleep(seconds)
        percent = (service.cpu_seconds() - cpu) / seconds * 100
        return {"memory_mib": service.memory(), "cpu_percent": round(percent, 2)}
    finally:
        service.close()


def start(make: Make, sink: Sink) -> dict:
    """From the start of the killed service's process until the first event was accepted, and until it arrived."""
    service = make(sink.channels(1))
    try:
        load(service, "-d", "1", "-c", "1", "-n", "1")
        sink.wait_for(1)
        service.kill()
        sink.tell("_reset")
        begin = time.monotonic()
        service.start()
        load(service, "-d", "1", "-c", "1", "-n", "1", "-i", "5")
        accepted = time.monotonic() - begin
        while sink.stats()["ok"] < 1 and time.monotonic() < begin + 30:
            time.sleep(0.002)
        return {"accepted_ms": round(accepted * 1000), "arrived_ms": round((time.monotonic() - begin) * 1000)}
    finally:
        service.close()


def hang(make: Make, sink: Sink) -> dict:
    """One channel never answers; what comes to the next one of 50 events a second for 15 s?"""
    service = make(sink.channels(1, "hang") + sink.channels(1, first=1))
    try:
        sent = load(service, "-d", "15", "-c", "256", "-r", "50", "-w", "2")
        time.sleep(1)
        healthy = sink.channel(1)
        return {"accepted": sent["ok"], "healthy_got": healthy["ok"]} | milliseconds(healthy["lat_us"])
    finally:
        service.close()


def kill(make: Make, sink: Sink) -> dict:
    """The receiver is down while 200 events are accepted; kill -9; the receiver is up: what arrives?"""
    service = make(sink.channels(1))
    try:
        with tempfile.NamedTemporaryFile() as answered:
            sink.tell("_mode/status-503")
            load(service, "-d", "15", "-c", "4", "-n", "200", "-A", answered.name)
            service.kill()
            accepted = {int(line) for line in answered.read().split()}
        sink.tell("_mode/path")
        service.start()
        end = time.monotonic() + 40
        while accepted - sink.seen(0) and time.monotonic() < end:
            time.sleep(0.2)
        return {"accepted": len(accepted), "lost": len(accepted - sink.seen(0))}
    finally:
        sink.tell("_mode/path")
        service.close()
