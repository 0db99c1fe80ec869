"""Which function tries which case of Tests/Data/malformed-inputs.json, and which cases mean nothing in this version."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .target import Target

DOCUMENT = Path(__file__).parents[2] / "Data" / "malformed-inputs.json"


@dataclass(frozen=True)
class Documented:
    id: str
    category: str
    input: str
    expect: str


@dataclass(frozen=True)
class Trial:
    run: Callable[[Target], None]
    changes_state: bool
    """Whether a part of the case is good input, or a refusal that the audit log keeps."""
    seconds: float
    """How long one answer may take."""


TRIALS: dict[str, Trial] = {}

NOT_APPLICABLE: dict[str, str] = {}


def case(case_id: str, changes_state: bool = False, seconds: float = 1):
    """Makes a function the trial of a case."""

    def register(run: Callable[[Target], None]):
        assert case_id not in TRIALS, f"{case_id} has two trials"
        TRIALS[case_id] = Trial(run, changes_state, seconds)
        return run

    return register


def documented() -> list[Documented]:
    entries = json.loads(DOCUMENT.read_text())
    return [Documented(entry["id"], entry["category"], entry["input"], entry["expect"]) for entry in entries]
