"""Waiting for something that must become true."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], timeout: float = 15, story: Callable[[], str] | str = "", pause=0.02):
    """Returns the condition's first true value; fails with an explanation when the time is up."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s: {story() if callable(story) else story}")
        time.sleep(pause)


def stays(condition: Callable[[], object], seconds: float, pause=0.05) -> bool:
    """Whether the condition holds for the whole time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not condition():
            return False
        time.sleep(pause)
    return True


def wait_for_growth(measure: Callable[[], int], goal: int, patience: float, story: Callable[[], str], pause=0.5):
    """Until the measure has reached the goal; fails when it has not grown for a while, however slow the machine is."""
    best, since = measure(), time.monotonic()
    while best < goal:
        time.sleep(pause)
        now = measure()
        if now > best:
            best, since = now, time.monotonic()
        assert time.monotonic() - since < patience, f"no growth for {patience} s at {best} of {goal}: {story()}"
