"""The content of the page for parents."""

from uuid import UUID

from services.chassis.data.work import Reading
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.ground.problems import Language
from services.screening.instruments.queries import get_plan
from services.screening.instruments.rules.outcomes import Informant, Outcome
from services.screening.instruments.rules.scoring import result_of
from services.screening.problems import ResultNotConfirmed
from services.screening.screening_documents.rules.areas import areas_of
from services.screening.screening_documents.rules.documents import Area, ResultDocument
from services.screening.screenings.models import Screening
from services.screening.screenings.queries import get_scored
from services.screening.screenings.rules.states import State, allowed_verbs


async def get_confirmed(reading: Reading, screening_id: UUID) -> Screening:
    """A screening whose result a person has confirmed; otherwise ResultNotConfirmed."""
    screening = await get_scored(reading, screening_id)
    if screening.state != State.CONFIRMED:
        allowed = allowed_verbs(screening.state)
        raise ResultNotConfirmed(state=screening.state, allowed=allowed)
    return screening


async def get_document(
    reading: Reading, screening: Screening, language: Language
) -> ResultDocument:
    """A confirmed result with the facts that parents are shown."""
    # Also of a retired version: screenings that were made with it still have results.
    plan = await get_plan(
        reading,
        screening.instrument_code,
        screening.instrument_version,
        or_retired=True,
    )
    # Only for the type checker: every confirmed screening has both values.
    if screening.administered_on is None or screening.confirmed_at is None:
        raise ResultNotConfirmed(state=screening.state, allowed=[])
    # The page has its own words for outcomes: the label of a band may
    # contain technical terms.
    result = result_of(screening.result or {})
    area_codes = areas_of(plan.forms[result.form])
    names = {code: getattr(plan.scales[code], language) for code in area_codes}
    is_corrected = plan.is_corrected_for_prematurity
    return ResultDocument(
        screening_id=screening.id,
        instrument=getattr(plan.title, language),
        form=getattr(plan.form_titles[result.form], language),
        informant=Informant(screening.informant),
        administered_on=screening.administered_on,
        confirmed_on=screening.confirmed_at.astimezone(CIVIL_TIME).date(),
        outcome=Outcome(result.outcome),
        topics=tuple(names.values()),
        areas=tuple(
            Area(names[scale.code], Outcome(scale.outcome))
            for scale in result.scales
            if scale.code in names and scale.outcome is not None
        ),
        age_months=None if is_corrected else screening.age_months,
        has_critical=bool(result.critical),
        has_consent=bool(screening.has_consent),
    )
