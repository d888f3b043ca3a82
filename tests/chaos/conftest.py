"""The whole house of the journeys; every test of this folder is marked `chaos`."""

from pathlib import Path

import pytest

from tests.journeys.conftest import anna, house, oleg, visitor

__all__ = ["anna", "house", "oleg", "visitor"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.chaos)
