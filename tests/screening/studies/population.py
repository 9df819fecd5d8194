"""A made-up instrument, and children who answered it: twenty items of four codes, one scale, one cut-off."""

import io
import json
import uuid
from typing import Any

import numpy as np

ITEMS = [f"I{number:02d}" for number in range(1, 21)]
Facts = dict[str, Any]


def words(text: str) -> Facts:
    return {"pl": text, "en": text}


def definition(items: list[str] = ITEMS, *, redistributable: bool = True, cut: int = 30) -> Facts:
    options = [{"code": str(code), "label": words(f"odpowiedź {code}"), "value": code} for code in range(4)]
    asked = [{"code": code, "type": "ordinal", "text": words(f"treść {code}"), "options": options} for code in items]
    asked.append({"code": "NOTE", "type": "text", "text": words("uwagi")})
    bands = [
        {"code": "low", "label": words("niski"), "outcome": "negative"},
        {"code": "high", "label": words("wysoki"), "outcome": "positive", "at_least": cut},
    ]
    form = {"code": "F", "title": words("formularz"), "age_from": 36, "age_to": 72, "informants": ["parent", "teacher"]}
    return {
        "format": "splot-instrument/1",
        "title": words("Narzędzie próbne"),
        "licence": {
            "holder": "my",
            "licence_id": "CC0-1.0",
            "items_redistributable": redistributable,
            "electronic_use_allowed": True,
            "translation_allowed": True,
        },
        "items": asked,
        "scales": [
            {"code": "total", "name": words("razem"), "kind": "sum", "items": [{"item": code} for code in items]}
        ],
        "forms": [form | {"items": [*items, "NOTE"], "scales": ["total"], "outcome": {"scales": ["total"]}}],
        "cut_offs": [{"scale": "total", "bands": bands}],
    }


def task(document: Facts, **changes: Any) -> Facts:
    asked = {
        "instrument": "PROBA 1",
        "definition": document,
        "form": "F",
        "scale": "total",
        "minimum_n": 50,
        "dif_by": ["sex", "age"],
        "prevalences": [0.03],
    }
    return asked | changes


def screened(
    children: int, *, seed: int = 1, items: list[str] = ITEMS, cut: int = 30, verified: float = 1
) -> list[Facts]:
    """First screenings. A positive outcome is always verified, a negative one by this chance."""
    draw = np.random.default_rng(seed)
    level = draw.normal(size=children)
    line = level[:, None] + draw.normal(size=(children, len(items))) * 0.9
    answers = np.clip(np.round(line + 1.5), 0, 3).astype(int)
    ill = level + draw.normal(size=children) * 0.5 > 0.8
    seen, ages, girls = draw.random(children) < verified, draw.integers(36, 72, children), draw.random(children) < 0.5
    rows = []
    for n in range(children):
        outcome = "positive" if answers[n].sum() >= cut else "negative"
        criterion = ("positive" if ill[n] else "negative") if seen[n] or outcome == "positive" else None
        rows.append(
            row(
                dict(zip(items, map(str, answers[n].tolist()), strict=True)),
                cut=cut,
                criterion=criterion,
                age=int(ages[n]),
                sex="female" if girls[n] else "male",
                subject=str(uuid.UUID(int=seed * 10**9 + n)),
            )
        )
    return rows


def row(answers: dict[str, str], *, cut: int = 30, **facts: Any) -> Facts:
    raw = sum(map(int, answers.values()))
    outcome = "positive" if raw >= cut else "negative"
    scale = {"code": "total", "raw": raw, "band": "high" if raw >= cut else "low", "outcome": outcome}
    made = {"form": "F", "informant": "parent", "on": "2026-03-01", "county": "2469", "sex": "female", "age": 40}
    made |= {"criterion": None, "answers": answers, "result": {"scales": [scale]}, "outcome": outcome}
    return made | facts


def again(first: Facts, seed: int, **facts: Any) -> Facts:
    """The same child, nearly the same answers."""
    draw = np.random.default_rng(seed)
    answers = {
        code: str(int(np.clip(int(code_) + draw.integers(-1, 2) * (draw.random() < 0.3), 0, 3)))
        for code, code_ in first["answers"].items()
    }
    kept = {name: first[name] for name in ("subject", "age", "sex", "county", "criterion")}
    return row(answers, **{**kept, "on": "2026-03-15", **facts})


def stream(asked: Facts, rows: list[Facts]) -> io.BytesIO:
    return io.BytesIO("\n".join(json.dumps(line) for line in [asked, *rows]).encode())
