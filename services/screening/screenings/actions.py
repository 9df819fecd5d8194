"""Every change of a screening, counted in its campaign in the same transaction."""

import json
from collections.abc import Container
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import func, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.bodies import validated
from services.chassis.ground.problems import (
    FieldError,
    OutsideScope,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.chassis.trust.callers import Caller
from services.screening.campaign_counts.actions import count_results
from services.screening.instruments.queries import get_plan_of_version
from services.screening.norm_sets.queries import get_norms
from services.screening.peers import find_unknown_institutions
from services.screening.permissions import Permission
from services.screening.problems import ImplementerElsewhere, SubjectNotSelected
from services.screening.screenings import queries, statements
from services.screening.screenings.models import CHANGED_NOW, Screening
from services.screening.screenings.queries import RecordingBasis
from services.screening.screenings.rules.results import bands_of
from services.screening.screenings.rules.states import State, Verb, allowed_verbs
from services.screening.screenings.rules.subjects import contradictions
from services.screening.screenings.rules.submissions import (
    Days,
    Filled,
    Submission,
    submitted,
)
from services.screening.screenings.schemas import (
    ScreeningCreate,
    ScreeningSubmit,
    ScreeningUpdate,
)
from services.screening.screenings.statements import Recorded


def _subject(screening: Screening | Recorded, version: int) -> Subject:
    path = f"screenings/{screening.id}"
    return Subject(path, version, screening.county_terc, screening.institution_id)


def tell_of_screening(
    change: Change, event: str, screening: Screening | Recorded, version: int
) -> None:
    """Write the event of a screening's new version: ids, never answers or results."""
    ids = {
        name: str(value)
        for name in ("subject_ref", "campaign_id", "institution_id")
        if (value := getattr(screening, name))
    }
    change.tell(f"screening.{event}", _subject(screening, version), **ids)


def record_change(
    change: Change,
    action: str,
    event: str,
    screening: Screening | Recorded,
    version: int,
    **detail: Any,
) -> None:
    """Write the audit record and the event of a new version; only the audit record has `detail`."""
    change.record(action, _subject(screening, version), **detail)
    tell_of_screening(change, event, screening, version)


def demand_place(
    caller: Caller, permission: Permission, county: str, institution: UUID | None
) -> None:
    """OutsideScope unless the caller reaches this county and institution.

    A caller's own institution must also be in one of the caller's counties.
    """
    demand(caller, permission, county=county, institution=institution)
    if county not in caller.counties and "*" not in caller.counties:
        raise OutsideScope(permission=str(permission), relation="own_county")


def read_screening(facts: object) -> ScreeningCreate:
    """Validate the facts of a screening; ValidationFailed has the faults."""
    return validated(ScreeningCreate, facts)


async def _score_submission(
    change: Change,
    basis: RecordingBasis,
    form: Filled,
    submission: ScreeningSubmit,
) -> Submission:
    """The columns of a form that is submitted now, scored with the norms in force."""
    plan = await get_plan_of_version(change, basis.version_id, basis.version_state)
    norm_set_id = basis.norm_set_id
    norms = None if norm_set_id is None else await get_norms(change, norm_set_id)
    days = Days(
        submission.born_on, submission.administered_on, submission.gestation_weeks
    )
    scoring = submitted(plan, norms, form, days)
    return scoring._replace(
        norm_set_id=norm_set_id if scoring.state is State.SCORED else None,
        has_consent=submission.consent_to_refer,
        submitted_by=change.caller.subject,
    )


def _check_days(submission: ScreeningSubmit, today: date, at: str = "") -> None:
    days = (submission.born_on, submission.administered_on, today)
    refuse(*contradictions(*days), at=at)


def _check_new(
    change: Change, new: ScreeningCreate, unknown_institutions: Container[UUID]
) -> None:
    place = (new.county_terc, new.institution_id)
    demand_place(change.caller, Permission.SUBMIT_SCREENINGS, *place)
    if new.institution_id is not None and new.institution_id in unknown_institutions:
        raise UnknownReference(FieldError("pointer", "/institution_id", "not_found"))
    if (new.source is None) != (new.external_id is None):
        refuse(("external_id", "both_or_neither"))


async def record_screening(
    change: Change,
    new: ScreeningCreate,
    today: date,
    unknown_institutions: Container[UUID],
) -> Recorded:
    """Record a screening, as a draft or scored at once, and count it in its campaign."""
    _check_new(change, new, unknown_institutions)
    basis = await queries.get_recording_basis(
        change, new.instrument_code, new.instrument_version, new.campaign_id
    )
    columns = {
        **dict(new),
        "created_by": change.caller.subject,
        "state": State.DRAFT,
        # It has the day of birth, which must not even be a parameter of a statement.
        "submission": None,
    }
    if new.campaign_id is not None:
        queries.require_campaign(basis, new.county_terc, new.implementer)
        columns["stage"] = new.stage or 1
    elif new.stage is not None:
        refuse(("stage", "without_campaign"))
    if new.submission is None:
        # A draft needs no plan yet, only a published version of an instrument.
        await get_plan_of_version(change, basis.version_id, basis.version_state)
    else:
        _check_days(new.submission, today, at="/submission")
        form = Filled(new.sex, new.informant, new.form_code, new.answers)
        scoring = await _score_submission(change, basis, form, new.submission)
        columns |= scoring._asdict()
    return await _insert(change, columns)


async def _insert(change: Change, columns: dict[str, Any]) -> Recorded:
    """Write and count a screening in one statement, then write its audit record and event."""
    # As JSON the columns need no types here: PostgreSQL takes the types from the table.
    bands = bands_of(columns.get("result"))
    parameters = (to_json(columns).decode(), to_json(bands).decode())
    [row] = await change.fetch(statements.RECORD, *parameters)
    screening = Recorded(*row)
    if screening.unselected:
        raise SubjectNotSelected()
    if screening.misplaced:
        raise ImplementerElsewhere()
    state, version = screening.state, screening.version
    event = "created" if state == State.DRAFT else state
    record_change(change, "create_screening", event, screening, version, state=state)
    return screening


async def create_screening(change: Change, new: ScreeningCreate, today: date) -> Stored:
    """Record a screening."""
    # The registry is asked before the first write: no lock may wait for its answer.
    unknown_institutions = await find_unknown_institutions([new.institution_id])
    screening = await record_screening(change, new, today, unknown_institutions)
    return Stored(screening.id, screening.version, screening.body)


async def lock_screening_for(
    change: Change,
    permission: Permission,
    verb: Verb,
    screening_id: UUID,
    version: int,
) -> Screening:
    """The locked screening: in reach, unchanged since it was read, in a state for the verb."""
    # First: a caller who may not see the screening gets ScreeningNotFound.
    screening = await queries.lock_screening(change, screening_id)
    place = (screening.county_terc, screening.institution_id)
    demand_place(change.caller, permission, *place)
    require_version(screening.version, version)
    allowed = allowed_verbs(screening.state)
    if verb not in allowed:
        raise StateConflict(state=screening.state, allowed=allowed)
    return screening


async def change_screening(
    change: Change, screening_id: UUID, columns: dict[str, Any]
) -> Stored:
    """Give a locked screening these values, and its next version."""
    statement = update(Screening).where(col(Screening.id) == screening_id)
    statement = statement.values(**columns, **CHANGED_NOW)
    return await change.stored(statement.returning(*queries.STORED))


async def count_screening(
    change: Change,
    screening: Screening,
    scoring: Screening | Submission,
    direction: int,
) -> None:
    """Count a screening's result in its campaign (`direction` 1), or take it out again (-1)."""
    if screening.campaign_id is None:
        return
    facts = {
        "campaign_id": screening.campaign_id,
        "stage": screening.stage,
        "implementer": screening.implementer,
        "subject_ref": screening.subject_ref,
        "county_terc": screening.county_terc,
        "sex": screening.sex,
        "screening_id": screening.id,
        "instrument": screening.instrument_code,
        "age_months": scoring.age_months,
        "outcome": scoring.outcome,
        "informant": screening.informant,
        "bands": bands_of(scoring.result),
        "direction": direction,
    }
    await count_results(change, json.dumps([facts], default=str))


async def amend_screening(
    change: Change, screening_id: UUID, patch: ScreeningUpdate, version: int
) -> Stored:
    """Change a draft: the answers in the patch replace earlier ones, and null removes an answer."""
    screening = await lock_screening_for(
        change, Permission.SUBMIT_SCREENINGS, Verb.AMEND, screening_id, version
    )
    columns = patch.model_dump(exclude_unset=True)
    if "answers" in columns:
        answers = screening.answers | columns["answers"]
        columns["answers"] = {
            item: answer for item, answer in answers.items() if answer is not None
        }
    # Names of fields and no values: the audit trail holds no answers.
    fields = sorted(
        name for name, value in columns.items() if value != getattr(screening, name)
    )
    # Without a difference there is no new version and no event, and ETags stay valid.
    if fields:
        version = (await change_screening(change, screening_id, columns)).version
        record_change(
            change, "amend_screening", "changed", screening, version, fields=fields
        )
    return await queries.get_screening(change, screening_id)


async def submit_screening(
    change: Change,
    screening_id: UUID,
    submission: ScreeningSubmit,
    version: int,
    today: date,
) -> Stored:
    """Submit a draft: its answers are checked and scored, and it counts in its campaign."""
    draft = await lock_screening_for(
        change, Permission.SUBMIT_SCREENINGS, Verb.SUBMIT, screening_id, version
    )
    basis = await queries.get_recording_basis(
        change, draft.instrument_code, draft.instrument_version, draft.campaign_id
    )
    if draft.campaign_id is not None:
        # The campaign may have been closed since the draft was made.
        queries.require_campaign(basis, draft.county_terc, draft.implementer)
    _check_days(submission, today)
    form = Filled(draft.sex, draft.informant, draft.form_code, draft.answers)
    scoring = await _score_submission(change, basis, form, submission)
    scored_at = func.now() if scoring.state is State.SCORED else None
    columns = scoring._asdict() | {"submitted_at": func.now(), "scored_at": scored_at}
    stored = await change_screening(change, screening_id, columns)
    await count_screening(change, draft, scoring, 1)
    record_change(change, "submit_screening", scoring.state, draft, stored.version)
    return await queries.get_recorded(change, screening_id)
