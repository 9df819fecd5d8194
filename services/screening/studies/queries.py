"""Every SELECT on studies, and on the instruments and campaigns that they name."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, and_, case, literal, select

from services.chassis.data.tables import JOBS, rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.screening.campaigns.models import Campaign
from services.screening.instruments.models import Instrument, InstrumentVersion
from services.screening.instruments.rules.states import VersionState
from services.screening.problems import StudyNotFound
from services.screening.studies.models import Study
from services.screening.studies.rules import StudyState
from services.screening.studies.schemas import StudyList, StudyRead

STUDIES: FromClause = rows_of(Study)
_CAMPAIGNS: FromClause = rows_of(Campaign)
_INSTRUMENTS: FromClause = rows_of(Instrument)
_VERSIONS: FromClause = rows_of(InstrumentVersion)


def _state() -> ColumnElement[str]:
    """The visible state: after a failed or cancelled run, the state before that run."""
    # A job that fails does not change the study: its failure is read from
    # the job itself.
    broken_off = (
        select(JOBS.c.id)
        .where(JOBS.c.id == STUDIES.c.job_id, JOBS.c.state.in_(["failed", "cancelled"]))
        .exists()
    )
    earlier_state = case(
        (STUDIES.c.run_number > 0, literal(StudyState.READY.value)),
        else_=literal(StudyState.DRAFT.value),
    )
    is_broken_off = and_(STUDIES.c.state == StudyState.RUNNING, broken_off)
    return case((is_broken_off, earlier_state), else_=STUDIES.c.state)


STATE = _state()
WIRE = {
    name: STATE if name == "state" else STUDIES.c[name]
    for name in StudyRead.model_fields
}
_LISTING = Listing(
    WIRE,
    {name: STUDIES.c[name] for name in ("created_at", "changed_at")}
    | {"name": in_polish_order(STUDIES.c.name)},
    "name",
    STUDIES.c.id,
)
_STORED = stored_columns(WIRE, STUDIES.c.id, STUDIES.c.version)
_AS_SHOWN = [
    STATE.label("state") if column.key == "state" else column for column in STUDIES.c
]


async def list_studies(
    reading: Reading, terms: ListTerms, query: StudyList
) -> ItemPage:
    """A page of studies."""
    studies: Rows = select(STUDIES)
    if query.instrument_code:
        studies = studies.where(STUDIES.c.instrument_code.in_(query.instrument_code))
    if query.campaign_id:
        studies = studies.where(STUDIES.c.campaign_id == query.campaign_id)
    if query.state:
        studies = studies.where(STATE.in_([state.value for state in query.state]))
    return await page_of(reading, terms, query, Listed(_LISTING, studies))


class CurrentStudy(NamedTuple):
    """A study as JSON, and whether its row says `running`, although the run may have failed."""

    study: Stored
    is_running: bool


async def get_study(reading: Reading, study_id: UUID) -> CurrentStudy:
    """One study.

    While it runs, its state can change without a new version, because its job can fail.
    """
    is_running = STUDIES.c.state == StudyState.RUNNING
    statement = select(*_STORED, is_running).where(STUDIES.c.id == study_id)
    *stored_row, runs = await reading.one(statement, StudyNotFound)
    return CurrentStudy(Stored(*stored_row), runs)


async def get_study_record(reading: Reading, study_id: UUID) -> Study:
    """A study without a lock: a computation takes long, and no other request may wait for it."""
    statement = select(*_AS_SHOWN).where(STUDIES.c.id == study_id)
    return await reading.instance(Study, statement, StudyNotFound)


async def lock_study(change: Change, study_id: UUID) -> Study:
    """A study with its visible state, locked until the transaction ends."""
    statement = select(*_AS_SHOWN).where(STUDIES.c.id == study_id)
    return await change.instance(Study, statement.with_for_update(), StudyNotFound)


async def require_study(reading: Reading, study_id: UUID) -> None:
    """StudyNotFound unless there is such a study."""
    await reading.one(
        select(STUDIES.c.id).where(STUDIES.c.id == study_id), StudyNotFound
    )


async def get_definition(reading: Reading, code: str, number: int) -> dict[str, Any]:
    """The definition of a published or retired version, as a JSON document.

    UnknownReference without such a version.
    """
    joined = _VERSIONS.join(
        _INSTRUMENTS, _VERSIONS.c.instrument_id == _INSTRUMENTS.c.id
    )
    statement = select(_VERSIONS.c.definition).select_from(joined)
    definition: dict[str, Any] | None = await reading.scalar(
        statement.where(
            _INSTRUMENTS.c.code == code,
            _VERSIONS.c.number == number,
            _VERSIONS.c.state != VersionState.DRAFT,
        )
    )
    # Not of a draft: its questions may still change.
    if definition is None:
        raise UnknownReference(
            FieldError("pointer", "/instrument_version", "not_found")
        )
    return definition


async def require_campaign(reading: Reading, campaign_id: UUID) -> None:
    """UnknownReference unless there is such a campaign."""
    campaign = select(_CAMPAIGNS.c.id).where(_CAMPAIGNS.c.id == campaign_id)
    if await reading.find(campaign) is None:
        raise UnknownReference(FieldError("pointer", "/campaign_id", "not_found"))
