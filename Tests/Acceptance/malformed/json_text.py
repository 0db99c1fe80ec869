"""Bodies that are not the JSON text that they should be: syntax, encoding, structure."""

import json

from .registry import case
from .target import NAME, NUMBER, Target


@case("bad-001")
def empty_body(target: Target):
    target.every_route_refuses(lambda text: b"")


@case("bad-003")
def array_at_the_top(target: Target):
    target.every_route_refuses(lambda text: b"[]")
    target.every_route_refuses(lambda text: f"[{text}]".encode())


@case("bad-004")
def scalar_at_the_top(target: Target):
    for body in (b'"x"', b"5", b"true", b"null"):
        target.every_route_refuses(lambda text, body=body: body)


@case("bad-006")
def two_documents(target: Target):
    for glue in ("", " ", "\n", ","):
        target.every_route_refuses(lambda text, glue=glue: (text + glue + text).encode())
    target.every_route_refuses(lambda text: (text + "x").encode())


@case("bad-007")
def trailing_comma(target: Target):
    target.every_route_refuses(lambda text: (text[:-1] + ",}").encode())


@case("bad-009")
def single_quotes(target: Target):
    target.every_route_refuses(lambda text: text.replace('"', "'").encode())


@case("bad-010")
def unquoted_key(target: Target):
    target.every_route_refuses(lambda text: text.replace('"name"', "name").encode())


def with_number(literal: str):
    return lambda text: text.replace(str(NUMBER), literal).encode()


@case("bad-012")
def not_a_number(target: Target):
    for literal in ("NaN", "Infinity", "-Infinity", "nan", "inf"):
        target.every_route_refuses(with_number(literal))


@case("bad-013")
def numbers_that_json_does_not_know(target: Target):
    for literal in ("01", "+1", "1.", ".5", "0x1", "1e", "--1", "-", "1_000"):
        target.every_route_refuses(with_number(literal))


@case("bad-015")
def utf_16(target: Target):
    for encoding in ("utf-16-le", "utf-16-be", "utf-16"):
        target.every_route_refuses(lambda text, encoding=encoding: text.encode(encoding))
    target.every_route_refuses(lambda text: b"\xfe\xff" + text.encode("utf-16-be"))


@case("bad-016")
def utf_32(target: Target):
    for encoding in ("utf-32-le", "utf-32-be", "utf-32"):
        target.every_route_refuses(lambda text, encoding=encoding: text.encode(encoding))


def with_name(content: bytes):
    return lambda text: text.encode().replace(NAME.encode(), b"x" + content + b"y")


@case("bad-018")
def overlong_utf_8(target: Target):
    for content in (b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf", b"\xc1\xbf"):
        target.every_route_refuses(with_name(content))


@case("bad-019")
def surrogates_and_broken_utf_8(target: Target):
    for content in (b"\xed\xa0\x80", b"\xed\xa0\xbd\xed\xb8\x80", b"\xff", b"\x80", b"\xc3", b"\xf4\x90\x80\x80"):
        target.every_route_refuses(with_name(content))
    for escape in (b"\\ud800", b"\\udc00", b"\\ud800\\u0041", b"\\ud83dx"):
        target.every_route_refuses(with_name(escape))


@case("bad-021")
def raw_control_character(target: Target):
    for content in (b"\x01", b"\x00", b"\x1f", b"\n", b"\t"):
        target.every_route_refuses(with_name(content))


@case("bad-022")
def escaped_nul(target: Target):
    target.every_route_refuses(with_name(b"\\u0000"))
    for path, key in (("/v1/events", "status_text"), ("/v1/events", "event")):
        target.refused(target.ask(target.tenant.scheduler, "POST", path, target.event(**{key: "x\0"})))
    target.refused(target.ask(target.tenant.owner, "POST", f"{target.path}/keys", {"name": "x\0", "user_id": 1}))


@case("bad-024", changes_state=True)
def non_characters_survive(target: Target):
    for name in ("x\ufffey", "x\U0010ffffy"):
        saved = target.ask(target.tenant.owner, "POST", f"{target.path}/channels", target.draft(name=name))
        assert saved.status_code == 201, saved.text
        assert target.tenant.shown(saved.json())["name"] == name


@case("bad-025", changes_state=True)
def two_spellings_are_two_names(target: Target):
    for name in ("Caf\u00e9", "Cafe\u0301"):
        saved = target.ask(target.tenant.owner, "POST", f"{target.path}/channels", target.draft(name=name))
        assert saved.status_code == 201, saved.text
        shown = target.tenant.shown(saved.json())["name"]
        assert shown.encode() == name.encode()


@case("bad-027")
def duplicate_key(target: Target):
    target.every_route_refuses(lambda text: text.replace('"name"', '"name": "first", "name"').encode())
    target.every_route_refuses(lambda text: text.replace('"name"', '"n\\u0061me": "first", "name"').encode())


def with_more(**more):
    """One field more in the innermost object that has a name."""
    members = json.dumps(more)[1:-1]
    return lambda text: text.replace('"name"', members + ', "name"').encode()


@case("bad-028")
def unknown_field(target: Target):
    target.every_route_refuses(lambda text: text.replace('"name"', '"nmae"').encode())
    target.every_route_refuses(with_more(nmae="x"))
    target.every_route_refuses(lambda text: (text[:-1] + ', "unknown": 1}').encode())


@case("bad-030")
def mass_assignment(target: Target):
    names = ("id", "org_id", "created_at", "role", "is_admin", "secret_key_id", "version", "state", "sequence")
    for name in names:
        target.every_route_refuses(with_more(**{name: "1"}))
    draft = target.draft(organization_id=1)
    target.refused(target.ask(target.tenant.owner, "POST", f"{target.path}/channels", draft))


@case("bad-031")
def keys_that_are_dangerous_elsewhere(target: Target):
    for name in ("__proto__", "constructor", "prototype", "toString"):
        target.every_route_refuses(with_more(**{name: {"isAdmin": True}}))


@case("bad-033")
def deep_nesting(target: Target):
    for body in (b"[" * 100_000 + b"]" * 100_000, b"[" * 100_000, b'{"events":' + b"[" * 100_000):
        target.every_route_refuses(lambda text, body=body: body, 400, 413)


@case("bad-034")
def deep_nesting_in_an_unknown_field(target: Target):
    depth = 100_000
    nested = '{"":' * depth + "1" + "}" * depth
    target.every_route_refuses(lambda text: (text[:-1] + ', "unknown": ' + nested + "}").encode(), 400, 413)
    # The same below every limit of size.
    shallow = '{"":' * 5_000 + "1" + "}" * 5_000
    target.every_route_refuses(lambda text: (text[:-1] + ', "unknown": ' + shallow + "}").encode())


@case("bad-036")
def too_many_items(target: Target):
    for count in (1_001, 20_000, 1_000_000):
        body = b'{"events":[' + b",".join([b"{}"] * count) + b"]}"
        target.every_route_refuses(lambda text, body=body: body, 400, 413, routes=("batch",))
    projects = json.dumps(list(range(1_001)))
    target.every_route_refuses(lambda text: text.replace(f"[{NUMBER}]", projects).encode(), routes=("channels",))


@case("bad-037")
def too_many_keys(target: Target):
    for count in (5_000, 100_000):
        members = ",".join(f'"k{number}":1' for number in range(count))
        target.every_route_refuses(lambda text, members=members: f"{{{members}}}".encode(), 400, 413)
