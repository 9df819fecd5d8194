"""Materials, their modules, and their files in parts."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class Material(Table, Versioned, table=True):
    """One version of a material; another file is another version."""

    __tablename__ = "materials"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('handbook', 'aid', 'presentation', 'exercise', 'tool',"
            " 'advisory')",
            name="kind",
        ),
        CheckConstraint("use IN ('reusable', 'test_only')", name="use"),
        # Exactly one licence.
        CheckConstraint(
            "(licence_spdx IS NULL) <> (licence_name IS NULL)", name="licence"
        ),
        # All three facts of the file, or none.
        CheckConstraint(
            "(media_type IS NULL) = (sha256 IS NULL)"
            " AND (media_type IS NULL) = (size IS NULL)",
            name="file",
        ),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint("size > 0", name="size"),
        Index("uq_materials_number", "programme_id", "code", "number", unique=True),
        Index("ix_materials_code", "code", "id"),
        Index("ix_materials_version_id", "version_id"),
    )

    # Beside the version: numbers of a material run through all versions of a programme.
    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    version_id: UUID = Field(sa_type=Uuid, foreign_key="training.programme_versions.id")
    code: str = Field(sa_type=Text)
    number: int
    title_pl: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    use: str = Field(sa_type=Text)
    licence_spdx: str | None = Field(default=None, sa_type=Text)
    licence_name: str | None = Field(default=None, sa_type=Text)
    media_type: str | None = Field(default=None, sa_type=Text)
    size: int | None = None
    sha256: str | None = Field(default=None, sa_type=Text)


class MaterialModule(Table, table=True):
    """A module that a material belongs to."""

    __tablename__ = "material_modules"
    # The primary key finds modules by material; this index finds materials by module.
    __table_args__ = (Index("ix_material_modules_module_id", "module_id"),)

    material_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.materials.id"
    )
    module_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.programme_modules.id"
    )


class MaterialPart(Table, table=True):
    """A part of a file, which is sent part by part, to save memory."""

    __tablename__ = "material_parts"

    material_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.materials.id"
    )
    part: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    content: bytes = Field(sa_type=LargeBinary)
