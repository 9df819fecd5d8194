"""The document of a plan, asked for by address: what the family reads is what was agreed."""

from collections.abc import AsyncIterator
from io import BytesIO

import httpx
import pytest
from pypdf import PdfReader

from services.casework.plan_documents.drawing import stop_drawing
from tests.casework.people.test_endpoints import rows
from tests.casework.plans.made import FAMILY_GOAL, PLANS, RECOMMENDATION, active, case_with_team
from tests.support.callers import call_as
from tests.support.problems import assert_problem


@pytest.fixture(autouse=True)
async def without_leftovers() -> AsyncIterator[None]:
    """What draws ends with the test."""
    yield
    await stop_drawing()


async def test_the_document_holds_what_was_agreed_in_both_languages(
    casework: httpx.AsyncClient,
) -> None:
    plan = await active(casework, await case_with_team(casework))
    for language, heading in (("pl", "Plan wsparcia"), ("en", "Support plan")):
        answer = await casework.get(f"{PLANS}/{plan['id']}/document", params={"language": language})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-language"] == language
        reader = PdfReader(BytesIO(answer.content))
        assert str(reader.root_object["/Lang"])[:2] == language
        text = " ".join("".join(page.extract_text() for page in reader.pages).split())
        for part in (heading, FAMILY_GOAL["text"], RECOMMENDATION["text"], "Pani Basia"):
            assert part.replace(" ", "") in text.replace(" ", "").replace("\xa0", ""), part


async def test_the_file_name_tells_nothing_of_the_child_and_the_look_is_noted(casework: httpx.AsyncClient) -> None:
    plan = await active(casework, await case_with_team(casework))
    answer = await casework.get(f"{PLANS}/{plan['id']}/document")
    assert answer.headers["content-disposition"].startswith('attachment; filename="plan-2469-')
    [noted] = await rows(casework, "SELECT detail FROM audit_records WHERE action = 'get_plan_document'")
    assert noted["detail"]["people"] == [plan["person_id"]]


async def test_somebody_without_a_relation_is_told_nothing(casework: httpx.AsyncClient) -> None:
    plan = await active(casework, await case_with_team(casework))
    stranger = call_as("specialist", subject="stranger", counties=[], institution=None)
    answer = await casework.get(f"{PLANS}/{plan['id']}/document", headers=stranger)
    assert_problem(answer, 404, "plan-not-found")
