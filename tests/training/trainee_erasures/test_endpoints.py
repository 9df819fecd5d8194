"""Who is erased stands on no certificate either, and gets none any more."""

import httpx

from tests.support.problems import assert_problem
from tests.support.records import change, fetch
from tests.training.certificates.made import CERTIFICATES, earned
from tests.training.conference_registrations.test_endpoints import somebody
from tests.training.conferences.made import opened, register
from tests.training.groups.made import URL, add_trainee, post, send

TRAINEE = {
    "county_terc": "2469",
    "given_name": "Jan",
    "family_name": "Inny",
    "sex": "male",
    "organisation_type": "cis",
    "organisation_name": "Centrum",
    "relation": "employee",
}


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


async def test_why_a_certificate_was_revoked_goes_with_the_person(training: httpx.AsyncClient) -> None:
    ids = await earned(training)
    issued = await training.post(CERTIFICATES, json={"enrolment_id": ids["enrolment"]})
    one, reason = issued.json(), {"reason": "wydany na prośbę Jana Wymyślonego"}
    url = f"{CERTIFICATES}/{one['id']}/revoke"
    assert (await training.post(url, json=reason, headers={"if-match": issued.headers["etag"]})).status_code == 200
    me = {"id": ids["trainee"], "version": 1}
    assert (await send(training, f"/trainees/{me['id']}/erase", None, me)).status_code == 200
    after = (await training.get(f"{CERTIFICATES}/{one['id']}")).json()
    assert (after["state"], after["revocation_reason"], after["version"]) == ("revoked", "–", 3)


async def test_who_was_erased_gets_no_certificate_any_more(training: httpx.AsyncClient) -> None:
    ids = await earned(training)
    me = {"id": ids["trainee"], "version": 1}
    assert (await send(training, f"/trainees/{me['id']}/erase", None, me)).status_code == 200
    late = await training.post(CERTIFICATES, json={"enrolment_id": ids["enrolment"]})
    assert assert_problem(late, 409, "state-conflict")["allowed"] == []


async def test_whoever_is_erased_leaves_no_name_at_a_conference_and_the_place_to_who_waits(
    training: httpx.AsyncClient,
) -> None:
    me = somebody(0)
    coming = await opened(training, capacity=1)
    await register(training, coming, me, name="Jan Wymyślony")
    waiting = (await register(training, coming, somebody(1))).json()
    past = await opened(training, capacity=1)
    await register(training, past, me, name="Jan Wymyślony", organisation="CIS Wymyślony")
    came = "UPDATE conference_registrations SET has_attended = true WHERE conference_id = CAST(:id AS uuid)"
    await change(training, came, id=past["id"])
    held = "UPDATE conferences SET state = 'held' WHERE id = CAST(:id AS uuid)"
    await change(training, held, id=past["id"])
    trainee = await add_trainee(training, account="person 0")
    shown = "SELECT version FROM conference_registrations WHERE account = 'person 0' ORDER BY id"
    before = [row.version for row in await fetch(training, shown)]
    await post(training, f"/trainees/{trainee['id']}/erase", None, trainee)
    after = await fetch(training, "SELECT version FROM conference_registrations WHERE account IS NULL ORDER BY id")
    # A cache that compares ETags has to ask for the row without the name.
    assert all(row.version > version for row, version in zip(after, before, strict=True))
    rows = await fetch(
        training, "SELECT to_jsonb(conference_registrations)::text AS told FROM conference_registrations"
    )
    assert not [row for row in rows if "Wymyślony" in row.told or "person 0" in row.told]
    moved_up = await fetch(
        training, "SELECT state FROM conference_registrations WHERE id = CAST(:id AS uuid)", id=waiting["id"]
    )
    assert [row.state for row in moved_up] == ["registered"]
    counts = (await training.get(f"{URL}/conferences/{past['id']}/attendance")).json()
    assert (counts["registered"], counts["attended"]) == (1, 1)


async def test_no_answer_kept_for_repeats_tells_of_who_was_erased(training: httpx.AsyncClient) -> None:
    ids = await earned(training)
    key = {"idempotency-key": "a-repeat"}
    issued = await training.post(CERTIFICATES, json={"enrolment_id": ids["enrolment"]}, headers=key)
    assert issued.json()["family_name"] in issued.text
    other = {"idempotency-key": "of-somebody-else"}
    added = await training.post(f"{URL}/trainees", json=TRAINEE, headers=other)
    assert added.status_code == 201, added.text
    me = {"id": ids["trainee"], "version": 1}
    assert (await send(training, f"/trainees/{me['id']}/erase", None, me)).status_code == 200
    again = await training.post(CERTIFICATES, json={"enrolment_id": ids["enrolment"]}, headers=key)
    assert_problem(again, 410, "erased")
    kept = await fetch(training, "SELECT convert_from(body, 'UTF8') AS told FROM idempotency_keys")
    assert not [row.told for row in kept if issued.json()["family_name"] in row.told]
    repeated = await training.post(f"{URL}/trainees", json=TRAINEE, headers=other)
    assert repeated.json() == added.json()
