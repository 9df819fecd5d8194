"""A copy on paper holds what the copy in JSON holds, for whoever may have that one."""

import httpx
import pytest

from tests.casework.access_log.made import GUARDIAN
from tests.casework.data_subject_requests.made import asked, decided
from tests.casework.data_subject_requests.test_exports import whole
from tests.casework.people.test_endpoints import rows
from tests.casework.plan_documents.pdfs import languages_of, opened, pages_of
from tests.support.callers import call_as
from tests.support.problems import assert_problem


@pytest.mark.parametrize(("language", "heading"), [("pl", "Kopia danych"), ("en", "Copy of data")])
async def test_the_copy_tells_on_paper_what_it_tells_in_json(
    casework: httpx.AsyncClient, language: str, heading: str
) -> None:
    child = await whole(casework)
    request = await asked(casework, child, "access", details="wszystko o dziecku")
    export = (await casework.get(request["href"])).json()
    answer = await casework.get(f"{request['href']}/document", params={"language": language})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert (answer.headers["content-language"], answer.headers["cache-control"]) == (language, "no-store")
    assert answer.headers["content-disposition"] == f'attachment; filename="copy-{request["id"]}.pdf"'
    text = " ".join(pages_of(answer.content)).replace("\xa0", " ")
    assert heading in text
    for said in ("wszystko o dziecku", "opóźniona mowa", export["records"]["cases"][0]["number"]):
        assert said in text
    for name, count in export["counts"].items():
        assert f"_{name}" not in text
        assert count == 0 or f" {count} " in text
    with opened(answer.content) as document:
        assert str(document.Root.Lang) == language
    # What people wrote is spoken in their language.
    assert ("pl" in languages_of(answer.content)) == (language == "en")


async def test_nothing_of_others_is_told_on_paper(casework: httpx.AsyncClient) -> None:
    child = await whole(casework)
    request = await asked(casework, child, "access")
    text = " ".join(pages_of((await casework.get(f"{request['href']}/document")).content))
    [[mother]] = await rows(casework, "SELECT mother_id FROM people WHERE mother_id IS NOT NULL")
    for told in (str(mother), "Anna", "Ktoś", "doctor", "county_coordinator@", "tajne", "przemoc", "ratunkowym"):
        assert told not in text, told


async def test_the_family_has_it_once_it_is_released_and_the_look_is_noted(casework: httpx.AsyncClient) -> None:
    child = await whole(casework)
    request = await asked(casework, child, "access")
    path = f"{request['href']}/document"
    assert_problem(await casework.get(path, headers=GUARDIAN), 409, "copy-not-released")
    await decided(casework, request)
    assert (await casework.get(path, headers=GUARDIAN)).status_code == 200
    stranger = call_as("guardian", subject="stranger", counties=[], institution=None)
    assert_problem(await casework.get(path, headers=stranger), 404, "data-subject-request-not-found")
    noted = await rows(casework, "SELECT detail FROM audit_records WHERE action = 'get_export_document'")
    assert [detail["people"] for [detail] in noted if detail.get("people")] == [[child["id"]]]
