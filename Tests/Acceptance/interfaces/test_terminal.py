"""What the program prints on a terminal, and what it prints where a program reads it."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

import pytest

from harness.events import finished
from harness.service import binary, clean_environment

COLOR = re.compile(r"\x1b\[[0-9]+m")
COLUMNS = 100


def on_a_terminal(tenant, *arguments: str, **environment: str) -> list[str]:
    """The lines that a terminal of 100 columns gets, in Berlin."""
    variables = {"TERM": "xterm", "TZ": "Europe/Berlin", "RUNBELL_URL": tenant.service.url}
    variables |= {"RUNBELL_KEY": tenant.owner.key, "RUNBELL_ORGANIZATION": str(tenant.number)} | environment
    mother, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 30, COLUMNS, 0, 0))
    command = [str(binary()), *arguments]
    streams = {"stdin": subprocess.DEVNULL, "stdout": child, "stderr": subprocess.PIPE}
    # pytest's workers say how wide their own terminal is.
    others = {name: value for name, value in clean_environment().items() if name != "COLUMNS"}
    process = subprocess.Popen(command, env=others | variables, **streams)
    os.close(child)
    output = b""
    try:
        while data := os.read(mother, 65536):
            output += data
    except OSError:
        pass  # That is how Linux says that nobody writes there any longer.
    os.close(mother)
    assert process.wait(20) == 0, process.stderr.read()
    process.stderr.close()
    return output.decode().splitlines()


@pytest.fixture
def delivered(tenant, runs):
    channel = tenant.channel("webhook", "A channel with a rather long name, which does not fit beside all the others")
    accepted = tenant.post(finished(tenant.number, next(runs)))
    assert tenant.settled(accepted["id"], channel)["state"] == "delivered"
    return channel


def test_a_table_fits_and_has_names_local_times_and_colors(tenant, delivered):
    head, line = on_a_terminal(tenant, "deliveries", "list")
    assert "\x1b[32mdelivered\x1b[0m" in line
    bare = COLOR.sub("", line)
    assert len(bare) <= COLUMNS
    assert "A channel" in bare
    assert "…" in bare
    assert COLOR.sub("", head).startswith("ID")
    events = COLOR.sub("", on_a_terminal(tenant, "keys", "list")[1])
    assert re.search(r"\+0[12]:00$|…$", events), events


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colors_can_be_turned_off(tenant, delivered, environment):
    lines = on_a_terminal(tenant, "deliveries", "list", **environment)
    assert not any(COLOR.search(line) for line in lines)


def test_a_program_gets_everything_in_utc(tenant, delivered):
    in_organization = ["--organization", str(tenant.number)]
    about = {"key": tenant.owner.key, "TZ": "Europe/Berlin"}
    deliveries = tenant.service.run("deliveries", "list", *in_organization, **about).stdout
    keys = tenant.service.run("keys", "list", *in_organization, **about).stdout
    assert delivered["name"] in deliveries
    assert re.search(r"\d\d:\d\d:\d\dZ$", keys.splitlines()[1])
    assert not COLOR.search(deliveries)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_of_a_shell_knows_the_commands(tenant, shell):
    script = tenant.service.run("completion", shell)
    assert script.returncode == 0
    assert all(word in script.stdout for word in ("runbell", "deliveries", "follow"))


def test_bash_completes_with_it(tenant):
    ask = 'source /dev/stdin; COMP_WORDS=(runbell ch); COMP_CWORD=1; _runbell "" ch; echo "${COMPREPLY[@]}"'
    script = tenant.service.run("completion", SHELL="/bin/bash").stdout
    done = subprocess.run(["bash", "-c", ask], input=script, capture_output=True, text=True, timeout=20, check=False)
    assert "channels" in done.stdout.split(), done.stderr


def test_without_a_known_shell_completion_asks_for_one(tenant):
    unknown = tenant.service.run("completion", SHELL="/bin/tcsh")
    assert (unknown.returncode, unknown.stdout) == (64, "")
    assert "bash, zsh or fish" in unknown.stderr
