"""schemathesis: random valid and invalid requests from the description, and its verdict on the answers."""

import json
import re
import subprocess
import sys
from pathlib import Path

from .service import clean_environment

ACCEPTANCE = Path(__file__).resolve().parents[1]
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
)
SEED = 4711
TIME_LIMIT = 900
"""Seconds; beside other tests on a slow machine it takes three times the 90 that it takes alone."""
SENDING = ("Channels", "Testing")
"""Tags of the operations after which something is sent to addresses that were made up."""


class Fuzzer:
    def __init__(self, url: str, description: dict, known: dict, folder: Path, may_send: bool):
        self.url = url
        self.known = known | {"log": str(folder / "answers")}
        self.folder = folder
        self.excluded = () if may_send else SENDING
        self.file = folder / "openapi.json"
        self.file.write_text(json.dumps(closed(description)))

    def run(self, key: str, examples: int, tags: tuple[str, ...]) -> int:
        """How many requests were sent; fails with schemathesis' output if one was not answered as described."""
        words = ["--header", f"Authorization: Bearer {key}", "--max-examples", str(examples)]
        words += [word for tag in tags if tag not in self.excluded for word in ("--include-tag", tag)]
        run = subprocess.run(
            [*self.command(), *words],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT,
            check=False,
        )
        made = re.search(r"(\d+) generated, (\d+) passed", run.stdout)
        story = run.stdout[-20_000:] + run.stderr[-5_000:]
        assert run.returncode == 0 and made and made[1] == made[2], story
        return int(made[1])

    def command(self) -> list[str]:
        config = str(ACCEPTANCE / "data" / "schemathesis.toml")
        program = [sys.executable, "-m", "schemathesis.cli", "--config-file", config, "--no-color"]
        judging = ["--checks", ",".join(CHECKS), "--warnings", "off", "--continue-on-failure"]
        pace = ["--seed", str(SEED), "--request-timeout", "10", "--suppress-health-check", "all"]
        return [*program, "run", str(self.file), "--url", self.url, *judging, *pace]

    def environment(self) -> dict[str, str]:
        return clean_environment() | {
            "PYTHONPATH": str(ACCEPTANCE),
            "SCHEMATHESIS_HOOKS": "harness.schemathesis_hooks",
            "RUNBELL_FUZZING": json.dumps(self.known),
        }

    def taken(self) -> set[str]:
        """The operations that were answered with a 2xx at least once."""
        lines = Path(self.known["log"]).read_text().splitlines()
        return {title for title, _, status in (line.rpartition(" ") for line in lines) if status.startswith("2")}


def titles(description: dict) -> set[str]:
    """`GET /v1/organizations/{organization}` and so on."""
    return {f"{method.upper()} {path}" for path, item in description["paths"].items() for method in item}


def closed(description: dict) -> dict:
    """The description with closed objects in answers: they must not contain undescribed members.

    Events of a batch are left open: an invalid one is rejected in its own result, and the request is valid.
    """
    copy = json.loads(json.dumps(description))
    batch = copy["paths"]["/v1/events/batch"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    del batch["properties"]["events"]["items"]
    close(copy["components"]["schemas"])
    for item in copy["paths"].values():
        for operation in item.values():
            close(operation["responses"])
    return copy


def close(part):
    if isinstance(part, dict):
        if part.get("type") == "object" and "properties" in part:
            part.setdefault("additionalProperties", False)
        for inner in part.values():
            close(inner)
    elif isinstance(part, list):
        for inner in part:
            close(inner)
