"""The fields of a row of the file. Pure: it runs in the parser's process."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any

from pydantic import Field

from services.chassis.ground.bodies import validated
from services.chassis.ground.problems import ValidationFailed
from services.chassis.ground.scalars import Id, Line, Name, Wire
from services.chassis.tabular.cells import CellError, restored, spaced
from services.chassis.transfer.files import Row, RowProblem
from services.training.trainees.rules import (
    OF_AUTHORITY,
    AudienceRole,
    OrganisationRelation,
    OrganisationType,
    Sex,
    TargetGroup,
)

_Terc = Annotated[Line, Field(pattern=r"^[0-9]{4}$")]
_AuthorityTerc = Annotated[Line, Field(pattern=r"^[0-9]{4}([0-9]{3})?$")]
_CODES = {"county_terc": (4,), "authority_terc": (4, 7)}
_SEXES = {"k": Sex.FEMALE.value, "m": Sex.MALE.value}


class TraineeRow(Wire):
    """The fields of one row; an empty cell is absent."""

    external_id: Annotated[Line, Field(min_length=1, max_length=200)]
    county_terc: _Terc
    given_name: Name
    family_name: Name
    sex: Sex
    organisation_type: OrganisationType
    organisation_name: Name
    relation: OrganisationRelation
    email: (
        Annotated[Line, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")] | None
    ) = None
    institution_id: Id | None = None
    site_id: Id | None = None
    authority_terc: _AuthorityTerc | None = None
    target_group: TargetGroup | None = None
    audience_role: AudienceRole | None = None


STAGING: Mapping[str, str] = {
    name: "uuid" if name in {"institution_id", "site_id"} else "text"
    for name in TraineeRow.model_fields
}
"""The columns of the staging table, with their SQL types."""
REQUIRED = tuple(
    name for name, field in TraineeRow.model_fields.items() if field.is_required()
)
FIELDS = {name: name for name in TraineeRow.model_fields}


def staged_row(row: Row) -> tuple[Any, ...] | list[RowProblem]:
    """A row's values in the order of STAGING, or all of its problems."""
    cells = {name: spaced(cell.strip()) for name, cell in row.items() if cell.strip()}
    # Other columns of a spreadsheet are ignored.
    fields = {name: cell for name, cell in cells.items() if name in FIELDS}
    if "sex" in fields:
        fields["sex"] = _SEXES.get(fields["sex"].casefold(), fields["sex"])
    # A text that is no code stays, and is refused by the validation below.
    for name, widths in _CODES.items():
        with suppress(CellError):
            fields[name] = restored(fields.get(name, ""), *widths)
    # The same types as in request bodies.
    try:
        trainee = validated(TraineeRow, fields)
    except ValidationFailed as failed:
        return [RowProblem(error.name, error.code) for error in failed.errors]
    if trainee.authority_terc and trainee.organisation_type not in OF_AUTHORITY:
        return [RowProblem("/authority_terc", "contradicts")]
    # Texts: the output is COPY data, which PostgreSQL converts.
    return tuple(
        None if value is None else str(value)
        for value in (getattr(trainee, name) for name in STAGING)
    )
