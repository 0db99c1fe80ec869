"""A client command that runs until it is stopped, such as `runbell listen`."""

import json
import queue
import subprocess
import threading

from .service import binary, clean_environment
from .tenant import Tenant


class RunningCommand:
    """Its lines can be waited for. Use it in a `with` statement."""

    def __init__(self, tenant: Tenant, *arguments: str, key: str | None = None):
        variables = {
            "RUNBELL_URL": tenant.service.url,
            "RUNBELL_KEY": key or tenant.owner.key,
            "RUNBELL_ORGANIZATION": str(tenant.number),
        }
        self.process = subprocess.Popen(
            [str(binary()), *arguments],
            env=clean_environment() | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.out, self.notes = self._lines(self.process.stdout), self._lines(self.process.stderr)

    def line(self, timeout: float = 15) -> str:
        return self.out.get(timeout=timeout)

    def json(self, timeout: float = 15) -> dict:
        return json.loads(self.line(timeout))

    def note(self, timeout: float = 15) -> str:
        return self.notes.get(timeout=timeout)

    def is_silent(self, seconds: float) -> bool:
        try:
            self.out.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def __enter__(self) -> "RunningCommand":
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)

    @staticmethod
    def _lines(stream) -> queue.Queue:
        lines: queue.Queue = queue.Queue()

        def read():
            with stream:
                for line in stream:
                    lines.put(line.rstrip("\n"))

        threading.Thread(target=read, daemon=True).start()
        return lines
