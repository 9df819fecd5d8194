"""Who may validate a group."""

import httpx

from tests.support.problems import assert_problem
from tests.support.records import change
from tests.training.sessions.made import TRAINER, a_group, a_trainer, of_group, planned, tag, train
from tests.training.validations.made import AS_VALIDATOR, VALIDATIONS, found, named, taught


async def test_a_validator_validates_until_dismissed(training: httpx.AsyncClient) -> None:
    ids = await taught(training)
    assert_problem(await training.post(VALIDATIONS, json=found(ids), headers=AS_VALIDATOR), 404, "enrolment-not-found")
    one = (await named(training, ids)).json()
    assert_problem(await named(training, ids), 409, "group-validator-named")
    assert (await training.post(VALIDATIONS, json=found(ids), headers=AS_VALIDATOR)).status_code == 201
    url = f"/v1/training/groups/{ids['group']}/validators"
    assert [each["account"] for each in (await training.get(url)).json()["items"]] == ["maria"]
    assert (await training.delete(f"{url}/{one['id']}", headers=tag(one))).status_code == 204
    late = await training.post(VALIDATIONS, json=found(ids, "other"), headers=AS_VALIDATOR)
    assert_problem(late, 404, "enrolment-not-found")
    assert (await training.get(url)).json()["items"] == []


async def test_nobody_who_trains_or_is_trained_is_named(training: httpx.AsyncClient) -> None:
    ids = await taught(training, account="jan")
    refused = assert_problem(await named(training, ids, TRAINER), 403, "validator-not-independent")
    assert refused["relation"] == "trainer"
    refused = assert_problem(await named(training, ids, "jan"), 403, "validator-not-independent")
    assert refused["relation"] == "participant"
    guest = await a_trainer(training, "ewa")
    await train(training, ids["group"], guest)
    await planned(training, of_group(ids, trainer_ids=[guest]))
    await change(training, "DELETE FROM group_trainers WHERE trainer_id = CAST(:id AS uuid)", id=guest)
    assert_problem(await named(training, ids, "ewa"), 403, "validator-not-independent")


async def test_a_trainer_of_one_group_validates_another(training: httpx.AsyncClient) -> None:
    ids = await taught(training)
    guest = await a_trainer(training, "ewa")
    await a_group(training, ids, guest, account="ewa")
    assert (await named(training, ids, "ewa")).status_code == 201
