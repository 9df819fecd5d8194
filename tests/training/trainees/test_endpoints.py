"""Trainees, their accounts and their erasure, through the API."""

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch
from tests.training.groups.made import (
    URL,
    add_authority,
    add_group,
    add_programme,
    add_trainee,
    add_trainer,
    enrol,
    fill,
    leave,
    send,
    states,
)


async def test_a_look_at_people_is_noted_with_everybody_seen(training: httpx.AsyncClient) -> None:
    people = [await add_trainee(training) for _ in range(2)]
    listed = (await training.get(f"{URL}/trainees")).json()["items"]
    assert {item["id"] for item in listed} == {one["id"] for one in people}
    assert "email" not in listed[0]
    await training.get(f"{URL}/trainees/{people[0]['id']}")
    looks = await fetch(training, "SELECT action, detail FROM audit_records WHERE action ~ '^(get|list)_' ORDER BY id")
    seen = [(look.action, set(look.detail["people"])) for look in looks]
    ids = [one["id"] for one in people]
    assert seen == [("list_trainees", {*ids}), ("get_trainee", {ids[0]})]


async def test_what_contradicts_or_is_taken_is_refused(training: httpx.AsyncClient) -> None:
    programme = await add_programme(training, "authority_team")
    own, other = [await add_authority(training, programme, county=county) for county in ("2469", "2401")]
    trainee = await add_trainee(training, account="jan", source="office", external_id="7")
    path = f"/trainees/{trainee['id']}"
    for patch, code in (
        ({"authority_id": own}, "contradicts"),
        ({"authority_id": other, "organisation_type": "local_authority"}, "outside_county"),
    ):
        answer = await send(training, path, patch, trainee, "PATCH")
        assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == code
    body = {name: trainee[name] for name in ("county_terc", "given_name", "family_name", "sex", "relation")}
    body |= {"organisation_type": "ngo", "organisation_name": "N"}
    for more, slug in (
        ({"account": "jan"}, "trainee-account-taken"),
        ({"source": "office", "external_id": "7"}, "trainee-already-registered"),
    ):
        assert_problem(await training.post(f"{URL}/trainees", json={**body, **more}), 409, slug)
    assert_problem(await training.post(f"{URL}/trainees", json={**body, "source": "office"}), 422, "validation-failed")


async def test_a_trainer_sees_who_takes_part_in_own_groups_and_nobody_else(training: httpx.AsyncClient) -> None:
    programme, trainer = await add_programme(training), await add_trainer(training, account="anna")
    group = await add_group(training, programme, capacity=1, trainer_ids=[trainer["id"]])
    other = await add_group(training, programme)
    seated, waiting = await fill(training, group, 2)
    [elsewhere] = await fill(training, other, 1)
    anna = call_as("trainer", subject="anna", counties=["2401"])
    listed = (await training.get(f"{URL}/trainees", headers=anna)).json()["items"]
    assert [item["id"] for item in listed] == [seated["trainee_id"]]
    members = (await training.get(f"{URL}/groups/{group['id']}/enrolments", headers=anna)).json()["items"]
    assert [item["id"] for item in members] == [seated["id"]]
    for hidden in (waiting, elsewhere):
        answer = await training.get(f"{URL}/trainees/{hidden['trainee_id']}", headers=anna)
        assert_problem(answer, 404, "trainee-not-found")


async def test_a_trainee_sees_and_withdraws_the_own_enrolment_alone(training: httpx.AsyncClient) -> None:
    group = await add_group(training, await add_programme(training), capacity=1)
    me = await add_trainee(training)
    mine = await enrol(training, group, me)
    [waiting] = await fill(training, group, 1)
    joined = await send(training, f"/trainees/{me['id']}/account", {"account": "jan"}, me, "PUT")
    assert joined.json()["account"] == "jan"
    jan = call_as("trainee", subject="jan", counties=["2401"])
    listed = (await training.get(f"{URL}/enrolments", headers=jan)).json()["items"]
    assert [item["id"] for item in listed] == [mine["id"]]
    path = f"{URL}/enrolments/{waiting['id']}/withdraw"
    stolen = await training.post(path, json={}, headers={**jan, "if-match": f'"{waiting["id"]}:1"'})
    assert_problem(stolen, 404, "enrolment-not-found")
    path = f"{URL}/enrolments/{mine['id']}/withdraw"
    left = await training.post(path, json={}, headers={**jan, "if-match": f'"{mine["id"]}:1"'})
    assert left.json()["state"] == "withdrawn"
    assert await states(training, group) == ["withdrawn", "accepted"]
    parted = await send(training, f"/trainees/{me['id']}/account", {"account": None}, joined.json(), "PUT")
    assert parted.status_code == 200
    assert (await training.get(f"{URL}/enrolments", headers=jan)).json()["items"] == []


async def test_who_is_erased_is_counted_and_leads_to_nobody(training: httpx.AsyncClient) -> None:
    programme = await add_programme(training)
    group, ended = await add_group(training, programme, capacity=1), await add_group(training, programme)
    me = await add_trainee(training, account="jan", email="jan@example.org", source="office", external_id="7")
    await enrol(training, group, me)
    await enrol(training, ended, me)
    await fill(training, group, 1)
    await change(
        training, "UPDATE enrolments SET state = 'completed' WHERE group_id = CAST(:id AS uuid)", id=ended["id"]
    )
    erased = (await send(training, f"/trainees/{me['id']}/erase", None, me)).json()
    telling = ("given_name", "family_name", "organisation_name", "email", "institution_id", "account")
    assert [erased[name] for name in telling] == [None] * 6
    kept = ("sex", "organisation_type", "relation", "county_terc", "external_id")
    assert {name: erased[name] for name in kept} == {name: me[name] for name in kept}
    assert await states(training, group) == ["withdrawn", "accepted"]
    assert await states(training, ended) == ["completed"]
    assert await fetch(training, "SELECT kind FROM relations WHERE holder = 'account:jan'") == []
    again = await send(training, f"/trainees/{me['id']}/erase", None, erased)
    assert assert_problem(again, 409, "state-conflict")["state"] == "erased"
    found = (await training.get(f"{URL}/trainees?is_erased=true")).json()["items"]
    assert [item["id"] for item in found] == [me["id"]]
    enrolling = await training.post(f"{URL}/groups/{group['id']}/enrolments", json={"trainee_id": me["id"]})
    assert_problem(enrolling, 409, "state-conflict")


async def test_a_trainee_of_another_county_is_not_there(training: httpx.AsyncClient) -> None:
    trainee = await add_trainee(training)
    there = call_as("training_manager", counties=["2401"])
    answer = await training.get(f"{URL}/trainees/{trainee['id']}", headers=there)
    assert_problem(answer, 404, "trainee-not-found")
    group = await add_group(training, await add_programme(training))
    body = {"trainee_id": trainee["id"]}
    enrolling = await training.post(f"{URL}/groups/{group['id']}/enrolments", json=body, headers=there)
    assert_problem(enrolling, 404, "trainee-not-found")
    [made] = await fill(training, group, 1)
    tag = {"if-match": f'"{made["id"]}:1"'}
    path = f"{URL}/enrolments/{made['id']}/reject"
    rejecting = await training.post(path, json={"reason": "other"}, headers={**there, **tag})
    assert_problem(rejecting, 404, "enrolment-not-found")
    assert (await leave(training, made)).status_code == 200
