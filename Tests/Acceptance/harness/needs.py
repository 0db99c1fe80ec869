"""What some tests need beyond Python. Where it is missing they are skipped, but not in CI: there they fail."""

import os

import pytest

OVER_POSTGRESQL = os.environ.get("RUNBELL_TEST_DATABASE") == "postgres"
"""Whether the services of the tests keep their data on a PostgreSQL server, each in a database of its own."""


def needs(is_there: bool, reason: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not is_there and not os.environ.get("CI"), reason=reason)


def needs_sqlite(reason: str) -> pytest.MarkDecorator:
    """For what is about the embedded database."""
    return pytest.mark.skipif(OVER_POSTGRESQL, reason=f"not over PostgreSQL: {reason}")
