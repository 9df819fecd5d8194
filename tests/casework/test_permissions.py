"""Every endpoint of casework × every role and scope × own county, another, a relation to it, and anonymous."""

from types import ModuleType

import httpx
import pytest

from tests.casework.access_log import asks as access_log
from tests.casework.access_withholdings import asks as access_withholdings
from tests.casework.break_glass import asks as break_glass
from tests.casework.case_members import asks as case_members
from tests.casework.case_transitions import asks as case_transitions
from tests.casework.cases import asks as cases
from tests.casework.consents import asks as consents
from tests.casework.data_subject_requests import asks as data_subject_requests
from tests.casework.legal_holds import asks as legal_holds
from tests.casework.people import asks as people
from tests.casework.person_searches import asks as person_searches
from tests.casework.retention_rules import asks as retention_rules
from tests.casework.retention_runs import asks as retention_runs
from tests.support.matrix import Matrix

SLICES: tuple[ModuleType, ...] = (
    people,
    person_searches,
    consents,
    cases,
    case_members,
    case_transitions,
    access_log,
    access_withholdings,
    break_glass,
    legal_holds,
    data_subject_requests,
    retention_rules,
    retention_runs,
)
"""Each has ASKS, and `prepare` when its requests are about more than the id of an institution."""

MATRIX = Matrix("casework", SLICES)


def test_every_endpoint_has_a_request_here() -> None:
    assert {*MATRIX.requests} == {*MATRIX.endpoints}


@pytest.mark.parametrize("name", sorted(MATRIX.endpoints))
async def test_everybody_may_do_what_the_rules_say_and_nothing_else(casework: httpx.AsyncClient, name: str) -> None:
    assert await MATRIX.contradictions(casework, name) == {}
