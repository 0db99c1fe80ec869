"""What a receiver answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0
    """Seconds that the receiver takes for it."""

    def wire(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} Answer"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.status != 204:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body


OK = Answer(200, b"received", (("Content-Type", "text/plain"),))
"""What a plain web hook receiver says."""
