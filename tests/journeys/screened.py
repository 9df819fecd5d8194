"""The world of the story of a campaign: its people, a licensed instrument, and children who are answered for."""

import json
from dataclasses import replace
from typing import Any, ClassVar

from tests.journeys.stories import Act, Cast, Headers, Made, Story
from tests.support.callers import OTHER_INSTITUTION, OWN_INSTITUTION, call_as

CANARY = "Treść pytania, której nie wolno rozpowszechniać"
REMARK = "Mama mówi, że boi się windy"
BIRTHDAY = "2022-01-15"
ITEMS = [f"Q{number}" for number in range(1, 9)]
WORDS = ("often", "sometimes", "never")
CUT = 8

COORDINATOR = call_as("early_screening_coordinator", subject="koordynatorka-badan")
SECOND_COORDINATOR = call_as("early_screening_coordinator", subject="druga-koordynatorka")
FOLLOWER = call_as(scope="events:read screening:read", institution=None)
OPERATOR = call_as("operator", counties=["*"], institution=None)
AUDITOR = call_as("auditor", institution=None)
NEIGHBOUR = call_as("early_screening_coordinator", counties=["2401"], institution=OTHER_INSTITUTION)
SCREENER = call_as("screener", subject="opiekunka-zlobka")
OTHER_SCREENER = call_as("screener", institution=OTHER_INSTITUTION)
MANAGER = call_as("programme_manager", counties=["*"], institution=None)
RESEARCHER = call_as("researcher", counties=["*"], institution=None)


def _by_coordinator(permission: str, hidden: str | None = None) -> Cast:
    return Cast(permission, COORDINATOR, SCREENER, NEIGHBOUR, hidden=hidden)


PACKAGES = Cast("instrument-packages:import", MANAGER, COORDINATOR, None)
VERSIONS = Cast("instruments:publish", MANAGER, COORDINATOR, None)
NORMS = Cast("norm-sets:edit", MANAGER, COORDINATOR, None)
PROTOCOLS = Cast("protocols:edit", MANAGER, COORDINATOR, None)
CAMPAIGNS, SELECTIONS = _by_coordinator("campaigns:edit"), _by_coordinator("selections:select")
WITHDRAWALS = _by_coordinator("selections:select-by-hand", "selection-not-found")
NEW_SCREENINGS = Cast("screenings:submit", SCREENER, MANAGER, OTHER_SCREENER, relation="own_institution")
DRAFTS = Cast("screenings:submit", SCREENER, MANAGER, OTHER_SCREENER, hidden="screening-not-found")
CONFIRMATIONS = _by_coordinator("screenings:confirm", "screening-not-found")
SECOND_CONFIRMATIONS = replace(CONFIRMATIONS, may=SECOND_COORDINATOR)
ANNULMENTS = _by_coordinator("screenings:annul", "screening-not-found")
IMPORTS = Cast("screenings:import", COORDINATOR, SCREENER, None)
STUDIES = Cast("studies:edit", RESEARCHER, COORDINATOR, None)
EXPORTS = Cast("studies:export", RESEARCHER, COORDINATOR, None)


class ScreeningStory(Story):
    """A story of screening. A refusal must leave the feed and everything that is watched as it is."""

    service: ClassVar[str] = "screening"
    reader: ClassVar[Headers] = call_as(scope="screening:write events:read", counties=["*"], institution=None)

    async def shown(self, act: Act) -> list[Any]:
        """The feed, the campaigns and the studies, and everything that is watched."""
        return [await self.read(path) for path in ("/events?limit=1000", "/campaigns", "/studies", *self.watched)]

    async def finish(self, job: Made, who: Headers) -> tuple[Made, list[tuple[int, str, str]]]:
        """What a job came to in the end, and its row problems as (line, pointer, code)."""
        address = f"/jobs/{job['id']}"
        async with self.client.stream("GET", f"{address}/events", headers=who) as events:
            async for _ in events.aiter_lines():
                pass
        ended = await self.read(address, who)
        assert ended["state"] == "succeeded", ended
        problems = (await self.client.get(f"{address}/problems", headers=who)).text.splitlines()
        return ended["result"], [(row["line"], row["pointer"], row["code"]) for row in map(json.loads, problems)]


