"""Certificates: earned, issued, records of their day, revoked."""

import uuid
from typing import Any

import httpx

from services.chassis.background.jobs import JobRun
from services.chassis.trust.callers import Caller, Reach
from services.training.certificates.actions import ISSUING
from services.training.permissions import Permission
from services.training.settings import TrainingSettings
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import app_of, change, fetch
from tests.training.certificates.made import CERTIFICATES, attended, attended_too, certified, earned, issue, noted
from tests.training.sessions.made import a_trainee, tag
from tests.training.validations.made import VALIDATIONS, recorded, seat_of, taught

AS_TRAINEE = call_as("trainee", subject="jan", counties=[])
_REVOKE = {"reason": "omyłkowo potwierdzona obecność"}


async def test_a_refusal_names_the_minutes_the_module_and_the_outcome(training: httpx.AsyncClient) -> None:
    ids = await taught(training)
    await attended(training, ids, 700)
    refused = assert_problem(await issue(training, ids), 409, "certificate-not-earned")
    assert (refused["attended_minutes"], refused["planned_minutes"], refused["required_percent"]) == (700, 900, 80)
    assert refused["missing_minutes"] == 20
    assert [(each["number"], each["attended_minutes"]) for each in refused["short_modules"]] == [(1, 700)]
    [lacking] = refused["missing_outcomes"]
    assert (lacking["module_number"], lacking["code"], lacking["state"]) == (1, "E1", "not_validated")


async def test_a_list_that_nobody_signed_proves_nothing(training: httpx.AsyncClient) -> None:
    ids = await taught(training)
    await attended(training, ids, 900, signed=False)
    await recorded(training, ids)
    assert assert_problem(await issue(training, ids), 409, "certificate-not-earned")["missing_minutes"] == 720


async def test_a_certificate_is_a_record_of_its_day(training: httpx.AsyncClient) -> None:
    made = await certified(training)
    number = f"{made['content']['programme_code']}/{made['issued_on'][:4]}/"
    assert made["number"].startswith(number)
    assert (made["given_name"], made["family_name"], made["state"]) == ("Łucja Anna", "Żółć-Wymyślona", "issued")
    assert (made["shows_name"], made["shows_content"], made["has_link"]) == (False, False, False)
    for statement in (
        "UPDATE programmes SET title_pl = 'Inne'",
        "UPDATE programme_modules SET minutes = 1",
        "UPDATE trainees SET family_name = 'Inna'",
        "UPDATE learning_outcomes SET text_pl = 'Inny'",
    ):
        await change(training, statement)
    after = (await training.get(f"{CERTIFICATES}/{made['id']}")).json()
    assert after == made
    content = after["content"]
    assert (content["title_pl"], content["attended_minutes"], content["planned_minutes"]) == ("Szkolenie", 720, 900)
    assert [(each["title_en"], each["minutes"]) for each in content["modules"]] == [("Module", 900)]
    assert [(each["code"], each["validated_on"]) for each in content["outcomes"]] == [("E1", "2026-10-05")]


async def test_codes_differ_and_say_nothing(training: httpx.AsyncClient) -> None:
    made = await certified(training)
    assert made["id"] not in made["code"]
    assert len(set(made["code"].replace("-", ""))) > 5


async def test_somebody_has_one_valid_certificate_of_a_group(training: httpx.AsyncClient) -> None:
    ids = await earned(training)
    made = (await issue(training, ids)).json()
    assert_problem(await issue(training, ids), 409, "certificate-issued")
    url = f"{CERTIFICATES}/{made['id']}/revoke"
    revoked = await training.post(url, json=_REVOKE, headers=tag(made))
    assert (revoked.json()["state"], revoked.json()["version"]) == ("revoked", 2)
    assert_problem(await training.post(url, json=_REVOKE, headers=tag(revoked.json())), 409, "state-conflict")
    assert (await issue(training, ids)).status_code == 201
    assert "potwierdzona" not in await noted(training, "revoke_certificate")


async def test_an_outcome_under_a_certificate_is_not_taken_back(training: httpx.AsyncClient) -> None:
    ids = await earned(training)
    made = (await issue(training, ids)).json()
    [outcome] = (await training.get(VALIDATIONS)).json()["items"]
    url = f"{VALIDATIONS}/{outcome['id']}/correct"
    back = {"is_achieved": False, "evidence": "x", "validated_on": "2026-10-05", "reason": "x"}
    assert_problem(await training.post(url, json=back, headers=tag(outcome)), 409, "certificate-stands")
    await training.post(f"{CERTIFICATES}/{made['id']}/revoke", json=_REVOKE, headers=tag(made))
    assert (await training.post(url, json=back, headers=tag(outcome))).status_code == 200


