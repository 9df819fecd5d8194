"""Every query of diagnoses."""

from uuid import UUID

from sqlalchemy import select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading, Rows, Stored
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.authorities.queries import get_worked, work_within
from services.training.authorities.rules import WorkState
from services.training.diagnoses.models import Diagnosis
from services.training.diagnoses.rules.content import (
    DiagnosisContent,
    missing_sections,
)
from services.training.diagnoses.rules.figures import figures_of
from services.training.diagnoses.schemas import (
    DiagnosisEntry,
    DiagnosisList,
    DiagnosisRead,
)
from services.training.permissions import Permission
from services.training.problems import DiagnosisNotFound

DIAGNOSES = rows_of(Diagnosis)
_READ = Permission.READ_AUTHORITY_WORK
_WIRE = {name: DIAGNOSES.c[name] for name in DiagnosisEntry.model_fields}
_LISTING = Listing(_WIRE, {"number": DIAGNOSES.c.number}, "-number", DIAGNOSES.c.id)


def content_of(diagnosis: Diagnosis) -> DiagnosisContent:
    """The content of a version, validated."""
    return DiagnosisContent.model_validate(diagnosis.content)


def shown(diagnosis: Diagnosis) -> Stored:
    """The answer of a version, with its figures."""
    content = content_of(diagnosis)
    read = DiagnosisRead(
        **diagnosis.model_dump(include={*_WIRE}),
        content=content,
        figures=figures_of(content),
        missing=missing_sections(content),
    )
    return Stored(diagnosis.id, diagnosis.version, read.model_dump_json())


def _newest(authority_id: UUID) -> Rows:
    of_authority = DIAGNOSES.c.authority_id == authority_id
    newest: Rows = select(DIAGNOSES).where(of_authority)
    # The index of numbers gives this row at once.
    return newest.order_by(DIAGNOSES.c.number.desc()).limit(1)


async def get_newest(
    reading: Reading, authority_id: UUID, permission: Permission = _READ
) -> Diagnosis:
    """The newest version of an authority within the permission's reach."""
    # AuthorityNotFound out of reach, before DiagnosisNotFound.
    await get_worked(reading, authority_id, permission)
    newest = _newest(authority_id)
    return await reading.instance(Diagnosis, newest, DiagnosisNotFound)


async def get_number(reading: Reading, authority_id: UUID, number: int) -> Diagnosis:
    """The version of that number."""
    await get_worked(reading, authority_id, _READ)
    statement = _newest(authority_id).where(DIAGNOSES.c.number == number)
    return await reading.instance(Diagnosis, statement, DiagnosisNotFound)


async def find_newest(reading: Reading, authority_id: UUID) -> Diagnosis | None:
    """The newest version of an authority that is within reach, in any state."""
    row = await reading.find(_newest(authority_id))
    return None if row is None else Diagnosis(**row._mapping)


async def find_accepted(reading: Reading, authority_id: UUID) -> Diagnosis | None:
    """The newest accepted version of an authority that is within reach."""
    is_accepted = DIAGNOSES.c.state == WorkState.ACCEPTED
    row = await reading.find(_newest(authority_id).where(is_accepted))
    return None if row is None else Diagnosis(**row._mapping)


def list_diagnoses(
    reading: Reading, authority_id: UUID, query: DiagnosisList
) -> Listed:
    """The versions of an authority."""
    reach = work_within(reading.caller, _READ, DIAGNOSES)
    rows: Rows = select(DIAGNOSES).where(
        DIAGNOSES.c.authority_id == authority_id, reach
    )
    if query.state:
        rows = rows.where(DIAGNOSES.c.state.in_(query.state))
    return Listed(_LISTING, rows)