def words(text: str) -> Made:
    """A text, in Polish and in what passes for English here."""
    return {"pl": text, "en": text}


def package(code: str) -> Made:
    """An instrument whose texts may not be passed on, with norms: eight questions, one scale, one cut-off, a remark."""
    options = [{"code": word, "label": words(CANARY), "value": value} for value, word in enumerate(WORDS)]
    asked = [{"code": item, "type": "ordinal", "text": words(CANARY), "options": options} for item in ITEMS]
    bands = [
        {"code": "typical", "label": words("typowy"), "outcome": "negative"},
        {"code": "closer", "label": words("do sprawdzenia"), "outcome": "positive", "at_least": CUT},
    ]
    form = {"code": "OLDER", "title": words("Arkusz"), "age_from": 36, "age_to": 72, "informants": ["parent"]}
    licence = {"holder": "Wydawca", "licence_id": "WYD-1", "electronic_use_allowed": True, "translation_allowed": False}
    scale = {"code": "TOTAL", "name": words("Razem"), "kind": "sum", "items": [{"item": item} for item in ITEMS]}
    definition = {
        "format": "splot-instrument/1",
        "title": words("Narzędzie wydawcy"),
        "licence": licence | {"items_redistributable": False},
        "items": [*asked, {"code": "REMARK", "type": "text", "text": words(CANARY)}],
        "scales": [scale],
        "forms": [form | {"items": [*ITEMS, "REMARK"], "scales": ["TOTAL"], "outcome": {"scales": ["TOTAL"]}}],
        "cut_offs": [{"scale": "TOTAL", "bands": bands}],
    }
    norms = [{"scale": "TOTAL", "age_from": 36, "age_to": 72, "mean": 5.5, "sd": 4.5, "reliability": 0.9}]
    document = {"title": words("Normy"), "sample": {"n": 300, "year": 2026, "country": "PL"}, "norms": norms}
    named = {"code": code, "family": code, "name": words("Narzędzie wydawcy")}
    norm_sets = [{"code": f"{code}-N", "document": document}]
    return {"format": "splot-package/1", "instrument": named, "definition": definition, "norm_sets": norm_sets}


def child(number: int) -> str:
    """The reference of a child; nobody's name."""
    return f"6f1f64a5-3c4e-4a43-9c0c-{number:012d}"


def answers(points: int) -> dict[str, str]:
    """Answers that come to so many points of sixteen."""
    return {item: WORDS[min(2, max(0, points - 2 * place))] for place, item in enumerate(ITEMS)}


def screening(number: int, points: int, **facts: Any) -> Made:
    """A screening of a child of fifty months, in its institution, on one day."""
    plain = {
        "subject_ref": child(number),
        "sex": "female" if number % 2 else "male",
        "county_terc": "2469",
        "institution_id": OWN_INSTITUTION,
        "instrument_version": 1,
        "implementer": "project",
        "informant": "parent",
        "answers": answers(points) | {"REMARK": REMARK},
        "submission": {"born_on": BIRTHDAY, "administered_on": "2026-03-20"},
    }
    return plain | facts


def line(number: int, given: dict[str, str], **facts: Any) -> Made:
    """A screening as another platform sends it."""
    plain = {
        "external_id": str(number),
        "subject_ref": child(number),
        "sex": "female" if number % 2 else "male",
        "county_terc": "2469",
        "informant": "parent",
        "administered_on": "2026-03-20",
        "born_on": BIRTHDAY,
        "implementer": "project",
    }
    return plain | given | facts


def file(*lines: Made) -> bytes:
    """Lines as a file."""
    return "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in lines).encode()


def answers_in(response: Made) -> dict[str, str]:
    """The answers that a QuestionnaireResponse tells, by item."""
    return {item["linkId"]: item["answer"][0]["valueCoding"]["code"] for item in response["item"]}
