"""A look at people and its record, in one statement or in two: the same answers, the same trail."""

from uuid import uuid4

import asyncpg
import httpx

from services.chassis.migrating import asyncpg_url
from tests.support.callers import call_as
from tests.support.looks import looked
from tests.support.problems import assert_problem
from tests.training.groups.made import URL, add_group, add_programme, add_trainee, add_trainer, enrol, fill


async def test_both_ways_show_the_same_and_leave_the_same_on_record(training: httpx.AsyncClient) -> None:
    programme, trainer = await add_programme(training), await add_trainer(training, account="anna")
    group = await add_group(training, programme, trainer_ids=[trainer["id"]])
    empty = await add_group(training, programme)
    await fill(training, group, 3)
    mine = await add_trainee(training)
    await enrol(training, group, mine)
    here, there = call_as("training_manager"), call_as("training_manager", counties=["2401"])
    both = call_as("training_manager", counties=["2401", "2469"])
    page = (await training.get(f"{URL}/trainees?limit=2", headers=here)).json()["next_cursor"]
    members = f"{URL}/groups/{group['id']}/enrolments"
    asks = [
        *[
            (f"{URL}/trainees{query}", here)
            for query in ("", "?limit=2", f"?limit=2&cursor={page}", "?sort=changed_at")
        ],
        *[(f"{URL}/trainees", who) for who in (there, both, call_as("trainer", subject="anna"))],
        (f"{URL}/trainees?fields=id,sex", here),
        (f"{URL}/trainees?fields=pesel", here),
        (f"{URL}/trainees", {**here, "prefer": "count=exact"}),
        *[(members, who) for who in (here, there, both, call_as("trainer", subject="anna"))],
        (f"{members}?state=accepted&limit=1", here),
        (f"{URL}/groups/{empty['id']}/enrolments", here),
        (f"{URL}/groups/{uuid4()}/enrolments", here),
    ]
    at_once, noted = await looked(training, asks, apart=False)
    apart, noted_apart = await looked(training, asks, apart=True)
    assert at_once == apart
    assert noted == noted_apart
    assert [len(record[-1].get("people", ())) for record in noted[:2]] == [4, 2]
    assert [status for status, _, _ in at_once].count(200) == len(asks) - 2
    # Of what was not there the address alone is noted.
    assert [(record[1], record[3]) for record in noted if record[3] != "done"] == [("read", "refused")]


async def test_what_cannot_be_on_record_is_not_shown(racing_training: httpx.AsyncClient, admin_url: str) -> None:
    group = await add_group(racing_training, await add_programme(racing_training))
    await fill(racing_training, group, 2)
    admin = await asyncpg.connect(asyncpg_url(admin_url))
    await admin.execute("REVOKE INSERT ON training.audit_records FROM training_app")
    try:
        for path in ("/trainees", f"/groups/{group['id']}/enrolments"):
            answer = await racing_training.get(f"{URL}{path}")
            assert_problem(answer, 503, "audit-unavailable")
            assert "Testowy" not in answer.text
    finally:
        await admin.execute("GRANT INSERT ON training.audit_records TO training_app")
        await admin.close()
