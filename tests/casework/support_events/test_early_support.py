"""Hours of early support in a month, groups, and the one who organises it (Dz.U. 2017 poz. 1635, § 6)."""

import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.casework.cases.made import opened
from tests.casework.people.made import tag
from tests.casework.support_events.made import (
    EVENTS,
    TODAY,
    age,
    documented,
    early,
    long_open,
    recorded,
    referred,
    related,
    support,
)
from tests.support.callers import OTHER_INSTITUTION, call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch

LAST_MONTH = TODAY.replace(day=1) - timedelta(days=1)
MONTH = LAST_MONTH.isoformat()[:7]
DAYS = [LAST_MONTH.replace(day=day).isoformat() for day in range(1, 21)]


async def hours(client: httpx.AsyncClient, case: dict[str, Any], month: str = MONTH, **headers: str) -> dict[str, Any]:
    path = f"/v1/casework/cases/{case['id']}/early-support-hours"
    answer = await client.get(path, params={"month": month}, headers=headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def fill(client: httpx.AsyncClient, case: dict[str, Any], *minutes: int) -> list[dict[str, Any]]:
    """Meetings of early support of so many minutes, on the first days of last month."""
    days = zip(DAYS, minutes, strict=False)
    return [await recorded(client, early(case, occurred_on=day, minutes=each)) for day, each in days]


@pytest.mark.parametrize(
    ("minutes", "status", "shown", "missing"),
    [
        ((), "too_few", "0.00", "4.00"),
        ((180,), "too_few", "3.00", "1.00"),
        ((180, 59), "too_few", "3.98", "0.02"),
        ((240,), "within", "4.00", "0.00"),
        ((300, 180), "within", "8.00", "0.00"),
    ],
)
async def test_a_month_of_three_hours_is_too_few_and_of_four_to_eight_within(
    casework: httpx.AsyncClient, minutes: tuple[int, ...], status: str, shown: str, missing: str
) -> None:
    case = await long_open(casework)
    await fill(casework, case, *minutes)
    body = await hours(casework, case)
    assert (body["status"], body["hours"], body["missing_hours"]) == (status, shown, missing)
    assert (body["minutes"], body["fewest_hours"], body["most_hours"]) == (sum(minutes), 4, 8)


async def test_the_ninth_hour_needs_the_running_bodys_consent_of_that_child_on_that_day(
    casework: httpx.AsyncClient,
) -> None:
    case, other = await long_open(casework), await long_open(casework)
    await fill(casework, case, 480)
    body = early(case, occurred_on=DAYS[10], minutes=60)

    async def refused() -> None:
        problem = assert_problem(await casework.post(EVENTS, json=body), 409, "running-body-consent-required")
        assert (problem["missing"], problem["case_id"], problem["month"]) == (
            ["running_body_consent"],
            case["id"],
            MONTH,
        )

    await refused()
    day = LAST_MONTH.replace(day=11)
    await documented(casework, other)
    await documented(casework, case, kind="medical_certificate")
    await documented(casework, case, issued_on=day + timedelta(days=1))
    await documented(casework, case, issued_on=day - timedelta(days=9), valid_to=day - timedelta(days=1))
    await refused()
    consent = await documented(casework, case, issued_on=day, valid_to=day)
    event = await recorded(casework, body)
    assert event["consent_document_id"] == consent
    month = await hours(casework, case)
    assert (month["status"], month["hours"], month["consent_document_id"]) == ("with_consent", "9.00", consent)


async def test_only_early_support_of_the_month_that_counts_fills_it(casework: httpx.AsyncClient) -> None:
    case = await long_open(casework)
    [first] = await fill(casework, case, 480)
    await recorded(casework, support(case, occurred_on=DAYS[3], minutes=600))
    await recorded(casework, early(case, occurred_on=TODAY.isoformat(), minutes=60))
    body = early(case, occurred_on=DAYS[4], minutes=1)
    assert_problem(await casework.post(EVENTS, json=body), 409, "running-body-consent-required")
    path = f"{EVENTS}/{first['id']}/annul"
    await casework.post(path, json={"reason": "entered_twice"}, headers=tag(first))
    await recorded(casework, body)
    assert (await hours(casework, case))["minutes"] == 1


async def test_a_month_whose_consent_is_gone_has_too_many_hours(casework: httpx.AsyncClient) -> None:
    case = await long_open(casework)
    consent = await documented(casework, case)
    await recorded(casework, early(case, occurred_on=DAYS[4], minutes=540))
    assert (await hours(casework, case))["status"] == "with_consent"
    await fetch(
        casework,
        "UPDATE documents SET valid_to = :day WHERE id = :id RETURNING id",
        day=LAST_MONTH.replace(day=4),
        id=uuid.UUID(consent),
    )
    month = await hours(casework, case)
    assert (month["status"], month["consent_document_id"]) == ("too_many", None)


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "2026-01-01", "", "1999-01"])
async def test_a_month_is_asked_for_by_year_and_month(casework: httpx.AsyncClient, month: str) -> None:
    case = await long_open(casework)
    path = f"/v1/casework/cases/{case['id']}/early-support-hours"
    assert_problem(await casework.get(path, params={"month": month}), 422, "validation-failed")


