"""Every endpoint of training × every role and scope × own county, another, a relation to it, and anonymous."""

from types import ModuleType

import httpx
import pytest

from tests.support.matrix import Matrix
from tests.training.advisory_contacts import asks as advisory_contacts
from tests.training.attendances import asks as attendances
from tests.training.calendars import asks as calendars
from tests.training.hour_totals import asks as hour_totals
from tests.training.outreach_metrics import asks as outreach_metrics
from tests.training.sessions import asks as sessions

SLICES: tuple[ModuleType, ...] = (
    advisory_contacts,
    attendances,
    calendars,
    hour_totals,
    outreach_metrics,
    sessions,
)
"""Each has ASKS, and `prepare` when its requests are about more than the id of an institution."""

MATRIX = Matrix("training", SLICES, public=frozenset({"read_session_calendar"}))


def test_every_endpoint_has_a_request_here() -> None:
    assert {*MATRIX.requests} == {*MATRIX.endpoints}


@pytest.mark.parametrize("name", sorted(MATRIX.endpoints))
async def test_everybody_may_do_what_the_rules_say_and_nothing_else(training: httpx.AsyncClient, name: str) -> None:
    assert await MATRIX.contradictions(training, name) == {}
