"""What the service refuses before it touches anything: another's folder, links instead of its files, a wrong key."""

import base64
import contextlib
import os
import sqlite3
import subprocess

import pytest

from harness.needs import needs, needs_sqlite
from harness.service import binary, clean_environment


def start(folder) -> subprocess.CompletedProcess:
    command = [str(binary()), "migrate", "--data", str(folder)]
    return subprocess.run(command, env=clean_environment(), capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "data"
    assert start(path).returncode == 0
    return path


def state(folder) -> tuple[bytes, list[str]]:
    """What the folder holds. Not byte by byte: whenever the driver of SQLite opens a database, it writes an empty
    transaction, which counts in the file's head."""
    with contextlib.closing(sqlite3.connect(folder / "runbell.db")) as database:
        return (folder / "operator.key").read_bytes(), list(database.iterdump())


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702], ids=oct)
def test_a_folder_that_others_may_write_is_refused(folder, mode):
    folder.chmod(mode)
    done = start(folder)
    assert done.returncode == 2
    assert "others can write" in done.stderr
    folder.chmod(0o755)
    assert start(folder).returncode == 0


@needs(os.geteuid() == 0, "only root can give a folder away")
def test_another_users_folder_is_refused(folder):
    os.chown(folder, 12345, 12345)
    done = start(folder)
    assert done.returncode == 2
    assert "another user" in done.stderr


def test_a_link_in_the_place_of_the_lock_is_refused(folder, tmp_path):
    target = tmp_path / "target"
    target.write_text("precious")
    (folder / "lock").unlink()
    (folder / "lock").symlink_to(target)
    assert start(folder).returncode == 2
    assert target.read_text() == "precious"


@needs_sqlite("there is no ballast")
def test_a_link_in_the_place_of_the_ballast_is_not_followed(make_service, tmp_path):
    service = make_service()
    target = tmp_path / "target"
    target.write_text("precious")
    service.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    (service.data / "runbell.db-ballast.new").symlink_to(target)
    service.start()
    assert target.read_text() == "precious"


def test_a_start_with_a_wrong_master_key_fails_before_anything_is_written(folder):
    key = folder / "master.key"
    right = key.read_text()
    key.write_text(base64.b64encode(b"k" * 32).decode() + "\n")
    before = state(folder)
    done = start(folder)
    assert done.returncode == 2
    assert "is not the key of the database" in done.stderr
    assert state(folder) == before
    key.write_text(right)
    assert start(folder).returncode == 0
