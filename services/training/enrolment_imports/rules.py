"""The fields of a row of the file. Pure: it runs in the parser's process."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from services.chassis.ground.bodies import validated
from services.chassis.ground.problems import ValidationFailed
from services.chassis.ground.scalars import Code, Line, Wire
from services.chassis.transfer.files import Row, RowProblem


class EnrolmentRow(Wire):
    """The fields of one row."""

    external_id: Annotated[Line, Field(min_length=1, max_length=200)]
    county_terc: Annotated[Line, Field(pattern=r"^[0-9]{4}$")]
    group_code: Code


STAGING: Mapping[str, str] = dict.fromkeys(EnrolmentRow.model_fields, "text")
"""The columns of the staging table, with their SQL types."""
FIELDS = {name: name for name in EnrolmentRow.model_fields}


def staged_row(row: Row) -> tuple[str, ...] | list[RowProblem]:
    """A row's values in the order of STAGING, or all of its problems."""
    # Other columns are ignored, so that a file of trainees can be used.
    fields = {name: row[name].strip() for name in FIELDS if row.get(name, "").strip()}
    # Spreadsheets drop the leading zero of the code.
    if fields.get("county_terc", "").isdigit():
        fields["county_terc"] = fields["county_terc"].zfill(4)
    try:
        enrolment = validated(EnrolmentRow, fields)
    except ValidationFailed as failed:
        return [RowProblem(error.name, error.code) for error in failed.errors]
    return tuple(getattr(enrolment, name) for name in STAGING)
