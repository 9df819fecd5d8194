"""Support events sent many at once, each judged by itself; and counts as SIO has them."""

import uuid
from typing import Any

import httpx

from tests.casework.people.made import registered, tag
from tests.casework.support_events.made import EVENTS, TODAY, days_ago, early, long_open, recorded, support
from tests.support.callers import OTHER_INSTITUTION, call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch


async def sent(client: httpx.AsyncClient, *items: Any, key: str | None = None) -> httpx.Response:
    headers = {"idempotency-key": key or str(uuid.uuid4())}
    return await client.post(f"{EVENTS}:batch", json={"items": items}, headers=headers)


async def test_what_is_wrong_with_one_keeps_none_of_the_others_out(casework: httpx.AsyncClient) -> None:
    case, other = await long_open(casework), await long_open(casework)
    joining = {"case_id": other["id"], "present": [case["person_id"]]}
    items = [
        support(case),
        {"case_id": case["id"]},
        support(case, case_id=str(uuid.uuid4())),
        early(case, minutes=480),
        early(case, minutes=1),
        # The first child of this group could be recorded, the second could not: neither is.
        support(case, form="group_classes", minutes=77, others=[joining]),
        "nothing",
        support(case, occurred_on="2199-01-01"),
    ]
    body = (await sent(casework, *items)).json()
    answered = [(one["index"], one["status"], one["problem"] and one["problem"]["code"]) for one in body["items"]]
    assert answered == [
        (0, "created", None),
        (1, "refused", "validation_failed"),
        (2, "refused", "case_not_found"),
        (3, "created", None),
        (4, "refused", "running_body_consent_required"),
        (5, "refused", "unknown_reference"),
        (6, "refused", "validation_failed"),
        (7, "refused", "validation_failed"),
    ]
    kept = (await casework.get(EVENTS)).json()["items"]
    assert sorted(one["minutes"] for one in kept) == [45, 480]
    assert {one["id"] for one in body["items"] if one["id"]} == {one["id"] for one in kept}
    for table, where in (("audit_records", "action = 'record_support_event'"), ("events", "type LIKE '%recorded'")):
        rows = await fetch(casework, f"SELECT count(*) FROM {table} WHERE {where} AND subject LIKE 'support-events/%'")
        assert rows[0][0] == 2, table


async def test_a_batch_that_is_sent_again_is_answered_as_it_was(casework: httpx.AsyncClient) -> None:
    case = await long_open(casework)
    first = await sent(casework, support(case), key="one")
    again = await sent(casework, support(case), key="one")
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert_problem(
        await casework.post(f"{EVENTS}:batch", json={"items": [support(case)]}), 400, "missing-idempotency-key"
    )
    assert_problem(await sent(casework, *[support(case)] * 201), 422, "validation-failed")
    assert_problem(await sent(casework), 422, "validation-failed")


async def of_family(client: httpx.AsyncClient) -> tuple[dict[str, Any], list[str]]:
    """A case of a child who lives with its mother and its father, and the three of them."""
    case = await long_open(client)
    parents = [(await registered(client, given_name=name, born_on="1990-04-05"))["id"] for name in ("Anna", "Jan")]
    family = [case["person_id"], *parents]
    await fetch(
        client,
        "WITH home AS (INSERT INTO households (county_terc) VALUES ('2469') RETURNING id)"
        " INSERT INTO household_members (county_terc, household_id, person_id, role, joined_on)"
        " SELECT '2469', home.id, person, 'member', '2020-01-01'"
        " FROM home, unnest(CAST(:people AS uuid[])) AS person RETURNING id",
        people=[uuid.UUID(one) for one in family],
    )
    return case, family


async def counted(client: httpx.AsyncClient, headers: Any = None, **query: Any) -> dict[str, Any]:
    answer = await client.get(f"{EVENTS}/counts", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_family_therapy_counts_as_sio_counts_it(casework: httpx.AsyncClient) -> None:
    # The three vectors of the instruction: 1 form for 3, the same three again 2 for 3, three others 3 for 6.
    (case, family), (other, others) = await of_family(casework), await of_family(casework)
    therapy = {"form": "family_therapy", "kind": "therapeutic"}
    steps = [(case, family, 1, 3), (case, family, 2, 3), (other, others, 3, 6)]
    for one, present, forms, beneficiaries in steps:
        await recorded(casework, support(one, present=present, **therapy))
        counts = await counted(casework, county_terc="2469")
        [of_form] = counts["by_form"]
        assert (of_form["form"], of_form["forms"], of_form["beneficiaries"]) == ("family_therapy", forms, beneficiaries)
        assert (counts["forms"], counts["beneficiaries"]) == (forms, beneficiaries)


async def test_a_group_is_one_form_and_what_was_annulled_is_none(casework: httpx.AsyncClient) -> None:
    case, other = await long_open(casework), await long_open(casework)
    joining = {"case_id": other["id"], "present": [other["person_id"]]}
    await recorded(casework, support(case, form="group_classes", others=[joining]))
    await recorded(casework, support(case, form="consultation", kind="informational", occurred_on=days_ago(9)))
    wrong = await recorded(casework, support(other, form="workshop"))
    await casework.post(f"{EVENTS}/{wrong['id']}/annul", json={"reason": "wrong_child"}, headers=tag(wrong))
    counts = await counted(casework)
    assert (counts["forms"], counts["beneficiaries"]) == (2, 2)
    group = {"kind": "therapeutic", "form": "group_classes", "forms": 1, "beneficiaries": 2}
    talk = {"kind": "informational", "form": "consultation", "forms": 1, "beneficiaries": 1}
    assert counts["by_kind_and_form"] == [talk, group]
    assert [one["kind"] for one in counts["by_kind"]] == ["informational", "therapeutic"]
    assert (await counted(casework, **{"from": TODAY.isoformat()}))["forms"] == 1
    assert (await counted(casework, to=days_ago(1)))["forms"] == 1
    nothing = await counted(casework, institution_id=OTHER_INSTITUTION)
    assert (nothing["forms"], nothing["beneficiaries"], nothing["by_form"]) == (0, 0, [])


async def test_counts_are_of_what_the_caller_may_read(casework: httpx.AsyncClient) -> None:
    await recorded(casework, support(await long_open(casework)))
    assert (await counted(casework))["forms"] == 1
    assert (await counted(casework, call_as("county_coordinator", counties=["2401"])))["forms"] == 0
    assert (await counted(casework, call_as("specialist")))["forms"] == 0
    manager = await casework.get(f"{EVENTS}/counts", headers=call_as("programme_manager"))
    assert_problem(manager, 403, "forbidden")
