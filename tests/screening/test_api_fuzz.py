"""Every operation of screening's API document, asked with whatever the document allows and with what it forbids."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from tests.screening.campaigns.results import add_protocol, open_campaign
from tests.screening.screenings.made import add_screening
from tests.support.callers import claims, token
from tests.support.fuzz import EXAMPLES, Fuzz, aim

FUZZ = Fuzz("screening")
ROLES = ["programme_manager", "early_screening_coordinator", "researcher", "operator"]
EVERYBODY = claims("programme_manager", counties=["*"]) | {"roles": ROLES}


@pytest.fixture
async def known(racing_screening: httpx.AsyncClient) -> dict[str, Any]:
    """What is there to be asked about, by the name of the path parameter; and its ETag."""
    racing_screening.headers["authorization"] = f"Bearer {token(EVERYBODY)}"
    demo = (await racing_screening.get("/v1/screening/instruments/DEMO/versions/1")).json()
    norms = (await racing_screening.get("/v1/screening/instruments/DEMO/versions/1/norm-sets")).json()["items"]
    await add_protocol(racing_screening, "DEMO", code="DEMO")
    campaign = await open_campaign(racing_screening, "DEMO")
    return {
        "campaign_id": campaign,
        "screening_id": (await add_screening(racing_screening))["id"],
        "code": "DEMO",
        "number": 1,
        "norm_set_id": norms[0]["id"],
        "resource_id": f"{demo['id']}.0",
    }


@pytest.mark.parametrize(("label", "mode"), FUZZ.asked, ids=[f"{label} {mode}" for label, mode in FUZZ.asked])
@EXAMPLES
@given(data=st.data())
async def test_every_answer_is_as_documented_whatever_is_asked(
    racing_screening: httpx.AsyncClient, known: dict[str, Any], label: str, mode: GenerationMode, data: st.DataObject
) -> None:
    case = data.draw(FUZZ.cases(label, mode))
    if mode is GenerationMode.POSITIVE and data.draw(st.booleans()):
        aim(case, known, {"county_terc": "2469"})
    await FUZZ.ask(racing_screening, case)
