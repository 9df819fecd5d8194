"""Who is erased stands on no certificate either, and gets none any more."""

import httpx

from tests.support.problems import assert_problem
from tests.support.records import fetch
from tests.training.certificates.made import CERTIFICATES, earned
from tests.training.groups.made import URL, send


async def test_a_certificate_stays_valid_and_tells_of_nobody(training: httpx.AsyncClient) -> None:
    ids = await earned(training)
    issued = await training.post(CERTIFICATES, json={"enrolment_id": ids["enrolment"]})
    assert issued.status_code == 201, issued.text
    me = {"id": ids["trainee"], "version": 1}
    assert (await send(training, f"/trainees/{me['id']}/erase", None, me)).status_code == 200
    after = (await training.get(f"{CERTIFICATES}/{issued.json()['id']}")).json()
    assert (after["given_name"], after["family_name"], after["state"]) == ("–", "–", "issued")
    kept = await fetch(training, "SELECT to_jsonb(certificates)::text AS told FROM certificates")
    assert not [row for row in kept if "Wymyślona" in row.told]
    verified = await training.get(f"{URL}/verify/{issued.json()['code']}", headers={"accept": "application/json"})
    assert verified.status_code == 200, verified.text


async def test_who_was_erased_gets_no_certificate_any_more(training: httpx.AsyncClient) -> None:
    ids = await earned(training)
    me = {"id": ids["trainee"], "version": 1}
    assert (await send(training, f"/trainees/{me['id']}/erase", None, me)).status_code == 200
    late = await training.post(CERTIFICATES, json={"enrolment_id": ids["enrolment"]})
    assert assert_problem(late, 409, "state-conflict")["allowed"] == []
