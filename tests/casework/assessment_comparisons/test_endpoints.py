"""Assessors side by side, as the rules compare them."""

from typing import Any

import httpx

from tests.casework.assessments.made import completed, drafted, member, moved
from tests.casework.cases.made import CASES, consented, with_team


def said(code: str, subject: str = "child", **qualifiers: str) -> dict[str, Any]:
    """A finding."""
    return {"subject": subject, "code": code, "qualifiers": qualifiers}


async def compared(client: httpx.AsyncClient, case: dict[str, Any], **query: str) -> dict[str, Any]:
    """The comparison of a case."""
    answer = await client.get(f"{CASES}/{case['id']}/assessments/comparison", params=query)
    assert answer.status_code == 200, answer.text
    comparison: dict[str, Any] = answer.json()
    return comparison


async def test_three_assessors_stand_side_by_side(casework: httpx.AsyncClient) -> None:
    case = await consented(casework)
    await with_team(casework, case)
    by_sector = {
        "health": [said("d330", performance="2"), said("e310", "environment", extent="+2")],
        "education": [said("d330", performance="2", capacity="1"), said("e310", "environment", extent="2")],
        "social_assistance": [said("d330", performance="8"), said("e310", "family", extent="+2")],
    }
    for sector, findings in by_sector.items():
        await completed(casework, case, by=member(sector), sector=sector, findings=findings)
    comparison = await compared(casework, case)
    names = {one["id"]: one["assessor"] for one in comparison["assessments"]}
    assert sorted(names.values()) == sorted(by_sector)
    facts = {
        (each["subject"], each["code"], each["kind"]): (
            {names[name]: value for name, value in each["qualifiers"].items()},
            *(each[name] for name in ("verdict", "distance", "is_opposite")),
        )
        for each in comparison["findings"]
    }
    three = ("health", "education", "social_assistance")
    assert facts == {
        ("child", "d330", "performance"): (
            dict(zip(three, ("2", "2", "8"), strict=True)), "agreement", 0, False,
        ),
        ("child", "d330", "capacity"): (
            dict(zip(three, (None, "1", None), strict=True)), "not_comparable", None, False,
        ),
        ("environment", "e310", "extent"): (
            dict(zip(three, ("+2", "2", None), strict=True)), "disagreement", 4, True,
        ),
        ("family", "e310", "extent"): (
            dict(zip(three, (None, None, "+2"), strict=True)), "not_comparable", None, False,
        ),
    }  # fmt: skip
    assert comparison["agreement"] == {"agreed": 1, "comparable": 2, "not_comparable": 2, "share": 0.5}


async def test_only_the_newest_that_an_assessor_has_completed_counts(casework: httpx.AsyncClient) -> None:
    case = await consented(casework)
    first = await completed(casework, case, assessed_on="2026-01-05", findings=[said("d330", performance="4")])
    newest = await completed(casework, case, assessed_on="2026-03-05", findings=[said("d330", performance="1")])
    await drafted(casework, case, assessed_on="2026-04-05")
    annulled = await completed(casework, case, assessed_on="2026-05-05")
    await moved(casework, annulled, "annul", body={"reason": "x"})
    await completed(casework, await consented(casework), assessed_on="2026-06-05")
    assert [one["id"] for one in (await compared(casework, case))["assessments"]] == [newest["id"]]
    before = await compared(casework, case, assessed_to="2026-02-01")
    assert [one["id"] for one in before["assessments"]] == [first["id"]]
    assert (await compared(casework, case, assessed_from="2026-04-01"))["assessments"] == []


async def test_assessments_of_one_kind_are_compared_alone(casework: httpx.AsyncClient) -> None:
    case = await consented(casework)
    await with_team(casework, case)
    wopfu = await completed(casework, case, by=member("education"), kind="wopfu")
    await completed(casework, case, by=member("health"))
    comparison = await compared(casework, case, kind="wopfu")
    assert [one["id"] for one in comparison["assessments"]] == [wopfu["id"]]
    assert comparison["agreement"] == {"agreed": 0, "comparable": 0, "not_comparable": 2, "share": None}
