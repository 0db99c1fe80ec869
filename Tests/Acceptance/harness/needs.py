"""What some tests need beyond Python. Where it is missing they are skipped, but not in CI: there they fail."""

import os

import pytest


def needs(is_there: bool, reason: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not is_there and not os.environ.get("CI"), reason=reason)
