"""The page that says who may do what."""

from pathlib import Path

import pytest

from tests.support.permissions import page
from tests.support.services import SERVICES, module_of

ROOT = Path(__file__).parents[1]


def test_the_page_of_permissions_says_what_the_code_says() -> None:
    assert (ROOT / "docs/permissions.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("service", SERVICES)
def test_an_event_that_nobody_thought_of_is_still_somebodys(service: str) -> None:
    """Each feed says of all types of its service who sees them, by permissions that the service has."""
    kinds, known = module_of(service, "events").EVENTS.kinds, module_of(service, "permissions").Permission
    assert f"{service}." in kinds
    assert {needed for needed in kinds.values() if needed is not None} <= {*known}
