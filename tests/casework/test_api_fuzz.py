"""Every operation of casework's API document, asked with whatever the document allows and with what it forbids."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from services.chassis.data.database import Database
from tests.casework.documents.made import recorded
from tests.casework.plans.made import active, case_with_team
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.conftest import racing
from tests.support.callers import claims, token
from tests.support.fuzz import EXAMPLES, MANY, Fuzz, aim

FUZZ = Fuzz("casework")
FEWER = settings(EXAMPLES, max_examples=max(2, MANY // 6))
"""Casework has as many operations as the other services together, and matrix, canaries and races ask them as well."""
ROLES = ["county_coordinator", "specialist", "guardian", "programme_manager", "auditor", "operator"]
EVERYBODY = claims("county_coordinator") | {"roles": ROLES}


@pytest.fixture(scope="module")
async def service(admin_url: str, databases: dict[str, Database]) -> AsyncIterator[httpx.AsyncClient]:
    """Casework with a plan that is carried out, once for all operations: what a request may find is never foreseen."""
    async with racing("casework", admin_url, databases["casework"]) as client, playing(FakeRegistry()):
        yield client


@pytest.fixture(scope="module")
async def known(service: httpx.AsyncClient) -> dict[str, Any]:
    """What is there to be asked about, by the name of the path parameter."""
    case = await case_with_team(service)
    plan = await active(service, case)
    document = await recorded(service, person_id=case["person_id"], issued_on="2026-02-02", delivered_on=None)
    service.headers["authorization"] = f"Bearer {token(EVERYBODY)}"
    return {
        "person_id": case["person_id"],
        "case_id": case["id"],
        "document_id": document["id"],
        "plan_id": plan["id"],
        "goal_id": plan["goals"][0]["id"],
        "recommendation_id": plan["recommendations"][0]["id"],
        "step_id": plan["steps"][0]["id"],
    }


@pytest.mark.parametrize("label", [*FUZZ.operations])
@FEWER
@given(data=st.data())
async def test_every_answer_is_as_documented_whatever_is_asked(
    service: httpx.AsyncClient, known: dict[str, Any], label: str, data: st.DataObject
) -> None:
    mode = data.draw(st.sampled_from([mode for asked, mode in FUZZ.asked if asked == label]))
    case = data.draw(FUZZ.cases(label, mode))
    if mode is GenerationMode.POSITIVE and data.draw(st.booleans()):
        aim(case, known, {"county_terc": "2469", "person_id": known["person_id"], "case_id": known["case_id"]})
    await FUZZ.ask(service, case)
