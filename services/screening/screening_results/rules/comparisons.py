"""The results of several informants for one subject, scale by scale, without a mean over them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from services.screening.instruments.rules.items import Label
from services.screening.instruments.rules.outcomes import Informant, Outcome
from services.screening.instruments.rules.plans import Plan
from services.screening.instruments.rules.reach import within_reach
from services.screening.instruments.rules.scoring import Result, ScaleResult
from services.screening.screening_results.rules.profile_words import OUTCOMES
from services.screening.screening_results.rules.strips import BandLabels

NOTE = Label(
    "To badanie przesiewowe, a nie diagnoza.", "This is a screening, not a diagnosis."
)
INFORMANTS: Mapping[str, Label] = {
    Informant.PARENT: Label("rodzic", "parent"),
    Informant.NURSERY_CARER: Label("opiekun w żłobku", "nursery carer"),
    Informant.TEACHER: Label("nauczyciel", "teacher"),
    Informant.SPECIALIST: Label("specjalista", "specialist"),
    Informant.PUPIL: Label("uczeń", "pupil"),
    Informant.TEAM: Label("zespół", "team"),
}


class InformantResult(NamedTuple):
    """The result of an informant's screening, and the labels of its bands."""

    informant: str
    result: Result
    labels: BandLabels


def outcome_label(outcome: Outcome) -> dict[str, str]:
    """An outcome in words."""
    return {"pl": OUTCOMES["pl"][outcome], "en": OUTCOMES["en"][outcome]}


def compared_scales(
    plan: Plan, results: Sequence[InformantResult]
) -> list[dict[str, Any]]:
    """Every scale as JSON, with its result by each informant whose form has it."""
    limited_results = [
        entry._replace(result=within_reach(plan.forms[entry.result.form], entry.result))
        for entry in results
    ]
    codes = dict.fromkeys(
        scale.code for entry in results for scale in entry.result.scales
    )
    return [_scale(plan, code, limited_results) for code in codes]


def _scale(plan: Plan, code: str, results: Sequence[InformantResult]) -> dict[str, Any]:
    figures = [
        (entry, scale)
        for entry in results
        for scale in entry.result.scales
        if scale.code == code
    ]
    outcomes = [
        scale.outcome
        for _, scale in figures
        if scale.outcome not in {None, Outcome.UNDETERMINED}
    ]
    return {
        "scale": code,
        "label": plan.scales[code]._asdict(),
        # Null with fewer than two determined outcomes: there is nothing to compare.
        "is_agreed": None if len(outcomes) < 2 else len({*outcomes}) == 1,
        "by_informant": [_figure(entry, scale) for entry, scale in figures],
    }


def _figure(informant: InformantResult, scale: ScaleResult) -> dict[str, Any]:
    band = informant.labels.get((scale.code, scale.band)) if scale.band else None
    return {
        "informant": informant.informant,
        "raw": scale.raw,
        "norms": scale.norms._asdict() if scale.norms else None,
        "band": scale.band,
        "band_label": band._asdict() if band else None,
        "outcome": scale.outcome,
        "outcome_label": outcome_label(scale.outcome) if scale.outcome else None,
    }
