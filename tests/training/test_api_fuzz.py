"""Every operation of training's API document, asked with whatever the document allows and with what it forbids."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from services.chassis.data.database import Database
from services.training.peers import asking
from tests.conftest import racing
from tests.support.callers import claims, token
from tests.support.fuzz import EXAMPLES, MANY, Fuzz, aim
from tests.training.authorities.made import recruited, team_of
from tests.training.certificates.made import certified
from tests.training.enrolments.registries import sites_of

FUZZ = Fuzz("training")
FEWER = settings(EXAMPLES, max_examples=max(2, MANY // 6))
"""As many as of casework, which is as large: the matrix and the tests of each slice ask these operations as well."""
ROLES = ["training_manager", "programme_manager", "trainer", "trainee", "authority_member", "auditor", "operator"]
TRAINEE = "somebody"
EVERYBODY = claims("training_manager", subject=TRAINEE) | {"roles": ROLES}


@pytest.fixture(scope="module")
async def service(admin_url: str, databases: dict[str, Database]) -> AsyncIterator[httpx.AsyncClient]:
    """Training with a certificate and an authority, once for all operations."""
    async with racing("training", admin_url, databases["training"]) as client:
        with asking(sites_of({}, every="TMW")):
            yield client


@pytest.fixture(scope="module")
async def known(service: httpx.AsyncClient) -> dict[str, Any]:
    """What is there to be asked about, by the name of the path parameter."""
    certificate = await certified(service, TRAINEE)
    authority = await recruited(service)
    await team_of(service, authority)
    sessions = (await service.get("/v1/training/sessions?state=held")).json()["items"]
    service.headers["authorization"] = f"Bearer {token(EVERYBODY)}"
    return {
        "certificate_id": certificate["id"],
        "code": authority["programme"]["code"],
        "number": 1,
        "enrolment_id": certificate["enrolment_id"],
        "group_id": certificate["group_id"],
        "trainee_id": certificate["trainee_id"],
        "session_id": sessions[0]["id"],
        "authority_id": authority["id"],
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
        aim(case, known, {"county_terc": "2469", **{name: known[name] for name in ("trainee_id", "enrolment_id")}})
    await FUZZ.ask(service, case)
