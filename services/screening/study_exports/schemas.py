"""Exports of the data of studies on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.disclosure.cells import FEW
from services.chassis.ground.scalars import Count, Wire
from services.screening.study_exports.rules.files import ExportFile

MOST_GROUP_SIZE = 100
GroupSize = Annotated[Count, Field(ge=FEW, le=MOST_GROUP_SIZE)]


class StudyExportCreate(Wire):
    """How strictly an export protects small groups."""

    group_size: GroupSize = Field(
        default=10, description="a county with fewer children is not named"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"group_size": 20}]})


class ExportFileRead(BaseModel):
    """A file of an export."""

    name: ExportFile
    bytes: int
    href: str


class StudyExportRead(BaseModel):
    """An export: its account, its time and its files."""

    id: UUID
    study_id: UUID
    rows: int
    group_size: int
    exported_by: str
    exported_at: datetime
    files: list[ExportFileRead]


class StudyExportResult(BaseModel):
    """The export and the addresses of its files."""

    export_id: UUID = Field(description="identifier of the export")
    rows: int = Field(description="screenings in it, one in each row")
    files: list[str] = Field(description="addresses of the files")
