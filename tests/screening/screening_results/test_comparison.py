"""One subject as a parent, a carer and a specialist see it."""

import uuid
from typing import Any

import httpx

from tests.screening.screenings.made import (
    CALLING,
    SUBMISSION,
    TYPICAL,
    URL,
    Made,
    act,
    add_campaign,
    add_screening,
)
from tests.support.callers import call_as
from tests.support.problems import assert_problem


async def seen_by(client: httpx.AsyncClient, subject: str, informant: str, answers: Made, **facts: Any) -> Made:
    """A screening of this subject by this informant."""
    return await add_screening(client, subject_ref=subject, informant=informant, answers=answers, **facts)


async def comparison(client: httpx.AsyncClient, made: Made, headers: dict[str, str] | None = None) -> Made:
    """What is told of the subject of a screening."""
    answer = await client.get(f"{URL}/{made['id']}/comparison", headers=headers)
    assert answer.status_code == 200, answer.text
    found: Made = answer.json()
    return found


def informants(found: Made) -> dict[str, str]:
    """Whose screenings are compared."""
    return {one["informant"]: one["screening_id"] for one in found["informants"]}


async def test_scales_stand_side_by_side_with_bands_in_words(screening: httpx.AsyncClient) -> None:
    subject = str(uuid.uuid4())
    carer = await seen_by(screening, subject, "nursery_carer", CALLING)
    parent = await seen_by(screening, subject, "parent", TYPICAL)
    found = await comparison(screening, parent)
    assert [one["informant"] for one in found["informants"]] == ["parent", "nursery_carer"]
    assert (found["subject_ref"], found["instrument_code"]) == (subject, "DEMO")
    assert [one["label"]["pl"] for one in found["informants"]] == ["rodzic", "opiekun w żłobku"]
    assert found["note"] == {
        "pl": "To badanie przesiewowe, a nie diagnoza.",
        "en": "This is a screening, not a diagnosis.",
    }
    total = next(scale for scale in found["scales"] if scale["scale"] == "TOTAL")
    calm, called = total["by_informant"]
    assert total["is_agreed"] is False
    assert (calm["raw"], called["raw"], called["band"]) == (0, 22, "look_closer")
    assert (calm["outcome_label"]["en"], called["outcome_label"]["pl"]) == (
        "does not call for attention",
        "zwraca uwagę",
    )
    assert {*called["band_label"]} == {"pl", "en"}
    assert called["norms"]["t"] != calm["norms"]["t"]
    turned = await comparison(screening, carer)
    assert [one["informant"] for one in turned["informants"]] == ["nursery_carer", "parent"]


async def test_of_an_informant_who_answered_twice_the_newest_that_counts_is_compared(
    screening: httpx.AsyncClient,
) -> None:
    subject = str(uuid.uuid4())
    parent = await seen_by(screening, subject, "parent", TYPICAL)
    days = [{"submission": SUBMISSION | {"administered_on": f"2026-03-{day}"}} for day in ("10", "12", "14")]
    carer = [await seen_by(screening, subject, "nursery_carer", CALLING, **day) for day in days]
    assert (await act(screening, carer[2], "annul", {"reason": "pomyłka"})).status_code == 200
    assert informants(await comparison(screening, parent)) == {"parent": parent["id"], "nursery_carer": carer[1]["id"]}


async def test_other_subjects_and_other_campaigns_are_not_compared(screening: httpx.AsyncClient) -> None:
    subject, campaign = str(uuid.uuid4()), await add_campaign(screening)
    within = {"campaign_id": campaign, "implementer": "project"}
    parent = await seen_by(screening, subject, "parent", TYPICAL, **within)
    await seen_by(screening, subject, "specialist", TYPICAL)
    await seen_by(screening, str(uuid.uuid4()), "specialist", TYPICAL, **within)
    alone = await comparison(screening, parent)
    assert informants(alone) == {"parent": parent["id"]}
    assert {scale["is_agreed"] for scale in alone["scales"]} == {None}
    carer = await seen_by(screening, subject, "nursery_carer", TYPICAL, **within)
    both = await comparison(screening, parent)
    assert informants(both) == {"parent": parent["id"], "nursery_carer": carer["id"]}
    agreed = {scale["scale"]: scale["is_agreed"] for scale in both["scales"]}
    judged = {scale["scale"] for scale in both["scales"] if all(one["band"] for one in scale["by_informant"])}
    assert agreed == {scale: True if scale in judged else None for scale in agreed}, "who answers alike agrees"
    assert "TOTAL" in judged


async def test_a_screener_compares_what_the_own_institution_did(screening: httpx.AsyncClient) -> None:
    subject, mine, other = (str(uuid.uuid4()) for _ in range(3))
    parent = await seen_by(screening, subject, "parent", TYPICAL, institution_id=mine)
    await seen_by(screening, subject, "specialist", TYPICAL, institution_id=other)
    screener = call_as("screener", institution=mine)
    assert informants(await comparison(screening, parent, screener)) == {"parent": parent["id"]}
    assert {*informants(await comparison(screening, parent))} == {"parent", "specialist"}


async def test_a_draft_cannot_be_compared(screening: httpx.AsyncClient) -> None:
    draft = await add_screening(screening, submission=None)
    assert_problem(await screening.get(f"{URL}/{draft['id']}/comparison"), 409, "result-not-available")
