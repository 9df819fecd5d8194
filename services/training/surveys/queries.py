"""Every query of surveys."""

from uuid import UUID

from sqlalchemy import bindparam, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.filters import Filter, Filtered, narrowed
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.conferences.models import Conference
from services.training.groups.models import Group
from services.training.problems import SurveyNotFound
from services.training.programmes.models import Programme
from services.training.surveys.models import Survey
from services.training.surveys.schemas import SurveyEntry, SurveyList, SurveyRead

SURVEYS = rows_of(Survey)
_SUBJECTS = {
    "programme_id": rows_of(Programme),
    "group_id": rows_of(Group),
    "conference_id": rows_of(Conference),
}
_WIRE = {name: SURVEYS.c[name] for name in SurveyRead.model_fields}
STORED = stored_columns(_WIRE, SURVEYS.c.id, SURVEYS.c.version)
_LISTING = Listing(
    {name: SURVEYS.c[name] for name in SurveyEntry.model_fields},
    {name: SURVEYS.c[name] for name in ("created_at", "changed_at")},
    "-created_at",
    SURVEYS.c.id,
)
_LIST = Filtered(
    _LISTING,
    SURVEYS,
    {name: Filter(SURVEYS.c[name]) for name in (*_SUBJECTS, "state")},
)


def list_surveys(query: SurveyList) -> Listed:
    """The surveys that a list or a file shows."""
    return narrowed(_LIST, {name: getattr(query, name) for name in _LIST.filters})


_ONE: Rows = select(*STORED).where(SURVEYS.c.id == bindparam("key"))


async def get_survey(reading: Reading, survey_id: UUID) -> Stored:
    """One survey."""
    return await reading.stored(_ONE, SurveyNotFound, {"key": survey_id})


async def get_survey_facts(reading: Reading, survey_id: UUID) -> Survey:
    """One survey. In a transaction that changes data it is share-locked, so that many
    can answer at once while nobody changes the survey.
    """
    statement: Rows = select(SURVEYS).where(SURVEYS.c.id == survey_id)
    if isinstance(reading, Change):
        statement = statement.with_for_update(read=True)
    return await reading.instance(Survey, statement, SurveyNotFound)


async def lock_survey(change: Change, survey_id: UUID) -> Survey:
    """One survey, locked, so that nobody answers it meanwhile."""
    statement = select(SURVEYS).where(SURVEYS.c.id == survey_id).with_for_update()
    return await change.instance(Survey, statement, SurveyNotFound)


async def subject_exists(reading: Reading, name: str, key: UUID) -> bool:
    """Whether the programme, group or conference of a survey exists."""
    table = _SUBJECTS[name]
    return await reading.find(select(table.c.id).where(table.c.id == key)) is not None
