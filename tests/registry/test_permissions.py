"""Every endpoint × every role and scope × own institution, own county, another county, and anonymous."""

import httpx
import pytest

from tests.registry.agreements import asks as agreements
from tests.registry.appointments import asks as appointments
from tests.registry.bodies import asks as bodies
from tests.registry.documents import asks as documents
from tests.registry.institutions import asks as institutions
from tests.registry.legal_acts import asks as legal_acts
from tests.registry.local_programmes import asks as local_programmes
from tests.registry.networks import asks as networks
from tests.registry.processes import asks as processes
from tests.registry.programmes import asks as programmes
from tests.registry.register_reports import asks as register_reports
from tests.registry.reservations import asks as reservations
from tests.registry.support_services import asks as support_services
from tests.registry.territories import asks as territories
from tests.support.matrix import Matrix
from tests.support.records import add_territory

SLICES = (
    legal_acts,
    territories,
    institutions,
    support_services,
    reservations,
    local_programmes,
    processes,
    agreements,
    networks,
    programmes,
    bodies,
    documents,
    register_reports,
    appointments,
)
"""Each has ASKS, and `prepare` when its requests are about more than an institution."""

MATRIX = Matrix("registry", SLICES, begin=add_territory, prepare=institutions.prepare)


def test_every_endpoint_has_a_request_here() -> None:
    assert {*MATRIX.requests} == {*MATRIX.endpoints}


@pytest.mark.parametrize("part", MATRIX.parts)
async def test_everybody_may_do_what_the_rules_say_and_nothing_else(registry: httpx.AsyncClient, part: str) -> None:
    assert await MATRIX.contradictions(registry, part) == {}