async def test_a_holder_sees_the_own_certificate_alone(training: httpx.AsyncClient) -> None:
    ids = await earned(training, account="jan")
    made = (await issue(training, ids)).json()
    other = await a_trainee(training, ids["group"])
    await attended_too(training, ids, other, 900)
    ids |= {"enrolment": await seat_of(training, other)}
    await recorded(training, ids)
    assert (await issue(training, ids)).status_code == 201
    listed = (await training.get(CERTIFICATES, headers=AS_TRAINEE)).json()["items"]
    assert [each["id"] for each in listed] == [made["id"]]


async def test_nothing_that_is_noted_has_a_name_in_it(training: httpx.AsyncClient) -> None:
    made = await certified(training)
    text = await noted(training, "issue_certificate")
    assert made["trainee_id"] in text
    for word in ("Łucja", "Wymyślona", made["code"]):
        assert word not in text


async def run_job(client: httpx.AsyncClient, group: str) -> dict[str, Any]:
    """What comes of the job, done here by whoever asked for it."""
    database = app_of(client).state.database
    may: dict[str, tuple[Reach, ...]] = {Permission.ISSUE_CERTIFICATES: (Reach.OWN_COUNTIES,)}
    asked_by = Caller("training_manager", counties=frozenset({"2469"}), permissions=may)
    run = JobRun(uuid.uuid4(), ISSUING.kind, asked_by, {"group_id": group}, database)
    async with database.change(asked_by) as work:
        result = (await ISSUING.run(work, run)).result
        assert result is not None
        return result.model_dump(mode="json")


async def test_a_group_gets_what_was_earned_and_hears_who_lacks_something(training: httpx.AsyncClient) -> None:
    ids = await earned(training)
    late = await a_trainee(training, ids["group"])
    guest = await a_trainee(training, ids["group"], "2401")
    await attended_too(training, ids, guest, 900)
    lacking = await seat_of(training, late)
    await recorded(training, ids, enrolment_id=await seat_of(training, guest))
    url = f"/v1/training/groups/{ids['group']}/certificate-readiness"
    people = (await training.get(url)).json()["people"]
    ready = {each["enrolment_id"]: each["is_ready"] for each in people}
    assert (ready[lacking], sorted(ready.values())) == (False, [False, True, True])
    asked = await training.post(
        f"/v1/training/groups/{ids['group']}/certificates:issue", headers={"idempotency-key": "1"}
    )
    assert asked.status_code == 202, asked.text
    first = await run_job(training, ids["group"])
    assert first == {"issued": 2, "existing": 0, "lacking": [lacking]}
    assert await run_job(training, ids["group"]) == {"issued": 0, "existing": 2, "lacking": [lacking]}


async def test_without_keys_no_certificate_is_issued(training: httpx.AsyncClient) -> None:
    ids = await earned(training)
    state = app_of(training).state
    settings: TrainingSettings = state.settings
    state.settings = settings.model_copy(update={"credential_keys_file": None})
    assert_problem(await issue(training, ids), 503, "credential-keys-missing")


async def test_minutes_that_a_valid_certificate_rests_on_are_taken_only_after_it_is_revoked(
    training: httpx.AsyncClient,
) -> None:
    certificate = await certified(training)
    [[session, attendance]] = await fetch(training, "SELECT session_id, id FROM attendances")
    path = f"/v1/training/sessions/{session}/attendance/{attendance}"
    record = {"id": str(attendance), "version": 1}

    async def correct(minutes: int) -> httpx.Response:
        body = {"minutes": minutes, "reason": "lista papierowa"}
        return await training.post(f"{path}/correct", json=body, headers=tag(record))

    assert_problem(await correct(600), 409, "certificate-stands")
    more = await correct(730)
    assert more.status_code == 200, more.text
    record["version"] = 2
    revoked = await training.post(f"{CERTIFICATES}/{certificate['id']}/revoke", json=_REVOKE, headers=tag(certificate))
    assert revoked.status_code == 200, revoked.text
    assert (await correct(600)).json()["minutes"] == 600
