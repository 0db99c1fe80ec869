"""The events of the original product, as a scheduler posts them."""

STATUS_TEXTS = {
    -1: "Created",
    0: "Queued",
    1: "Initializing",
    2: "Running",
    3: "Finished",
    4: "Timed out",
    5: "Aborting by user",
    6: "Aborted by user",
    7: "Aborting by system",
    8: "Aborted by system",
    9: "Aborted by script error",
    10: "Aborting by threshold",
    11: "Aborted by threshold",
    12: "Failed threshold",
}
FINAL = (3, 4, 6, 8, 9, 11, 12)
UNDER_WAY = tuple(status for status in sorted(STATUS_TEXTS) if status not in FINAL)
"""What `test.started` may come with."""

HOSTILE_NAME = (
    "<!channel> @everyone @all @here <@U1> <users/all> <at>x</at> @**all** *b* _i_ ~s~ `c` "
    "[t](http://evil.example) <b>x</b> & \"q\" 'a' | > \\ é 😀\u202e\r\n"
)
"""Everything that some chat service would take for a command, before a tail of 5,000 characters."""


def hostile_name() -> str:
    return HOSTILE_NAME + "x" * 4_000 + "é" * 999 + "😀"


def run_event(organization: int, run: int, event="test.started", status=2, name="Checkout", **more) -> dict:
    """The nine keys in the documented order."""
    body = {
        "status": status,
        "status_text": STATUS_TEXTS[status],
        "user_id": 7,
        "name": name,
        "organization_id": organization,
        "load_test_id": 1001,
        "load_test_run_id": run,
        "project_id": 9,
        "event": event,
    }
    return body | more


def started(organization: int, run: int, **more) -> dict:
    return run_event(organization, run, **more)


def finished(organization: int, run: int, status=3, **more) -> dict:
    return run_event(organization, run, "test.finished", status, **more)


TEST_EVENT = {"event": "test.notification_channel"}
