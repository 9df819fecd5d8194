"""Invented instruments: one of sixty items with five scales and norms, and a short one with two bands."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.calls import Caller

Facts = dict[str, Any]
HIGHEST = 3
AGE_FROM, AGE_BELOW = 36, 72
AREAS = ("motor", "language", "play", "calm")


@dataclass(frozen=True)
class Instrument:
    """The facts of an instrument that a screening needs. `scales`: the items by scale; the deciding scale is first."""

    code: str
    scales: Mapping[str, Sequence[str]]
    edges: Sequence[int]
    has_norms: bool

    @property
    def items(self) -> Sequence[str]:
        return self.scales["total"]

    def answers(self, chance: random.Random) -> dict[str, str]:
        """Answers as children give them: near their own level, most of which are low."""
        level = chance.betavariate(2, 4) * HIGHEST
        return {item: str(min(max(round(chance.gauss(level, 0.8)), 0), HIGHEST)) for item in self.items}


_ITEMS = [f"I{number:02}" for number in range(1, 61)]
LONG = Instrument(
    "SIXTY",
    {"total": _ITEMS, **{area: _ITEMS[place * 15 : place * 15 + 15] for place, area in enumerate(AREAS)}},
    edges=(60, 90),
    has_norms=True,
)
SHORT = Instrument("SHORT", {"total": [f"A{number}" for number in range(1, 11)]}, edges=(14,), has_norms=False)
BANDS = ("low", "middle", "high")


def _words(text: str) -> dict[str, str]:
    return {"pl": text, "en": text}


def _bands(instrument: Instrument, scale: str) -> list[Facts]:
    """From the lowest upwards; the last one is positive."""
    share = len(instrument.scales[scale]) / len(instrument.items)
    edges = [None, *(round(edge * share) for edge in instrument.edges)]
    names = BANDS[: len(edges) - 1] + BANDS[-1:]
    outcomes = ["negative"] * (len(edges) - 1) + ["positive"]
    return [
        {"code": name, "label": _words(name), "at_least": edge, "outcome": outcome}
        for name, edge, outcome in zip(names, edges, outcomes, strict=True)
    ]


def definition(instrument: Instrument) -> Facts:
    """The document of its version."""
    options = [{"code": f"{value}", "label": _words(f"answer {value}"), "value": value} for value in range(HIGHEST + 1)]
    licence = {"holder": "bench", "licence_id": "CC0-1.0"} | dict.fromkeys(
        ("items_redistributable", "electronic_use_allowed", "translation_allowed"), True
    )
    form = {"code": "F", "title": _words("form"), "age_from": AGE_FROM, "age_to": AGE_BELOW}
    form |= {"informants": ["parent", "teacher"], "items": [*instrument.items], "scales": [*instrument.scales]}
    return {
        "format": "splot-instrument/1",
        "title": _words(instrument.code),
        "licence": licence,
        "items": [
            {"code": item, "type": "ordinal", "text": _words(f"question {item}"), "options": options}
            for item in instrument.items
        ],
        "scales": [
            {"code": scale, "name": _words(scale), "kind": "sum", "items": [{"item": item} for item in items]}
            for scale, items in instrument.scales.items()
        ],
        "forms": [form | {"outcome": {"scales": ["total"]}}],
        "cut_offs": [{"scale": scale, "bands": _bands(instrument, scale)} for scale in instrument.scales],
        "critical_items": [{"item": instrument.items[-1], "when": {"item": instrument.items[-1], "at_least": HIGHEST}}],
        "suggestions": [{"code": "look", "text": _words("look closer"), "outcomes": ["positive"]}],
    }


def norms(instrument: Instrument) -> Facts:
    """Norms of every scale by age."""
    halves = ((AGE_FROM, 54), (54, AGE_BELOW))
    tables = [
        {"scale": scale, "age_from": low, "age_to": high, "mean": len(items), "sd": len(items) / 3, "reliability": 0.9}
        for scale, items in instrument.scales.items()
        for low, high in halves
    ]
    sample = {"n": 1000, "year": 2024, "country": "PL"}
    return {"title": _words("norms"), "sample": sample, "norms": tables}


async def publish(caller: Caller, instrument: Instrument) -> None:
    """Create and publish the instrument and its norms, by the public API."""
    code = instrument.code
    await caller.post("/instruments", {"code": code, "family": code, "name": _words(code)})
    version = await caller.post(f"/instruments/{code}/versions", definition(instrument))
    await caller.post(f"/instruments/{code}/versions/1/publish", {}, version)
    if instrument.has_norms:
        place = f"/instruments/{code}/versions/1/norm-sets"
        draft = await caller.post(place, {"code": f"{code}-NORMS", "document": norms(instrument)})
        await caller.post(f"{place}/{draft['id']}/bring-into-force", {}, draft)
