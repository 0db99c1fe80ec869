"""A request as received."""

import json
import math
from dataclasses import dataclass


@dataclass(eq=False)
class Arrival:
    method: str
    target: str
    """Path and query as they stood in the request line."""
    headers: tuple[tuple[str, str], ...]
    """In their order, with the spelling of their names."""
    body: bytes
    at: float
    """time.monotonic() when the last byte was read."""
    answered_at: float = math.inf
    """time.monotonic() when its answer was written; infinity as long as it was not."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def delivery(self) -> str:
        """The delivery's id, the same at every attempt."""
        return self.header("X-LoadImpact-ID")

    @property
    def attempt(self) -> int:
        return int(self.header("X-LoadImpact-Attempt"))

    def header(self, name: str) -> str | None:
        """The single value of a header; a duplicate header is an error."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) <= 1, f"{name} stands {len(values)} times"
        return values[0] if values else None
