"""Many at once: an outcome is validated once, and never by somebody who trains the group by then."""

import asyncio

import httpx

from tests.support.records import app_of
from tests.training.sessions.made import a_trainer
from tests.training.validations.made import AS_VALIDATOR, VALIDATIONS, found, named, taught

_LOCK = "SELECT id FROM groups WHERE id = $1::text::uuid FOR NO KEY UPDATE"
_TRAIN = "INSERT INTO group_trainers (group_id, trainer_id) VALUES ($1::text::uuid, $2::text::uuid)"


async def test_of_eight_who_validate_an_outcome_at_once_one_is_recorded(racing_training: httpx.AsyncClient) -> None:
    ids = await taught(racing_training)
    answers = await asyncio.gather(*[racing_training.post(VALIDATIONS, json=found(ids)) for _ in range(8)])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_who_becomes_a_trainer_meanwhile_is_refused(racing_training: httpx.AsyncClient) -> None:
    ids = await taught(racing_training)
    assert (await named(racing_training, ids)).status_code == 201
    trainer = await a_trainer(racing_training, "maria")
    async with app_of(racing_training).state.database.change() as change:
        await change.fetch(_LOCK, ids["group"])
        waiting = asyncio.create_task(racing_training.post(VALIDATIONS, json=found(ids), headers=AS_VALIDATOR))
        done, _ = await asyncio.wait([waiting], timeout=0.5)
        assert not done
        await change.run(_TRAIN, ids["group"], trainer)
    assert (await waiting).status_code == 403
