"""An invented instrument of four unlike scales, and a child whose result is drawn."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.norms import NormDocument, compile_norms
from services.screening.instruments.rules.numbers import Language
from services.screening.instruments.rules.outcomes import Child
from services.screening.instruments.rules.plans import Plan, compile_plan
from services.screening.instruments.rules.scoring import score
from services.screening.instruments.schemas import LICENCE_EXAMPLE
from services.screening.screening_results.rules.profiles import Occasion, profile
from services.screening.screening_results.rules.strips import Strip, strips_of

TALK = "Komunikacja i porozumiewanie się z rówieśnikami oraz dorosłymi w sytuacjach codziennych i zupełnie nowych"
CHILD = Child(50, "female", "teacher")
NORMS = compile_norms(
    NormDocument.model_validate(
        {
            "title": {"pl": "Normy"},
            "norms": [
                {"scale": "ATTENTION", "mean": 3.0, "sd": 2.0, "reliability": 0.84},
                {"scale": "TALK", "mean": 3.0, "sd": 1.0, "reliability": 0.84},
            ],
        }
    ),
    "normy",
)
ANSWERS = {f"Q{number}": str(number % 3) for number in range(1, 8)}


def _scale(code: str, name: str, items: range, weight: float = 1.0, **facts: Any) -> dict[str, Any]:
    weighed = [{"item": f"Q{number}", "weight": weight} for number in items]
    return {"code": code, "name": {"pl": name, "en": code.lower()}, "kind": "sum", "items": weighed} | facts


def _band(code: str, outcome: str, at_least: float | None = None) -> dict[str, Any]:
    return {"code": code, "label": {"pl": f"pasmo {code}"}, "outcome": outcome, "at_least": at_least}


@cache
def plan() -> Plan:
    options = [{"code": str(value), "value": float(value)} for value in range(4)]
    high = [_band("low", "negative"), _band("middle", "undetermined", 3.15), _band("high", "positive", 3.85)]
    definition = {
        "format": "splot-instrument/1",
        "title": {"pl": "Kwestionariusz zmyślony", "en": "An invented questionnaire"},
        "licence": LICENCE_EXAMPLE,
        "items": [{"code": f"Q{number}", "type": "ordinal", "options": options} for number in range(9)],
        "scales": [
            _scale("TALK", TALK, range(8), 0.35, decimals=2, missing={"min_answered": 2, "is_prorated": True}),
            _scale("ALONE", "Samodzielność", range(1, 5), better="higher"),
            _scale("ATTENTION", "Uwaga", range(4, 8)),
            _scale("MOVE", "Ruch", range(8, 9)),
        ],
        "forms": [
            {
                "code": "F",
                "title": {"pl": "Dla nauczyciela", "en": "For the teacher"},
                "age_from": 36,
                "age_to": 84,
                "informants": ["teacher"],
                "items": [f"Q{number}" for number in range(9)],
                "scales": ["TALK", "ALONE", "ATTENTION", "MOVE"],
                "outcome": {"scales": ["TALK"]},
            }
        ],
        "cut_offs": [
            {"scale": "TALK", "bands": high},
            {"scale": "ALONE", "bands": [_band("low", "positive"), _band("high", "negative", 1)]},
            {"scale": "ATTENTION", "metric": "t", "bands": [_band("low", "negative"), _band("high", "positive", 65)]},
        ],
    }
    return compile_plan(Definition.model_validate(definition))


@cache
def strips() -> tuple[Strip, ...]:
    result = score(plan(), "F", ANSWERS, CHILD, NORMS)
    return tuple(strips_of(plan(), result, CHILD, NORMS, {**plan().bands, **NORMS.bands}))


def drawn(language: Language) -> dict[str, Any]:
    occasion = Occasion("Kwestionariusz zmyślony", "Dla nauczyciela", "nauczyciel", date(2026, 3, 14), 50)
    return profile(occasion, strips(), language)


def texts_of(document: Any) -> Iterator[str]:
    """All that a document says: its titles, rows and marks."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict):
        for name, part in document.items():
            if name not in {"$schema", "mark", "encoding", "config", "resolve"}:
                yield from texts_of(part)
    elif isinstance(document, list):
        for part in document:
            yield from texts_of(part)


DECIMAL_POINT = re.compile(r"\d\.\d")
