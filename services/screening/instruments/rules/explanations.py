"""Explanations of results for teachers, scale by scale and as a whole, in Polish and English."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.screening.instruments.rules.answers import Answers, Cell
from services.screening.instruments.rules.definitions import Better, ScaleKind
from services.screening.instruments.rules.items import Label, label_of
from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.numbers import Language, written
from services.screening.instruments.rules.outcomes import Outcome
from services.screening.instruments.rules.plans import FormPlan, Plan
from services.screening.instruments.rules.reach import within_reach
from services.screening.instruments.rules.scales import ScalePlan, Term, points_of
from services.screening.instruments.rules.scoring import (
    Result,
    ScaleResult,
    read_answers,
)

_SENTENCES: Mapping[str, Label] = {
    "raw": Label("{scale}: wynik {raw}.", "{scale}: score {raw}."),
    "no_raw": Label(
        "{scale}: wyniku nie można podać, bo odpowiedzi jest za mało"
        " ({answered} z {expected}).",
        "{scale}: there is no score, because too little was answered"
        " ({answered} of {expected}).",
    ),
    "prorated": Label(
        "Odpowiedziano na {answered} z {expected} pytań;"
        " brakującą część oszacowano z pozostałych.",
        "{answered} of {expected} questions were answered;"
        " the missing part is estimated from the others.",
    ),
    "incomplete": Label(
        "Odpowiedziano na {answered} z {expected} pytań.",
        "{answered} of {expected} questions were answered.",
    ),
    "band": Label("To przedział „{band}”.", "This falls into the band “{band}”."),
    "lower": Label(
        "Na tej skali im mniej, tym lepiej.", "On this scale less is better."
    ),
    "higher": Label(
        "Na tej skali im więcej, tym lepiej.", "On this scale more is better."
    ),
    "percentile": Label(
        "Na 100 dzieci w tym samym wieku około {percentile} ma taki sam lub niższy wynik"
        " (normy: {norms}).",
        "Of 100 children of the same age about {percentile} have the same score or a lower"
        " one (norms: {norms}).",
    ),
    "no_norms": Label(
        "Dla tego dziecka nie ma norm w zbiorze {norms}.",
        "The norms {norms} have nothing for this child.",
    ),
    "interval": Label(
        "Żaden pomiar nie jest dokładny: prawdziwy wynik leży najpewniej między {low} a {high}.",
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
    """A result in sentences: each scale, then the whole, then that a screening is no diagnosis.

    `norms` are the norms of the result; they have the labels of its bands.
    """
    bands = {**plan.bands, **(norms.bands if norms else {})}
    sentences = []
    for scale in within_reach(plan.forms[result.form], result).scales:
        sentences += _about_scale(plan, scale, bands, result.norm_set, language)
    for item in result.critical:
        text = _text(plan.critical.get(item), item, language)
        sentences.append(_sentence("critical", language, text=text))
    sentences.append(_sentence(result.outcome, language))
    for suggestion in plan.suggestions:
        if suggestion.code == result.suggestion:
            label = label_of(suggestion.text, suggestion.code)
            text = _text(label, suggestion.code, language)
            sentences.append(_sentence("suggestion", language, text=text))
            break
    # Always the last sentence: a result by itself decides nothing about a person (GDPR,
    # art. 22).
    return [*sentences, _sentence("end", language)]


def _sentence(key: str, language: Language, **members: Any) -> str:
    sentence: str = getattr(_SENTENCES[key], language)
    return sentence.format(**members)


def _text(label: Label | None, code: str, language: Language) -> str:
    """A label in a language; the code where there is no label."""
    text: str = getattr(label, language) if label else code
    return text


def _about_scale(
    plan: Plan,
    scale: ScaleResult,
    bands: Mapping[tuple[str, str], Label],
    norm_set: str | None,
    language: Language,
) -> list[str]:
    name = _text(plan.scales.get(scale.code), scale.code, language)
    counts = {"answered": scale.answered, "expected": scale.expected}
    if scale.raw is None:
        return [_sentence("no_raw", language, scale=name, **counts)]
    raw = written(scale.raw, language)
    sentences = [_sentence("raw", language, scale=name, raw=raw)]
    if scale.answered < scale.expected:
        # An estimate has to be named as such: people might take it for
        # an answered score.
        key = "prorated" if scale.is_prorated else "incomplete"
        sentences.append(_sentence(key, language, **counts))
    sentences += _about_norms(scale, norm_set, language)
    if scale.band is not None:
        band = _text(bands.get((scale.code, scale.band)), scale.band, language)
        sentences.append(_sentence("band", language, band=band))
        better = plan.better.get(scale.code, Better.LOWER)
        sentences.append(_sentence(better, language))
    return sentences


def _about_norms(
    scale: ScaleResult, norm_set: str | None, language: Language
) -> list[str]:
    """The sentences about the norms of a scale.

    Empty when no norms were used, or when the scale has none and is
    judged without norms.
    """
    if norm_set is None:
        return []
    if scale.norms is None:
        if scale.outcome != Outcome.UNDETERMINED:
            return []
        return [_sentence("no_norms", language, norms=norm_set)]
    sentences = []
    if scale.norms.percentile is not None:
        # Between 1 and 99: a percentile is an estimate and not exact enough for 0 or
        # 100 of 100.
        whole = max(1, min(99, round(scale.norms.percentile)))
        sentences.append(
            _sentence("percentile", language, percentile=whole, norms=norm_set)
        )
    if scale.norms.low is not None:
        low, high = (
            written(end, language) for end in (scale.norms.low, scale.norms.high)
        )
        sentences.append(_sentence("interval", language, low=low, high=high))
    return sentences


def trace(
    plan: Plan, form_code: str, answers: Answers
) -> dict[str, list[dict[str, Any]]]:
    """The answers and scales that each scale is computed from, by scale.

    Each answer comes with its value and the points that it adds; `points` is None when
    it adds none, and for a rule, which is no sum.
    """
    form = plan.forms[form_code]
    # There are no problems: the answers were checked when they were submitted.
    cells, _problems = read_answers(form, answers)
    return {
        scale.code: [_part(form, scale, term, cells) for term in scale.terms]
        for scale in form.scales
    }


def _part(
    form: FormPlan, scale: ScalePlan, term: Term, cells: Sequence[Cell]
) -> dict[str, Any]:
    if term.position >= len(form.leaves):
        return {"scale": form.scales[term.position - len(form.leaves)].code}
    value = cells[term.position].value
    points = None
    if value is not None and scale.kind != ScaleKind.RULE:
        points = float(points_of(scale, value, term))
    item = form.leaves[term.position].code
    number = None if value is None else float(value)
    return {"item": item, "value": number, "points": points}
