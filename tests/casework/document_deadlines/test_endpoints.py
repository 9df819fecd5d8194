"""What is overdue in a county: exactly what the rules say of each of its documents, in order, page by page."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import httpx
import pytest

from services.casework.documents.rules.deadlines import DocumentDates, deadlines
from services.casework.documents.rules.kinds import DocumentKind, DocumentOutcome
from tests.casework.documents.made import DOCUMENTS, recorded
from tests.casework.people.made import registered
from tests.support.callers import call_as

DEADLINES = f"{DOCUMENTS}/deadlines"
KINDS = ("special_education_ruling", "early_support_need_opinion", "individual_teaching_ruling")
DELIVERED, HANDED_IN = {"delivered_on": "2024-10-06"}, {"handed_in_on": "2024-10-10"}
STEPS: tuple[dict[str, Any], ...] = (
    {},
    DELIVERED,
    DELIVERED | HANDED_IN,
    DELIVERED | HANDED_IN | {"ipet_on": "2024-11-04"},
    DELIVERED | HANDED_IN | {"ipet_on": "2024-11-04", "wopfu_on": ["2025-01-20"]},
)
ENDS = ("2024-12-31", "2025-02-15", "2025-08-31", None)


async def listed(client: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    """Every page of what is due."""
    answer = await client.get(DEADLINES, params={"limit": 7, **query})
    items: list[dict[str, Any]] = answer.json()["items"]
    while "next" in answer.links:
        answer = await client.get(answer.links["next"]["url"])
        items += answer.json()["items"]
    return items


def by_the_rules(documents: list[dict[str, Any]], day: date, due_to: date) -> list[tuple[str, str, str]]:
    """What the rules say of each document, in order; of what has ended before not that it ends."""
    found = []
    for one in documents:
        days = {name: one[name] for name in DocumentDates._fields if name.endswith("_on") and name != "wopfu_on"}
        parsed: dict[str, Any] = {name: date.fromisoformat(value) if value else None for name, value in days.items()}
        dates = DocumentDates(
            **parsed,
            kind=DocumentKind(one["kind"]),
            outcome=DocumentOutcome(one["outcome"]),
            wopfu_on=[date.fromisoformat(each) for each in one["wopfu_on"]],
            valid_to=date.fromisoformat(one["valid_to"]) if one["valid_to"] else None,
        )
        found += [
            (each.due_on.isoformat(), one["id"], each.code.value)
            for each in deadlines(dates, day)
            if each.due_on <= due_to and not (each.code == "expiry" and each.is_overdue)
        ]
    return sorted(found)


async def test_the_list_is_what_the_rules_say_of_every_document(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    facts = [
        {"kind": kind, **steps, "valid_to": end, "number": str(number), "person_id": child["id"]}
        for number, (kind, steps, end) in enumerate(product(KINDS, STEPS, ENDS))
    ]
    documents = [await recorded(casework, issued_on="2024-10-01", **each) for each in facts]
    sizes = set()
    for days in (0, 7, 13, 19, 20, 40, 100, 200, 300, 336, 400, 800):
        day = date(2024, 10, 1) + timedelta(days=days)
        for ahead in (0, 60, 400):
            due_to = day + timedelta(days=ahead)
            items = await listed(casework, on=day.isoformat(), due_to=due_to.isoformat())
            told = [(item["due_on"], item["document_id"], item["code"]) for item in items]
            assert told == by_the_rules(documents, day, due_to), (day, due_to)
            assert all(item["is_overdue"] == (item["due_on"] < day.isoformat()) for item in items)
            sizes.add(len(told))
    assert len(sizes) > 5


@pytest.mark.parametrize(("query", "which"), [({"code": "delivery"}, [0]), ({"code": "ipet"}, [1]), ({}, [0, 1])])
async def test_what_is_overdue_today_is_narrowed_by_code(
    casework: httpx.AsyncClient, query: dict[str, str], which: list[int]
) -> None:
    documents = [
        await recorded(casework, issued_on="2020-10-01"),
        await recorded(casework, **STEPS[2], issued_on="2024-10-01"),
    ]
    items = await listed(casework, **query)
    kept = [item for item in items if item["code"] in {"delivery", "ipet"}]
    assert [item["document_id"] for item in kept] == [documents[place]["id"] for place in which]


async def test_a_child_and_a_county_narrow_the_list(casework: httpx.AsyncClient) -> None:
    ruling = await recorded(casework)
    await recorded(casework)
    assert len(await listed(casework)) == 2
    [own] = await listed(casework, person_id=ruling["person_id"])
    assert own["document_id"] == ruling["id"]
    assert len(await listed(casework, county_terc="2469")) == 2
    assert await listed(casework, county_terc="2401") == []


async def test_a_specialist_sees_what_is_due_in_own_cases_only(casework: httpx.AsyncClient) -> None:
    await recorded(casework)
    specialist = call_as("specialist", subject="stranger")
    answer = await casework.get(DEADLINES, headers=specialist)
    assert (answer.status_code, answer.json()["items"]) == (200, [])


async def test_a_cursor_of_another_question_is_refused(casework: httpx.AsyncClient) -> None:
    await recorded(casework)
    await recorded(casework)
    first = (await casework.get(DEADLINES, params={"limit": 1}, headers={"prefer": "count=exact"})).json()
    assert (len(first["items"]), first["total"]) == (1, 2)
    other = {"cursor": first["next_cursor"], "limit": 1, "code": "delivery"}
    answer = await casework.get(DEADLINES, params=other)
    assert answer.json()["errors"][0]["code"] == "stale_cursor"
