"""Every SELECT on the results of screenings."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, func, literal_column, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Reading, Stored
from services.screening.instruments.queries import get_plan
from services.screening.instruments.rules.explanations import explain, trace
from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.numbers import Language
from services.screening.instruments.rules.outcomes import Child, Outcome
from services.screening.instruments.rules.plans import Plan
from services.screening.instruments.rules.scoring import Result, result_of
from services.screening.norm_sets.queries import get_norms
from services.screening.problems import ResultNotAvailable, ScreeningNotFound
from services.screening.screening_results.rules import comparisons
from services.screening.screening_results.rules.profiles import Occasion, profile
from services.screening.screening_results.rules.strips import BandLabels, strips_of
from services.screening.screening_results.schemas import ComparisonRead, ResultRead
from services.screening.screenings.models import ReplacedResult, Screening
from services.screening.screenings.queries import SCREENINGS, get_scored, is_visible_to
from services.screening.screenings.rules.states import State

_REPLACED: FromClause = rows_of(ReplacedResult)
_SHOWN_OF_REPLACED = (
    "version",
    "outcome",
    "norm_set_id",
    "rescoring_id",
    "replaced_by",
    "replaced_at",
    "result",
)
# Other versions have other questions, and other stages or campaigns were at another
# time: their figures cannot be compared.
_SAME_SUBJECT = (
    "subject_ref",
    "instrument_code",
    "instrument_version",
    "campaign_id",
    "stage",
)


_REPLACED_RESULT = func.json_build_object(
    *[
        part
        for name in _SHOWN_OF_REPLACED
        for part in (literal_column(f"'{name}'"), _REPLACED.c[name])
    ]
)


def _replaced_results() -> ColumnElement[Any]:
    """The earlier results of a screening as a JSON array, the oldest first."""
    results_in_order = _REPLACED_RESULT.op("ORDER BY")(_REPLACED.c.version)
    of_screening = _REPLACED.c.screening_id == SCREENINGS.c.id
    array = (
        select(func.json_agg(results_in_order)).where(of_screening).scalar_subquery()
    )
    return func.coalesce(array, literal_column("'[]'::json"))


def _wire() -> dict[str, ColumnElement[Any]]:
    computed_columns: dict[str, ColumnElement[Any]] = {
        "screening_id": SCREENINGS.c.id,
        "is_confirmed": SCREENINGS.c.state == literal_column("'confirmed'"),
        "replaced": _replaced_results(),
    }
    return {
        name: computed_columns[name] if name in computed_columns else SCREENINGS.c[name]
        for name in ResultRead.model_fields
    }


_STORED = stored_columns(_wire(), SCREENINGS.c.id, SCREENINGS.c.version)


class Interpreted(NamedTuple):
    """A scored screening, its result, and the plan and norms that explain the result."""

    screening: Screening
    result: Result
    plan: Plan
    norms: Norms | None

    @property
    def band_labels(self) -> BandLabels:
        """The labels of bands; those of the norms take precedence over those of the instrument."""
        return {**self.plan.bands, **(self.norms.bands if self.norms else {})}


async def _interpret(
    reading: Reading, screenings: Sequence[Screening]
) -> list[Interpreted]:
    """Scored screenings of one version of an instrument, with its plan and the norms of each."""
    # Also of a retired version: screenings that were made with it still have results.
    code, number = screenings[0].instrument_code, screenings[0].instrument_version
    plan = await get_plan(reading, code, number, or_retired=True)
    interpreted = []
    for screening in screenings:
        norm_set_id = screening.norm_set_id
        norms = await get_norms(reading, norm_set_id) if norm_set_id else None
        result = result_of(screening.result or {})
        interpreted.append(Interpreted(screening, result, plan, norms))
    return interpreted


async def get_result(reading: Reading, screening_id: UUID) -> Stored:
    """The result of a screening, and the earlier ones that a re-scoring replaced."""
    # Checked first, so that a screening without a result is refused.
    await get_scored(reading, screening_id)
    conditions = (SCREENINGS.c.id == screening_id, is_visible_to(reading.caller))
    return await reading.stored(select(*_STORED).where(*conditions), ScreeningNotFound)


async def get_explanation(reading: Reading, screening_id: UUID) -> Stored:
    """A result in words, and what every answer added to its scales."""
    screening = await get_scored(reading, screening_id)
    [(_, result, plan, norms)] = await _interpret(reading, [screening])
    sentences = {
        "pl": explain(plan, result, "pl", norms),
        "en": explain(plan, result, "en", norms),
    }
    explanation = {
        "screening_id": str(screening_id),
        "sentences": sentences,
        "trace": trace(plan, result.form, screening.answers),
    }
    body = json.dumps(explanation, ensure_ascii=False)
    return Stored(screening_id, screening.version, body)


async def _list_of_other_informants(
    reading: Reading, screening: Screening
) -> list[Screening]:
    """The newest scored screening by each other informant.

    They have the same subject, version of the instrument, campaign and stage.
    """
    columns = SCREENINGS.c
    is_same_occasion = [
        columns[name].is_not_distinct_from(getattr(screening, name))
        for name in _SAME_SUBJECT
    ]
    has_result = columns.state.in_([State.SCORED, State.CONFIRMED])
    newest = (
        select(SCREENINGS)
        .ext(distinct_on(columns.informant))
        .where(is_visible_to(reading.caller), has_result, *is_same_occasion)
        .where(columns.informant != screening.informant)
        # DISTINCT ON keeps the first row of each informant: the newest, and of one day
        # the one that was recorded last.
        .order_by(columns.informant, columns.administered_on.desc(), columns.id.desc())
    )
    return [Screening(**row._mapping) for row in await reading.rows(newest)]


async def get_comparison(reading: Reading, screening_id: UUID) -> ComparisonRead:
    """The results of all informants for the subject, scale by scale."""
    screening = await get_scored(reading, screening_id)
    others = await _list_of_other_informants(reading, screening)
    interpreted = await _interpret(reading, [screening, *others])
    results = [
        comparisons.InformantResult(
            entry.screening.informant, entry.result, entry.band_labels
        )
        for entry in interpreted
    ]
    return ComparisonRead.model_validate(
        {
            "screening_id": screening.id,
            "subject_ref": screening.subject_ref,
            "instrument_code": screening.instrument_code,
            "instrument_version": screening.instrument_version,
            "note": comparisons.NOTE._asdict(),
            "informants": [_informant_fields(entry.screening) for entry in interpreted],
            "scales": comparisons.compared_scales(interpreted[0].plan, results),
        }
    )


def _informant_fields(screening: Screening) -> dict[str, Any]:
    return {
        "informant": screening.informant,
        "label": comparisons.INFORMANTS[screening.informant]._asdict(),
        "screening_id": screening.id,
        "form_code": screening.form_code,
        "administered_on": screening.administered_on,
        "state": screening.state,
        "outcome": screening.outcome,
        "outcome_label": comparisons.outcome_label(Outcome(str(screening.outcome))),
    }


class Profile(NamedTuple):
    """The profile of a version of a screening, as a Vega-Lite document."""

    version: int
    document: dict[str, Any]


async def get_profile(
    reading: Reading, screening_id: UUID, language: Language
) -> Profile:
    """The scales of a result, each on its own range."""
    screening = await get_scored(reading, screening_id)
    [interpreted] = await _interpret(reading, [screening])
    occasion = _occasion(interpreted, language)
    strips = strips_of(
        interpreted.plan,
        interpreted.result,
        Child(occasion.age_months, screening.sex, screening.informant),
        interpreted.norms,
        interpreted.band_labels,
    )
    return Profile(screening.version, profile(occasion, strips, language))


def _occasion(interpreted: Interpreted, language: Language) -> Occasion:
    screening, plan = interpreted.screening, interpreted.plan
    # Only for the type checker: every scored screening has its day and age.
    if screening.administered_on is None or screening.age_months is None:
        raise ResultNotAvailable(state=screening.state)
    return Occasion(
        getattr(plan.title, language),
        getattr(plan.form_titles[interpreted.result.form], language),
        getattr(comparisons.INFORMANTS[screening.informant], language),
        screening.administered_on,
        screening.age_months,
    )
