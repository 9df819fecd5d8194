"""The query of the version that is agreed at present."""

from sqlalchemy import select

from services.chassis.data.work import Change
from services.training.programme_versions.models import ProgrammeVersion
from services.training.programme_versions.queries import VERSIONS
from services.training.programme_versions.rules.states import VersionState


async def find_agreed_version(
    change: Change, version: ProgrammeVersion
) -> ProgrammeVersion | None:
    """The version of the same programme that is agreed now, locked."""
    of_programme = VERSIONS.c.programme_id == version.programme_id
    is_agreed = VERSIONS.c.state == VersionState.AGREED
    # At most one row, by `uq_programme_versions_agreed`.
    statement = select(VERSIONS).where(of_programme, is_agreed).with_for_update()
    row = await change.find(statement)
    return None if row is None else ProgrammeVersion(**row._mapping)
