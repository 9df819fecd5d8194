"""Every endpoint of casework × every role and scope × own county, another, a relation to it, and anonymous."""

from types import ModuleType

import httpx
import pytest

from tests.casework.case_members import asks as case_members
from tests.casework.case_referrals import asks as case_referrals
from tests.casework.case_transitions import asks as case_transitions
from tests.casework.cases import asks as cases
from tests.casework.consents import asks as consents
from tests.casework.people import asks as people
from tests.casework.person_searches import asks as person_searches
from tests.casework.plan_versions import asks as plan_versions
from tests.casework.referral_intakes import asks as referral_intakes
from tests.casework.referrals import asks as referrals
from tests.support.matrix import Matrix

SLICES: tuple[ModuleType, ...] = (
    people,
    person_searches,
    consents,
    referrals,
    referral_intakes,
    cases,
    case_members,
    case_transitions,
    case_referrals,
    plan_versions,
)
"""Each has ASKS, and `prepare` when its requests are about more than the id of an institution."""

MATRIX = Matrix("casework", SLICES)


def test_every_endpoint_has_a_request_here() -> None:
    assert {*MATRIX.requests} == {*MATRIX.endpoints}


@pytest.mark.parametrize("name", sorted(MATRIX.endpoints))
async def test_everybody_may_do_what_the_rules_say_and_nothing_else(casework: httpx.AsyncClient, name: str) -> None:
    assert await MATRIX.contradictions(casework, name) == {}
