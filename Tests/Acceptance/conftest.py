"""Fixtures of the acceptance tests: the real program, receivers on the loopback interface, an organization for each
test."""

import itertools
import os
from collections.abc import Callable, Iterator

import pytest

from harness.mail_relay import Relay
from harness.needs import OVER_POSTGRESQL
from harness.postgresql import PostgreSQL, postgresql, programs
from harness.receiver import Receiver
from harness.rows import PostgreSQLRows, Rows, SQLiteRows
from harness.service import Service, binary
from harness.tenant import Tenant


def pytest_configure(config):
    if not config.option.collectonly and not os.access(binary(), os.X_OK):
        config.stash[missing] = f"There is no program at {binary()}: build it (swift build), or name it in RUNBELL_BIN."


missing = pytest.StashKey[str]()


@pytest.fixture(scope="session", autouse=True)
def no_proxy():
    """Nothing may leave the machine, not even through a proxy from the environment."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]


@pytest.fixture(scope="module")
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="module")
def relay():
    """Takes mail."""
    relay = Relay()
    yield relay
    relay.close()


@pytest.fixture(scope="session")
def database_server() -> Iterator[PostgreSQL]:
    """CI must not pass without it."""
    if programs() is None and not os.environ.get("CI"):
        pytest.skip("no PostgreSQL server is installed")
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def new_database(request) -> Callable[[], dict[str, str]]:
    """What a service is told of its database: nothing, or with RUNBELL_TEST_DATABASE=postgres the address of one."""
    if not OVER_POSTGRESQL:
        return dict
    server = request.getfixturevalue("database_server")
    return lambda: {"RUNBELL_DATABASE": server.new_database()}


@pytest.fixture(scope="session")
def rows(request) -> Callable[[Service], Rows]:
    """Looks into what a service has stored, wherever that is."""

    def of(service: Service) -> Rows:
        address = service.environment.get("RUNBELL_DATABASE", "")
        if not address.startswith("postgres"):
            return SQLiteRows(service)
        return PostgreSQLRows(request.getfixturevalue("database_server"), address)

    return of


@pytest.fixture(scope="module")
def make_service(tmp_path_factory, receiver, request, new_database):
    """Creates services without starting them; at the end, each must still be healthy and exit with 0."""
    if story := request.config.stash.get(missing, None):
        pytest.fail(story, pytrace=False)
    made: list[Service] = []

    def make(**environment: str) -> Service:
        folder = tmp_path_factory.mktemp("service")
        made.append(Service(folder, receiver.host, **(new_database() | environment)))
        return made[-1]

    yield make
    for service in made:
        service.close()


@pytest.fixture(scope="module")
def service(make_service):
    """One running service for all tests of a file."""
    return make_service().start()


@pytest.fixture
def tenant(service, receiver):
    """An organization that only this test uses."""
    return Tenant(service, receiver)


@pytest.fixture(scope="session")
def runs():
    """Unique numbers of load test runs."""
    return itertools.count(4_711)
