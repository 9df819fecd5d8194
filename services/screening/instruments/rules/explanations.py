"""Results in words that a teacher understands: item → scale → band → norms, in Polish and in English."""

from collections.abc import Mapping
from typing import Any, Literal

from services.screening.instruments.rules.answers import Answers
from services.screening.instruments.rules.definitions import Better, ScaleKind
from services.screening.instruments.rules.items import Label, label_of
from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.outcomes import Outcome
from services.screening.instruments.rules.plans import Plan
from services.screening.instruments.rules.reach import within_reach
from services.screening.instruments.rules.scales import points_of
from services.screening.instruments.rules.scoring import (
    Result,
    ScaleResult,
    read_answers,
)

Language = Literal["pl", "en"]

_SAID: Mapping[str, Label] = {
    "raw": Label("{scale}: wynik {raw}.", "{scale}: score {raw}."),
    "no_raw": Label(
        "{scale}: wyniku nie można podać, bo odpowiedzi jest za mało ({answered} z {expected}).",
        "{scale}: there is no score, because too little was answered ({answered} of {expected}).",
    ),
    "prorated": Label(
        "Odpowiedziano na {answered} z {expected} pytań; brakującą część oszacowano z pozostałych.",
        "{answered} of {expected} questions were answered; the missing part is estimated from the others.",
    ),
    "incomplete": Label(
        "Odpowiedziano na {answered} z {expected} pytań.",
        "{answered} of {expected} questions were answered.",
    ),
    "band": Label("To przedział „{band}”.", "This falls into the band “{band}”."),
    "lower": Label(
        "Na tej skali lepiej jest mieć mniej.", "On this scale less is better."
    ),
    "higher": Label(
        "Na tej skali lepiej jest mieć więcej.", "On this scale more is better."
    ),
    "percentile": Label(
        "Na 100 dzieci w tym samym wieku około {percentile} ma taki sam lub niższy wynik (normy: {norms}).",
        "Of 100 children of the same age about {percentile} have the same score or a lower one (norms: {norms}).",
    ),
    "no_norms": Label(
        "Dla tego dziecka nie ma norm w zbiorze {norms}.",
        "The norms {norms} have nothing for this child.",
    ),
    "interval": Label(
        "Każdy pomiar jest niedokładny: prawdziwy wynik leży najpewniej między {low} a {high}.",
        "Every measurement is inexact: the true score most likely lies between {low} and {high}.",
    ),
    "critical": Label(
        "Uwaga, ważna odpowiedź: {text}", "Please note an important answer: {text}"
    ),
    "points": Label("{item}: {points}", "{item}: {points}"),
    "suggestion": Label("Propozycja: {text}", "Suggestion: {text}"),
    "positive": Label(
        "Razem: wynik zwraca uwagę i warto sprawdzić to dokładniej.",
        "Altogether: the result calls for attention and a closer look.",
    ),
    "negative": Label(
        "Razem: wynik nie wskazuje na potrzebę dokładniejszego sprawdzenia.",
        "Altogether: the result does not call for a closer look.",
    ),
    "undetermined": Label(
        "Razem: na podstawie tych odpowiedzi nie można rozstrzygnąć.",
        "Altogether: these answers do not settle the question.",
    ),
    "end": Label(
        "O dalszych krokach decyduje człowiek. To badanie przesiewowe, a nie diagnoza.",
        "A person decides what follows. This is a screening, not a diagnosis.",
    ),
}


def explain(
    plan: Plan, result: Result, language: Language, norms: Norms | None = None
) -> list[str]:
    """A result told in sentences: what each scale came to and what that means, then the whole, then what it is not.

    `norms` are those of the result, for the labels of their bands.
    """
    bands = {**plan.bands, **(norms.bands if norms else {})}
    scales = within_reach(plan.forms[result.form], result).scales
    told = [
        sentence
        for scale in scales
        for sentence in _of_scale(plan, scale, bands, result.norm_set, language)
    ]
    told += [
        _say("critical", language, text=_text(plan.critical.get(item), item, language))
        for item in result.critical
    ]
    told.append(_say(result.outcome, language))
    proposed = next(
        (one for one in plan.suggestions if one.code == result.suggestion), None
    )
    if proposed is not None:
        told.append(
            _say(
                "suggestion",
                language,
                text=_text(label_of(proposed.text, proposed.code), "", language),
            )
        )
    return [*told, _say("end", language)]


def _say(key: str, language: Language, **members: Any) -> str:
    sentence: str = getattr(_SAID[key], language)
    return sentence.format(**members)


def _text(label: Label | None, code: str, language: Language) -> str:
    text: str = getattr(label, language) if label else code
    return text


def _number(value: float | None, language: Language) -> str:
    text = "–" if value is None else f"{round(value, 2):g}"
    return text.replace(".", ",") if language == "pl" else text


def _of_scale(
    plan: Plan,
    scale: ScaleResult,
    bands: Mapping[tuple[str, str], Label],
    norm_set: str | None,
    language: Language,
) -> list[str]:
    name = _text(plan.scales.get(scale.code), scale.code, language)
    counts = {"answered": scale.answered, "expected": scale.expected}
    if scale.raw is None:
        return [_say("no_raw", language, scale=name, **counts)]
    told = [_say("raw", language, scale=name, raw=_number(scale.raw, language))]
    if scale.answered < scale.expected:
        told.append(
            _say("prorated" if scale.is_prorated else "incomplete", language, **counts)
        )
    told += _of_norms(scale, norm_set, language)
    if scale.band is not None:
        told.append(
            _say(
                "band",
                language,
                band=_text(bands.get((scale.code, scale.band)), scale.band, language),
            )
        )
        told.append(_say(str(plan.better.get(scale.code, Better.LOWER)), language))
    return told


def _of_norms(
    scale: ScaleResult, norm_set: str | None, language: Language
) -> list[str]:
    if norm_set is None:
        return []
    if scale.norms is None:
        return (
            [_say("no_norms", language, norms=norm_set)]
            if scale.outcome == Outcome.UNDETERMINED
            else []
        )
    told = []
    if scale.norms.percentile is not None:
        whole = max(1, min(99, round(scale.norms.percentile)))
        told.append(_say("percentile", language, percentile=whole, norms=norm_set))
    if scale.norms.low is not None:
        ends = {
            "low": _number(scale.norms.low, language),
            "high": _number(scale.norms.high, language),
        }
        told.append(_say("interval", language, **ends))
    return told


def trace(
    plan: Plan, form_code: str, answers: Answers
) -> dict[str, list[dict[str, Any]]]:
    """The way from answers to scales: per scale its parts, with what each added (None: nothing that counts)."""
    form = plan.forms[form_code]
    cells, _ = read_answers(form, answers)
    names = [leaf.code for leaf in form.leaves]
    found: dict[str, list[dict[str, Any]]] = {}
    for scale in form.scales:
        parts: list[dict[str, Any]] = []
        for position, weight, mirror in scale.terms:
            if position >= len(names):
                parts.append({"scale": form.scales[position - len(names)].code})
                continue
            value = cells[position].value
            counted = (
                None
                if value is None or scale.kind == ScaleKind.RULE
                else points_of(scale, value, weight, mirror)
            )
            parts.append({"item": names[position], "value": value, "points": counted})
        found[scale.code] = parts
    return found
