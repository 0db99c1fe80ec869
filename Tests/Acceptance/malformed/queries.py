"""Query parameters and headers that carry values."""

import json

from .registry import case
from .target import Target


def asked(target: Target, path: str, *statuses: int):
    target.refused(target.ask(target.tenant.owner, "GET", target.path + path), *statuses)


@case("bad-093", changes_state=True)
def changed_cursors(target: Target):
    page = target.ask(target.tenant.owner, "GET", f"{target.path}/channels?limit=1").json()
    cursor = page["next_cursor"]
    assert cursor
    for position in range(0, len(cursor), 5):
        changed = cursor[:position] + ("0" if cursor[position] != "0" else "1") + cursor[position + 1 :]
        asked(target, f"/channels?limit=1&cursor={changed}")
    for nonsense in ("", "x", "0", "-1", cursor + "00", cursor[:-2], "%00", "' OR 1=1 --", cursor * 10):
        asked(target, f"/channels?limit=1&cursor={nonsense}")


@case("bad-094")
def spans_of_time_that_are_none(target: Target):
    for span in (
        "since=2026-13-01",
        "until=2026-13-01T00:00:00Z",
        "since=2026-02-02T00:00:00Z&until=2026-02-01T00:00:00Z",
        "since=now",
        "since=",
        "since=1&since=2",
    ):
        for path in ("/events", "/deliveries", "/audit-log"):
            asked(target, f"{path}?{span}")


HOSTILE = (
    "' OR 1=1 --",
    "x'); DROP TABLE channels;--",
    '"; PRAGMA writable_schema=ON;',
    "$1",
    "?1",
    ":a",
    "%",
    "_",
    "\\",
)


def names_come_back_unchanged(target: Target, names: tuple[str, ...]):
    before = len(target.tenant.owner.every(f"{target.path}/channels"))
    for name in names:
        saved = target.ask(target.tenant.owner, "POST", f"{target.path}/channels", target.draft(name=name))
        assert saved.status_code == 201, saved.text
        assert target.tenant.shown(saved.json())["name"] == name
    assert len(target.tenant.owner.every(f"{target.path}/channels")) == before + len(names)


@case("bad-096", changes_state=True)
def sql_in_a_name(target: Target):
    names_come_back_unchanged(target, HOSTILE[:1])


@case("bad-097", changes_state=True)
def more_sql_in_names(target: Target):
    names_come_back_unchanged(target, HOSTILE[1:])
    found = target.ask(target.tenant.owner, "GET", f"{target.path}/audit-log?actor=%27%20OR%201%3D1%20--").json()
    assert found["data"] == []


@case("bad-099")
def sorting_is_not_offered(target: Target):
    for sort in ("created_at;select", "(select 1)", "name"):
        asked(target, f"/channels?sort={sort}")
        asked(target, f"/audit-log?order_by={sort}")


@case("bad-100")
def filters_take_their_own_words_only(target: Target):
    for path in ("$.a[?(@.x)]", "$[#]"):
        asked(target, f"/deliveries?state={path}")
        asked(target, f"/deliveries?channel_id={path}")
        asked(target, f"/events?type={path}")
        asked(target, f"/events?filter={path}")


@case("bad-102")
def idempotency_keys(target: Target):
    text = json.dumps(target.event()).encode()
    length = f"Content-Length: {len(text)}"
    for lines in (
        (b"Idempotency-Key:",),
        (b"Idempotency-Key: " + b"x" * 256,),
        (b"Idempotency-Key: \xc3\xa9",),
        (b"Idempotency-Key: a b",),
        (b"Idempotency-Key: a", b"Idempotency-Key: b"),
        (b"Idempotency-Key: a", b"Idempotency-Key: a"),
    ):
        head = target.head(
            "POST", "/v1/events", "Content-Type: application/json", length, client=target.tenant.scheduler
        )
        answer = target.wire(head[:-2] + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + text)
        assert answer.status == 400, (lines, answer.content[:300])
