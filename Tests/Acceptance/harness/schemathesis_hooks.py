"""What schemathesis cannot know: which things there are, where receivers are, and what must not be removed.

It runs in schemathesis' own process (`hooks` in schemathesis.toml). What it puts in the place of a random value is as
right or wrong under the description as that was, so what schemathesis expects of the answer stays true.
"""

import json
import os
import re
import zlib
from collections.abc import Callable

import schemathesis

KNOWN = json.loads(os.environ["RUNBELL_FUZZING"])
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
URL = re.compile(r"""https?://[!"$-\[\]-~]{1,2000}""")
ANY_URL = re.compile(r"(?s).{1,2000}")
"""A replacement may have its address masked."""
NOBODY = {"key": "01234567-0123-7123-8123-0123456789ab", "user": 4_000_000}


@schemathesis.hook
def before_call(context, case, kwargs):
    is_move = case.path.endswith("/move")
    things = "movable" if is_move else "removable" if case.method == "DELETE" else "things"
    name_known_things(case.path_parameters or {}, KNOWN[things])
    name_the_replay(case)
    spare_the_caller(case)
    shorten_the_wait(case)
    if isinstance(case.body, dict):
        address_receivers(case.body, is_replacement=case.method == "PUT")
        address_organization(case.body)
        name_the_channel(case)
        address_channel(case.body)
        if case.path.endswith("/login-links"):
            name_known_things(case.body, {"user_id": KNOWN["things"]["user"]})


@schemathesis.hook
def after_call(context, case, response):
    with open(KNOWN["log"], "a") as log:
        log.write(f"{case.method} {case.path} {response.status_code}\n")


def is_chosen(value: object, of: int) -> bool:
    """True for one value in this many, always for the same ones."""
    return zlib.crc32(repr(value).encode()) % of == 0


def is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def name_known_things(parameters: dict, known: dict):
    """Replaces most well-formed ids with existing ones."""
    for name, value in parameters.items():
        if name in known and is_valid(name, value) and not is_chosen(value, of=4):
            parameters[name] = known[name]


def name_the_replay(case):
    """Gives each step its own replay in a suitable state."""
    parameters = case.path_parameters or {}
    if "replay" in parameters and is_valid("replay", parameters["replay"]):
        parameters["replay"] = KNOWN["replays"].get(case.path.rpartition("/")[2], KNOWN["replays"]["show"])


def name_the_channel(case):
    """A channel's kind cannot be changed, so a replacement goes to a channel of its kind."""
    parameters, kind = case.path_parameters or {}, case.body.get("kind")
    is_known = parameters.get("channel") == KNOWN["things"]["channel"]
    if case.method == "PUT" and is_known and isinstance(kind, str) and kind in KNOWN["channels"]:
        parameters["channel"] = KNOWN["channels"][kind]


def address_channel(body: dict):
    if isinstance(body.get("channel_id"), str) and UUID.fullmatch(body["channel_id"]):
        body["channel_id"] = KNOWN["things"]["channel"]


def is_valid(name: str, value: object) -> bool:
    if name == "revision":
        return is_number(value) and value > 0
    return is_number(value) or (isinstance(value, str) and UUID.fullmatch(value) is not None)


def spare_the_caller(case):
    """Protects the key that schemathesis uses, its user's role, and the channel that all tests use."""
    parameters = case.path_parameters or {}
    if case.method in ("PUT", "DELETE"):
        for name, nobody in NOBODY.items():
            if name in parameters and parameters[name] in KNOWN["spared"]:
                parameters[name] = nobody
    is_removal = case.method == "DELETE" or case.path.endswith("/move")
    if is_removal and parameters.get("channel") in KNOWN["spared"]:
        parameters["channel"] = NOBODY["key"]


def shorten_the_wait(case):
    """A request that waits for an event waits for nothing here."""
    query = case.query or {}
    if case.path.endswith("/live") and str(query.get("wait", "")).isdecimal() and 1 < int(query["wait"]) <= 20:
        query["wait"] = 1


def address_receivers(body: dict, is_replacement: bool):
    """Replaces well-formed addresses with the receiver's, so that channels can be created."""
    good = ANY_URL if is_replacement else URL
    for draft in (body, body.get("channel")):
        if not isinstance(draft, dict) or not isinstance(draft.get("settings"), dict):
            continue
        url, kind = draft["settings"].get("url"), draft.get("kind")
        if kind == "webhook":
            settle_web_hook(draft["settings"])
        if isinstance(kind, str):
            settle_ends(kind, draft["settings"])
        for key, text in KNOWN["texts"].get(kind, {}).items() if isinstance(kind, str) else ():
            if is_plain(draft["settings"].get(key)) and len(draft["settings"][key].encode()) <= MOST.get(key, 200):
                draft["settings"][key] = text
        if isinstance(url, str) and good.fullmatch(url) and isinstance(kind, str) and kind in KNOWN["urls"]:
            draft["settings"]["url"] = KNOWN["urls"][kind]


MOST = {"chat": 64}
"""The maximum length of settings in bytes, where it is below 200."""
LINES = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]{1,4000}")


def settle_web_hook(settings: dict):
    """Replaces well-formed settings that depend on each other, or must be JSON or headers, with ones that are right."""
    right = {"template": "{}", "headers": "X-A: 1", "secret_headers": "X-B: 1"}
    for key, value in right.items():
        if is_text(settings.get(key)):
            settings[key] = value
    if settings.get("format") == "template" and settings.get("template") is None:
        settings["template"] = right["template"]
    leave_out(settings, ("basic_user", "basic_password", "bearer_token"), is_plain)
    leave_out(settings, ("client_certificate", "client_key", "ca_certificates"), is_text)


def settle_ends(kind: str, settings: dict):
    """Leaves out what only a bot of Slack needs, and elsewhere one of two settings that exclude each other."""
    if kind == "slack":
        leave_out(settings, ("token", "channel"), lambda value: is_plain(value) and len(value.encode()) <= 100)
        leave_out(settings, ("threads", "replace"), is_flag)
    else:
        leave_out(settings, ("replace",), is_flag)


def leave_out(settings: dict, names: tuple[str, ...], is_good: Callable[[object], bool]):
    """Leaves out optional settings that could be right or not, unless one of them is wrong under the description."""
    if all(settings.get(name) is None or is_good(settings[name]) for name in names):
        for name in names:
            settings.pop(name, None)


def is_flag(value: object) -> bool:
    return isinstance(value, bool)


def is_text(value: object) -> bool:
    is_good = isinstance(value, str) and LINES.fullmatch(value) is not None and value.strip() != ""
    return is_good and len(value.encode()) <= 4000


def is_plain(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 200 and value.isprintable() and value.strip() != ""


def address_organization(body: dict):
    """Events of any organization become events of the one that there is; a batch gets one good event."""
    for event in (body, body.get("event")):
        if isinstance(event, dict) and is_number(event.get("organization_id")):
            event["organization_id"] = KNOWN["things"]["organization"]
    if list(body) == ["events"] and isinstance(body["events"], list) and 0 < len(body["events"]) <= 1000:
        body["events"][0] = KNOWN["event"]
