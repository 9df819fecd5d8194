"""The roll-up is in every cell what a full recomputation says, whatever was submitted and annulled in which order."""

import random
import re
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.screening.campaign_counts.statements import MOVING
from services.screening.instruments.rules.outcomes import Outcome
from services.screening.protocols.rules.batteries import Battery, Combination, Done, Member, outcome_of
from tests.screening.campaigns.results import (
    add_protocol,
    count,
    open_campaign,
    post,
    publish_instrument,
    result,
)
from tests.screening.protocols.asks import two_stages
from tests.support.asks import Made
from tests.support.records import fetch

Cell = tuple[Any, ...]
EDGES = [6, 36, 72]


def recomputed(kept: list[Made], selected: set[str], one: Battery, two: Battery) -> Counter[Cell]:
    """Every cell, from the results that stand and nothing else: the rules in plain words."""
    found = Counter[Cell]()
    for key in {(each["county_terc"], each["subject_ref"]) for each in kept} | {("2469", ref) for ref in selected}:
        forms = [each for each in kept if (each["county_terc"], each["subject_ref"]) == key]
        first = min(
            forms, key=lambda each: (each["stage"], each["age_months"], each["instrument"], each["screening_id"])
        )
        band = sum(first["age_months"] >= edge for edge in EDGES)
        chosen = "not_started" if key[1] in selected else "not_selected"
        stages = status(forms, 1, one, "none"), status(forms, 2, two, chosen)
        found[key[0], first["implementer"], band, first["sex"], *stages] += 1
    return found


def status(forms: list[Made], stage: int, battery: Battery, nothing: str) -> str:
    done = [
        Done(each["instrument"], each["informant"], each["outcome"] and Outcome(each["outcome"]))
        for each in forms
        if each["stage"] == stage
    ]
    return (outcome_of(battery, done) or "incomplete") if done else nothing


async def cells(client: httpx.AsyncClient) -> Counter[Cell]:
    columns = "county_terc, implementer, age_band, sex, stage_one, stage_two"
    rows = await fetch(client, f"SELECT {columns}, subjects FROM campaign_counts WHERE subjects <> 0")
    return Counter({tuple(row[:-1]): row[-1] for row in rows})


class Story:
    """What happens to a few children, drawn by a seed: forms come, are annulled, come again, in batches."""

    def __init__(self, seed: int, campaign: str, codes: list[str]) -> None:
        self.chance, self.campaign, self.codes = random.Random(seed), campaign, codes  # noqa: S311
        self.children = [str(uuid.UUID(int=self.chance.getrandbits(128))) for _ in range(12)]
        self.kept: dict[tuple[str, int, str, str], Made] = {}
        self.selected: set[str] = set()

    def batch(self) -> list[Made]:
        return [self.step() for _ in range(self.chance.randint(1, 8))]

    def step(self) -> Made:
        ref = self.chance.choice(self.children)
        stage = self.chance.choice([1, 1, 2]) if ref in self.selected else 1
        informant = self.chance.choice(["parent", "teacher"])
        key = ref, stage, self.chance.choice(self.codes if stage == 1 else self.codes[:1]), informant
        if key in self.kept and self.chance.random() < 0.6:
            return self.kept.pop(key) | {"direction": -1}
        facts = {
            "subject_ref": ref,
            "stage": stage,
            "screening_id": f"{key}",
            "informant": informant,
            "age_months": self.chance.choice([5, 6, 35, 36, 71, 72]),
            "implementer": self.chance.choice(["project", "others"]),
            "sex": self.chance.choice(["female", "male", "unknown"]),
            "outcome": self.chance.choice(["positive", "negative", "undetermined", None]),
        }
        self.kept[key] = result(self.campaign, key[2], **facts)
        return self.kept[key]


@pytest.mark.parametrize("combination", list(Combination))
@pytest.mark.parametrize("seed", range(6))
async def test_the_roll_up_is_what_a_recomputation_says_after_every_batch(
    screening: httpx.AsyncClient, seed: int, combination: Combination
) -> None:
    codes = [await publish_instrument(screening) for _ in range(3)]
    version = two_stages(*codes, kind="by_hand")
    version["stage_one"]["combination"] = combination
    version["stage_one"]["forms"][1] |= {"informants": ["parent", "teacher"]}
    version["stage_one"]["forms"][2] |= {"is_required": False, "decides": False}
    campaign = await open_campaign(screening, await add_protocol(screening, version=version), "project", "others")
    both = Member(codes[1], True, True, ("parent", "teacher"))
    one = Battery((Member(codes[0], True, True), both, Member(codes[2], False, False)), combination)
    two = Battery((Member(codes[0], True, True),), Combination.ANY_POSITIVE)
    story, compared = Story(seed, campaign, codes), 0
    for number in range(25):
        await count(screening, story.batch())
        if number % 5 == 4:
            await select_complete(screening, story, one)
        kept = [*story.kept.values()]
        held = {ref for ref in story.selected if any(each["subject_ref"] == ref for each in kept)}
        if held == story.selected:
            assert await cells(screening) == recomputed(kept, held, one, two)
            compared += bool(held)
    assert compared


async def select_complete(client: httpx.AsyncClient, story: Story, one: Battery) -> None:
    """One more child who has completed stage one goes on."""
    for ref in story.children:
        forms = [each for each in story.kept.values() if each["subject_ref"] == ref]
        if ref not in story.selected and status(forms, 1, one, "none") in {*Outcome}:
            body = {"subjects": [ref], "reason": "próba"}
            await post(client, f"/campaigns/{story.campaign}/selections", body)
            story.selected.add(ref)
            return


async def test_what_is_annulled_to_the_last_leaves_nothing(screening: httpx.AsyncClient) -> None:
    instrument = await publish_instrument(screening)
    campaign = await open_campaign(screening, await add_protocol(screening, instrument))
    made = [result(campaign, instrument) for _ in range(7)]
    await count(screening, made)
    assert sum((await cells(screening)).values()) == 7
    await count(screening, [each | {"direction": -1} for each in made])
    assert not await cells(screening)
    assert await fetch(screening, "SELECT count(*) FROM campaign_subjects") == [(0,)]


async def test_two_informants_of_one_instrument_are_annulled_one_by_one(screening: httpx.AsyncClient) -> None:
    instrument = await publish_instrument(screening)
    campaign = await open_campaign(screening, await add_protocol(screening, instrument))
    parent = result(campaign, instrument, outcome="positive")
    teacher = result(campaign, instrument, subject_ref=parent["subject_ref"])
    await count(screening, [parent, teacher])
    assert {cell[4] for cell in await cells(screening)} == {"positive"}
    await count(screening, [parent | {"direction": -1}])
    assert {cell[4] for cell in await cells(screening)} == {"negative"}


def test_what_is_measured_beside_us_moves_subjects_by_our_own_statement() -> None:
    copied = (Path(__file__).parents[3] / "bench/moving.sql").read_text(encoding="utf-8")
    statement = re.sub(r"^--.*\n", "", copied)
    assert re.sub(r"\s+", " ", statement).strip() == re.sub(r"\s+", " ", MOVING).strip()
