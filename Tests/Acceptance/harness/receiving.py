"""`runbell receive`, which plays the services."""

import json
import re
import subprocess

from .service import binary, clean_environment


class Receiving:
    """A running `runbell receive`."""

    def __init__(self, *options: str):
        command = [str(binary()), "receive", "--listen", "127.0.0.1:0", "--json", *options]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, env=clean_environment(), **streams)
        self.url = re.search(r"\w+://[^;\s]+", self.process.stderr.readline())[0]
        self.host = self.url.partition("//")[2]

    def arrival(self) -> dict:
        return json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()
        self.process.stderr.close()
