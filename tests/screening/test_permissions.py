"""Every endpoint of screening × every role and scope × own institution, own county, another county, and anonymous."""

from types import ModuleType

import httpx
import pytest

from tests.screening.campaigns import asks as campaigns
from tests.screening.fhir import asks as fhir
from tests.screening.instrument_packages import asks as instrument_packages
from tests.screening.instruments import asks as instruments
from tests.screening.norm_sets import asks as norm_sets
from tests.screening.protocols import asks as protocols
from tests.screening.rescorings import asks as rescorings
from tests.screening.screening_batches import asks as screening_batches
from tests.screening.screening_decisions import asks as screening_decisions
from tests.screening.screening_documents import asks as screening_documents
from tests.screening.screening_imports import asks as screening_imports
from tests.screening.screening_results import asks as screening_results
from tests.screening.screenings import asks as screenings
from tests.screening.studies import asks as studies
from tests.support.matrix import Matrix

SLICES: tuple[ModuleType, ...] = (
    fhir,
    instrument_packages,
    instruments,
    norm_sets,
    protocols,
    campaigns,
    screenings,
    screening_decisions,
    screening_results,
    screening_documents,
    screening_batches,
    screening_imports,
    rescorings,
    studies,
)
"""Each has ASKS, and `prepare` when its requests are about more than the id of an institution."""

MATRIX = Matrix("screening", SLICES, public=frozenset({"get_capability_statement"}))


def test_every_endpoint_has_a_request_here() -> None:
    assert {*MATRIX.requests} == {*MATRIX.endpoints}


@pytest.mark.parametrize("part", MATRIX.parts)
async def test_everybody_may_do_what_the_rules_say_and_nothing_else(screening: httpx.AsyncClient, part: str) -> None:
    assert await MATRIX.contradictions(screening, part) == {}
