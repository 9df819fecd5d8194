"""Who may hand the page to parents, of which results, and that each page is on record."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.screening import peers
from services.screening.screening_documents.drawing import stop_drawing
from tests.casework.plan_documents.pdfs import pages_of
from tests.screening.screenings.made import CALLING, URL, act, add_screening
from tests.support.callers import OWN_INSTITUTION, call_as
from tests.support.institutions import institutions_by
from tests.support.problems import assert_problem
from tests.support.records import fetch

NURSERY = {
    "name": "Żłobek Zmyślony",
    "street": None,
    "building": "7",
    "postcode": "40-002",
    "locality": "Zmyślonów",
    "phone": "32 501 44 55",
}


@pytest.fixture(autouse=True)
async def ended() -> AsyncIterator[None]:
    yield
    await stop_drawing()


def registry(answer: httpx.Response) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: answer)


async def test_a_confirmed_result_is_a_page_without_scores_and_on_record(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening, answers=CALLING, institution_id=OWN_INSTITUTION)
    url = f"{URL}/{made['id']}/document"
    refused = assert_problem(await screening.get(url), 409, "result-not-confirmed")
    assert (refused["state"], "confirm" in refused["allowed"]) == ("scored", True)
    await act(screening, made, "confirm")
    async with peers.asking(institutions_by(registry(httpx.Response(200, json={"items": [NURSERY]})))):
        answer = await screening.get(url, params={"language": "pl"}, headers={"accept-language": "en"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
    told = {name: answer.headers[name] for name in ("content-language", "cache-control", "content-disposition")}
    assert told == {
        "content-language": "pl",
        "cache-control": "no-store",
        "content-disposition": f'attachment; filename="result-{made["id"]}.pdf"',
    }
    [page] = pages_of(answer.content)
    assert "Pytania dotyczyły: • Ruch i ręce • Porozumiewanie się • Relacje i emocje" in page
    assert "Razem" not in page, "a total is no area of a child's life"
    assert "Żłobek Zmyślony 40-002 Zmyślonów 7 Telefon: 32 501 44 55" in page
    record = "SELECT actor, county_terc FROM audit_records WHERE action = 'get_screening_document' AND outcome = 'done'"
    assert [tuple(row) for row in await fetch(screening, record)] == [("early_screening_coordinator", "2469")]


async def test_a_page_without_the_registry_leaves_lines_and_is_nobody_elses(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening, institution_id=OWN_INSTITUTION)
    await act(screening, made, "confirm")
    url = f"{URL}/{made['id']}/document"
    async with peers.asking(institutions_by(registry(httpx.Response(503)))):
        [page] = pages_of((await screening.get(url, headers={"accept-language": "en"})).content)
    assert "Place: Telephone: Somebody to talk to:" in page
    elsewhere = call_as("early_screening_coordinator", counties=["2401"])
    assert_problem(await screening.get(url, headers=elsewhere), 404, "screening-not-found")
    assert_problem(await screening.get(url, headers=call_as("researcher")), 403, "forbidden")
