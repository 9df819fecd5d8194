"""/groups/{id}/attendance-shares."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.data.effects import Subject
from services.chassis.ground.problems import NotAcceptable
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited
from services.training.attendance_shares import queries
from services.training.attendance_shares.schemas import AttendanceShareRead, ShareList
from services.training.attendances.queries import list_people
from services.training.demands import CanReadAttendance
from services.training.reads import record_read

# The tag of the attendance lists from which the shares are computed.
router = slice_router(prefix="", tags=["attendances"])
_FILES = files("csv", "xlsx", "ndjson")


@router.get(
    "/groups/{group_id}/attendance-shares",
    responses=answers(Page[AttendanceShareRead], NotAcceptable, files=_FILES),
)
async def list_attendance_shares(
    caller: CanReadAttendance,
    reading: Audited,
    request: Request,
    group_id: Id,
    query: Annotated[ShareList, Query()],
) -> Response:
    """The share of a group's planned minutes that each person with a seat has attended,
    and whether it is enough.
    """
    listed = queries.list_shares(reading, group_id, query)
    # Audited before the answer: a file is streamed after this function has returned.
    people = await list_people(reading, listed)
    path = f"groups/{group_id}/attendance-shares"
    record_read(reading, "list_attendance_shares", Subject(path), people)
    return await list_answer(request, reading, query, listed)
