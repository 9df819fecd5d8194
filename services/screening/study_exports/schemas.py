"""Exports of the data of studies on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Count, Wire
from services.screening.study_exports.rules.files import ExportFile

MOST_GROUP_SIZE = 100
# From five, as everywhere (`campaigns.rules.disclosure.FEW`).
GroupSize = Annotated[Count, Field(ge=5, le=MOST_GROUP_SIZE)]


class StudyExportCreate(Wire):
    """How careful an export is."""

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
    """An export: who made it when, and its files."""

    id: UUID
    study_id: UUID
    rows: int
    group_size: int
    exported_by: str
    exported_at: datetime
    files: list[ExportFileRead]


class StudyExportResult(BaseModel):
    """The export, and where its files are."""

    export_id: UUID = Field(description="identifier of the export")
    rows: int = Field(description="children in it")
    files: list[str] = Field(description="addresses of the files")
