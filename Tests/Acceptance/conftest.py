"""Fixtures of the acceptance tests: the real program, receivers on the loopback interface, an organization for each
test."""

import itertools
import os

import pytest

from harness.mail_relay import Relay
from harness.receiver import Receiver
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


@pytest.fixture(scope="module")
def make_service(tmp_path_factory, receiver, request):
    """Creates services without starting them; at the end, each must still be healthy and exit with 0."""
    if story := request.config.stash.get(missing, None):
        pytest.fail(story, pytrace=False)
    made: list[Service] = []

    def make(**environment: str) -> Service:
        made.append(Service(tmp_path_factory.mktemp("service"), receiver.host, **environment))
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
