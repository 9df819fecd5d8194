"""Support outside sessions: for whom, about what, for how long; recorded, summed, annulled, never deleted."""

from typing import Any

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.training.advisory_contacts.made import CONTACTS, an_authority, an_expert, contact, of_authority, recorded
from tests.training.sessions.made import a_programme, a_trainer, tag

ADVISER = call_as("adviser", subject="adviser", counties=[])
NOWHERE = "01990000-0000-7000-8000-000000000009"


async def test_an_authority_brings_its_programme_and_its_county(training: httpx.AsyncClient) -> None:
    ids = await a_programme(training)
    made = await recorded(training, of_authority(await an_authority(training, ids)))
    assert (made["programme_id"], made["county_terc"], made["given_by"]) == (ids["programme"], "2469", "adviser")
    assert made["recorded_by"] == "training_manager"


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"audience_role": None, "county_terc": None}, [("/county_terc", "missing"), ("/audience_role", "missing")]),
        ({"authority_id": NOWHERE}, [("/programme_id", "not_allowed"), ("/county_terc", "not_allowed")]),
        ({"programme_id": NOWHERE}, [("/programme_id", "not_found")]),
        ({"trainer_id": NOWHERE}, [("/trainer_id", "not_found")]),
        ({"contacted_on": "2099-12-30"}, [("/contacted_on", "in_future")]),
        ({"contacted_on": "2021-12-31"}, [("/contacted_on", "outside_dates")]),
        ({"minutes": 0}, [("/minutes", "too_small")]),
        ({"topic": "rozmowa z Janem"}, [("/topic", "wrong_format")]),
    ],
)
async def test_what_cannot_be_is_refused(
    training: httpx.AsyncClient, facts: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    answer = await training.post(CONTACTS, json=contact(await a_programme(training), **facts))
    assert answer.status_code == 422, answer.text
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == wrong


async def test_an_expert_is_from_outside_and_no_trainer(training: httpx.AsyncClient) -> None:
    ids = await a_programme(training)
    made = await recorded(training, contact(ids, trainer_id=await an_expert(training)))
    assert made["given_by"] == "expert"
    answer = await training.post(CONTACTS, json=contact(ids, trainer_id=await a_trainer(training)))
    assert answer.json()["errors"][0]["code"] == "not_allowed"


async def test_what_is_annulled_stays_and_counts_no_more(training: httpx.AsyncClient) -> None:
    ids = await a_programme(training)
    first = await recorded(training, contact(ids))
    await recorded(training, contact(ids, minutes=45))
    await recorded(training, of_authority(await an_authority(training, ids)))
    path = f"{CONTACTS}/{first['id']}/annul"
    annulled = (await training.post(path, json={"reason": "entered_twice"}, headers=tag(first))).json()
    assert (annulled["annulled_by"], annulled["version"]) == ("training_manager", 2)
    answer = await training.post(path, json={"reason": "entered_twice"}, headers=tag(annulled))
    assert_problem(answer, 409, "state-conflict")
    assert len((await training.get(CONTACTS)).json()["items"]) == 3
    counting = (await training.get(CONTACTS, params={"is_annulled": "false", "topic": "consents"})).json()["items"]
    assert [each["minutes"] for each in counting] == [45]
    assert (await training.get(f"{CONTACTS}/sums")).json() == {
        "items": [
            {
                "year": 2026,
                "audience_role": "early_screening_coordinator",
                "topic": "consents",
                "contacts": 1,
                "minutes": 45,
            },
            {"year": 2026, "audience_role": None, "topic": "diagnosis", "contacts": 1, "minutes": 60},
        ],
        "contacts": 2,
        "minutes": 105,
    }


async def test_an_adviser_records_nothing_of_a_county(training: httpx.AsyncClient) -> None:
    ids = await a_programme(training)
    assert_problem(await training.post(CONTACTS, json=contact(ids), headers=ADVISER), 403, "outside-scope")
    elsewhere = contact(ids, county_terc="2401")
    assert_problem(await training.post(CONTACTS, json=elsewhere), 403, "outside-scope")
