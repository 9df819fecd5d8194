"""Materials on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.file_kinds import MediaType
from services.chassis.ground.scalars import Code, Count, Name, Wire
from services.chassis.web.listing import ListQuery
from services.training.materials.rules import Licence, MaterialKind, MaterialUse
from services.training.programme_versions.schemas import VersionNumber
from services.training.programmes.schemas import ProgrammeCode

# Capitals and digits: the code is part of the file's name.
MaterialCode = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{1,39}$")
]


class MaterialCreate(Wire):
    """A new material, or the next version of one with the same code."""

    programme: ProgrammeCode
    version_number: Annotated[Count, Field(ge=1, le=32767)] = Field(
        description="of the programme: a proposed or agreed version"
    )
    modules: list[Code] = Field(
        min_length=1, max_length=40, description="codes of the modules that it is for"
    )
    code: MaterialCode
    title_pl: Name
    title_en: Name
    kind: MaterialKind
    use: MaterialUse
    # One of both, checked by a rule: few code generators support alternatives.
    licence_spdx: Licence | None = None
    licence_name: Name | None = Field(
        default=None, description="of a licence without such an identifier"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme": "TMW",
                    "version_number": 1,
                    "modules": ["M3"],
                    "code": "HANDBOOK-3",
                    "title_pl": "Diagnoza lokalna krok po kroku",
                    "title_en": "A local diagnosis step by step",
                    "kind": "handbook",
                    "use": "reusable",
                    "licence_spdx": "CC-BY-4.0",
                }
            ]
        }
    )


class MaterialRead(BaseModel):
    """A version of a material."""

    id: UUID
    version: int = Field(description="of this record, for its ETag")
    programme: str = Field(description="the programme's code")
    version_number: int = Field(description="of the programme")
    modules: list[str] = Field(description="codes of the modules that it is for")
    code: str
    number: int = Field(description="of the material's version")
    title_pl: str
    title_en: str
    kind: MaterialKind
    use: MaterialUse
    licence_spdx: Licence | None
    licence_name: str | None
    media_type: MediaType | None = Field(description="null until the file is sent")
    size: int | None = Field(description="bytes of the file")
    sha256: str | None = Field(description="of the file, in hexadecimal digits")
    changed_at: datetime


class MaterialList(ListQuery):
    """Filters of materials."""

    programme: list[ProgrammeCode] | None = None
    version_number: VersionNumber | None = None
    module: Code | None = Field(default=None, description="code of a module")
    code: MaterialCode | None = None
    kind: list[MaterialKind] | None = None
    use: MaterialUse | None = None