async def test_early_support_is_given_by_the_institution_that_organises_it(casework: httpx.AsyncClient) -> None:
    case = await long_open(casework)
    body = early(case, institution_id=OTHER_INSTITUTION)
    problem = assert_problem(await casework.post(EVENTS, json=body), 409, "not-the-organiser")
    assert (problem["missing"], problem["has_organiser"], problem["case_id"]) == (["organiser"], True, case["id"])
    await age(casework, case, OTHER_INSTITUTION)
    unorganised = await opened(casework)
    problem = assert_problem(await casework.post(EVENTS, json=early(unorganised)), 409, "not-the-organiser")
    assert problem["has_organiser"] is False
    await recorded(casework, body)


async def test_a_group_is_recorded_at_once_for_each_of_at_most_three(casework: httpx.AsyncClient) -> None:
    cases = [await long_open(casework) for _ in range(4)]

    def group(size: int) -> dict[str, Any]:
        others = [{"case_id": case["id"], "present": [case["person_id"]], "notes": "x"} for case in cases[1:size]]
        return early(cases[0], form="group_classes", others=others)

    problem = assert_problem(await casework.post(EVENTS, json=group(4)), 422, "validation-failed")
    assert problem["errors"][0]["pointer"] == "/others"
    alone = {**group(2), "form": "individual_classes"}
    assert_problem(await casework.post(EVENTS, json=alone), 422, "validation-failed")
    first = await recorded(casework, group(3))
    listed = (await casework.get(EVENTS, params={"group_id": first["group_id"]})).json()["items"]
    assert {one["case_id"] for one in listed} == {case["id"] for case in cases[:3]}
    assert all(one["present"] == [one["person_id"]] for one in listed)
    for case in cases[:3]:
        assert (await hours(casework, case, TODAY.isoformat()[:7]))["minutes"] == 45


async def test_a_group_of_which_one_child_is_full_or_absent_or_twice_is_not_recorded_at_all(
    casework: httpx.AsyncClient,
) -> None:
    case, other = await long_open(casework), await long_open(casework)
    await fill(casework, other, 480)
    joining = {"case_id": other["id"], "present": [other["person_id"]]}
    body = early(case, occurred_on=DAYS[0], form="group_classes", others=[joining])
    problem = assert_problem(await casework.post(EVENTS, json=body), 409, "running-body-consent-required")
    assert problem["case_id"] == other["id"]
    absent = {**body, "others": [{**joining, "present": [case["person_id"]]}]}
    problem = assert_problem(await casework.post(EVENTS, json=absent), 422, "validation-failed")
    assert problem["errors"][0]["pointer"] == "/others/0/present"
    twice = {**body, "others": [{**joining, "case_id": case["id"]}]}
    assert_problem(await casework.post(EVENTS, json=twice), 422, "validation-failed")
    assert (await hours(casework, case))["minutes"] == 0


async def test_a_provider_does_not_see_who_else_fills_a_month_but_is_refused_by_it(casework: httpx.AsyncClient) -> None:
    case = await long_open(casework)
    await fill(casework, case, 480)
    await age(casework, case, OTHER_INSTITUTION)
    referral = await referred(casework, case, OTHER_INSTITUTION)
    await related(casework, f"institution:{OTHER_INSTITUTION}", "party", referral, case["person_id"])
    provider = call_as("service_provider", counties=["2401"], institution=OTHER_INSTITUTION)
    body = early(case, occurred_on=DAYS[5], institution_id=None, referral_id=referral)
    answer = await casework.post(EVENTS, json=body, headers=provider)
    assert_problem(answer, 409, "running-body-consent-required")
    assert (await casework.get(EVENTS, headers=provider)).json()["items"] == []
    path = f"/v1/casework/cases/{case['id']}/early-support-hours?month={MONTH}"
    assert_problem(await casework.get(path, headers=provider), 404, "case-not-found")


@pytest.mark.parametrize("month", ["2010-01", "2017-08"])
async def test_a_month_before_the_law_that_is_known_here_is_refused_with_its_first_day(
    casework: httpx.AsyncClient, month: str
) -> None:
    case = await long_open(casework)
    path = f"/v1/casework/cases/{case['id']}/early-support-hours"
    refused = assert_problem(await casework.get(path, params={"month": month}), 422, "law-not-known")
    assert refused["known_from"] == "2017-09-01"
    assert (await hours(casework, case, "2017-09"))["minutes"] == 0
