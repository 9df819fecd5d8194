"""The document of a certificate, as it is sent."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.training.certificate_documents.drawing import stop_drawing
from tests.casework.plan_documents.pdfs import pages_of
from tests.training.certificates.made import certified, noted


@pytest.fixture(autouse=True)
async def ended() -> AsyncIterator[None]:
    yield
    await stop_drawing()


async def test_a_certificate_is_printed_with_a_name_in_it_and_none_outside(training: httpx.AsyncClient) -> None:
    made = await certified(training)
    url = f"/v1/training/certificates/{made['id']}/document"
    answer = await training.get(url, params={"language": "en"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    name = made["number"].replace("/", "-")
    assert answer.headers["content-disposition"] == f'attachment; filename="certificate-{name}.pdf"'
    first = pages_of(answer.content)[0]
    for said in ("Łucja Anna Żółć-Wymyślona", made["code"], "http://127.0.0.1:8000/v1/training/verify/"):
        assert said in first
    assert made["trainee_id"] in await noted(training, "get_certificate_document")
