"""Every endpoint of training × every role and scope × own county, another, a relation to it, and anonymous."""

from types import ModuleType

import httpx
import pytest

from tests.support.matrix import Matrix
from tests.training.attendances import asks as attendances
from tests.training.certificate_disclosures import asks as certificate_disclosures
from tests.training.certificate_documents import asks as certificate_documents
from tests.training.certificates import asks as certificates
from tests.training.credentials import asks as credentials
from tests.training.group_validators import asks as group_validators
from tests.training.sessions import asks as sessions
from tests.training.validations import asks as validations
from tests.training.verifications import asks as verifications

SLICES: tuple[ModuleType, ...] = (
    attendances,
    sessions,
    group_validators,
    validations,
    certificates,
    certificate_disclosures,
    certificate_documents,
    credentials,
    verifications,
)
"""Each has ASKS, and `prepare` when its requests are about more than the id of an institution."""

MATRIX = Matrix("training", SLICES, public=credentials.PUBLIC | verifications.PUBLIC)


def test_every_endpoint_has_a_request_here() -> None:
    assert {*MATRIX.requests} == {*MATRIX.endpoints}


@pytest.mark.parametrize("name", sorted(MATRIX.endpoints))
async def test_everybody_may_do_what_the_rules_say_and_nothing_else(training: httpx.AsyncClient, name: str) -> None:
    assert await MATRIX.contradictions(training, name) == {}
