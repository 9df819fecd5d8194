"""How a row of a file names a person and a group. Pure: it runs in the parser's process."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from services.chassis.ground.bodies import validated
from services.chassis.ground.problems import ValidationFailed
from services.chassis.ground.scalars import Code, Line, Wire
from services.chassis.transfer.files import Row, RowProblem


class EnrolmentRow(Wire):
    """What a row says."""

    external_id: Annotated[Line, Field(min_length=1, max_length=200)]
    county_terc: Annotated[Line, Field(pattern=r"^[0-9]{4}$")]
    group_code: Code


STAGING: Mapping[str, str] = dict.fromkeys(EnrolmentRow.model_fields, "text")
"""The columns that a row is staged in, by their SQL types."""
FIELDS = {name: name for name in EnrolmentRow.model_fields}


def staged_row(row: Row) -> tuple[str, ...] | list[RowProblem]:
    """A row's values in the order of STAGING, or everything that is wrong with it."""
    # The list of participants with a column more is such a file: the rest is not read.
    said = {name: row[name].strip() for name in FIELDS if row.get(name, "").strip()}
    # A spreadsheet takes the code for a number, and its leading zero away.
    if said.get("county_terc", "").isdigit():
        said["county_terc"] = said["county_terc"].zfill(4)
    try:
        enrolment = validated(EnrolmentRow, said)
    except ValidationFailed as failed:
        return [RowProblem(error.name, error.code) for error in failed.errors]
    return tuple(getattr(enrolment, name) for name in STAGING)
