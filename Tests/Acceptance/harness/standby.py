"""Two PostgreSQL servers of a test's own: a primary, and a standby that gets every commit before it is answered."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .postgresql import programs
from .service import free_port
from .waiting import wait_until

SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
fsync = off
wal_level = replica
wal_receiver_status_interval = 1
"""


class Server:
    def __init__(self, folder: Path, user: str):
        self.data, self.user, self.port = folder, user, free_port()
        self.options = {"user": user} if os.geteuid() == 0 else {}

    def carry_out(self, program: str, *arguments: object):
        command = [programs() / program, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60, **self.options)

    def configure(self):
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS.format(port=self.port))

    def start(self):
        self.carry_out("pg_ctl", "-D", self.data, "-w", "-l", self.data / "log", "start")

    def stop(self, mode: str = "immediate"):
        self.carry_out("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def kill(self):
        """The machine is gone: every process of the server at once."""
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children")
        for process in [first, *map(int, children.read_text().split())] if children.exists() else []:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def run(self, statement: str, database: str = "postgres") -> str:
        place = ["-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, "-d", database]
        command = [programs() / "psql", "-X", "-q", "-t", "-A", *place, "-c", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()


class Pair:
    def __init__(self, folder: Path, user: str):
        self.primary, self.standby = Server(folder / "primary", user), Server(folder / "standby", user)

    def start(self):
        primary, standby = self.primary, self.standby
        settings = ["-U", primary.user, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]
        primary.carry_out("initdb", "-D", primary.data, *settings)
        primary.configure()
        primary.start()
        primary.run("CREATE ROLE runbell LOGIN")
        primary.run("CREATE DATABASE runbell OWNER runbell")
        source = ["-h", "127.0.0.1", "-p", str(primary.port), "-U", primary.user]
        standby.carry_out("pg_basebackup", "-D", standby.data, *source, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        standby.configure()
        standby.start()
        # The standby has none when it is promoted.
        primary.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.run("SELECT pg_reload_conf()")
        self.wait_for_standby()

    def wait_for_standby(self):
        question = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        wait_until(lambda: self.primary.run(question) == "1", 30, "the standby does not follow")

    def promote(self):
        self.standby.run("SELECT pg_promote()")

    @property
    def address(self) -> str:
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in (self.primary, self.standby))
        return f"postgresql://runbell@{hosts}/runbell?target_session_attrs=read-write"


@contextmanager
def pair() -> Iterator[Pair]:
    """It runs as long as the test. PostgreSQL refuses to run as root, who lets `nobody` do it."""
    assert programs(), "no PostgreSQL server is installed"
    folder = Path(tempfile.mkdtemp(prefix="runbell-pair-"))
    user = os.environ.get("USER", "runbell")
    if os.geteuid() == 0:
        user = "nobody"
        shutil.chown(folder, user)
    both = Pair(folder, user)
    try:
        both.start()
        yield both
    finally:
        for server in (both.primary, both.standby):
            if (server.data / "postmaster.pid").exists():
                server.kill()
        shutil.rmtree(folder, ignore_errors=True)
