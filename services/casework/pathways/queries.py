"""Every query on the templates."""

from uuid import UUID

from sqlalchemy import func, select

from services.casework.pathways.models import Pathway
from services.casework.pathways.rules import PathwayState, PathwayStep, allowed_verbs
from services.casework.pathways.schemas import PathwayList, PathwayRead
from services.casework.permissions import Permission
from services.casework.problems import PathwayNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

PATHWAYS = rows_of(Pathway)
_LIST = Filtered(
    Listing(
        {
            name: PATHWAYS.c[name]
            for name in PathwayRead.model_fields
            if name in PATHWAYS.c
        },
        {"code": PATHWAYS.c.code, "changed_at": PATHWAYS.c.changed_at},
        "code",
        PATHWAYS.c.id,
    ),
    PATHWAYS,
    {"code": Filter(PATHWAYS.c.code), "state": Filter(PATHWAYS.c.state)},
    # `Filtered` requires a county column. Templates have none and are read everywhere,
    # so this column is never compared with a county.
    county=PATHWAYS.c.code,
)


def list_pathways(query: PathwayList, caller: Caller) -> Listed:
    """The templates that a list shows."""
    values = {"code": query.code, "state": query.state}
    return filtered(_LIST, values, caller, Permission.READ_PATHWAYS)


async def get_pathway(reading: Reading, pathway_id: UUID) -> Pathway:
    """One version of a template."""
    statement = select(PATHWAYS).where(PATHWAYS.c.id == pathway_id)
    return await reading.instance(Pathway, statement, PathwayNotFound)


async def lock_pathway(change: Change, pathway_id: UUID) -> Pathway:
    """One version of a template, locked until the transaction ends."""
    statement = select(PATHWAYS).where(PATHWAYS.c.id == pathway_id)
    return await change.instance(Pathway, statement.with_for_update(), PathwayNotFound)


async def get_next_number(reading: Reading, code: str) -> int:
    """The number of the next version of a template."""
    # Over all versions, retired ones included: a number is never used again.
    newest = func.coalesce(func.max(PATHWAYS.c.number), 0) + 1
    number: int = await reading.scalar(select(newest).where(PATHWAYS.c.code == code))
    return number


def steps_of(pathway: Pathway) -> list[PathwayStep]:
    """The steps of a template, as the rules' type."""
    names = PathwayStep._fields
    return [
        PathwayStep(**{name: step[name] for name in names}) for step in pathway.steps
    ]


def to_stored(pathway: Pathway) -> Stored:
    """A template as it is shown."""
    allowed = allowed_verbs(PathwayState(pathway.state))
    body = PathwayRead.model_validate(pathway.model_dump() | {"allowed": allowed})
    return Stored(pathway.id, pathway.version, body.model_dump_json())
