"""Parameters of an import of institutions."""

import json
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from services.chassis.ground.scalars import Line, QueryFlag
from services.registry.institution_imports.rules.tables import GENERIC_FIELDS


class InstitutionFileFormat(StrEnum):
    """Registers that can be read."""

    RSPO = "rspo"
    NURSERIES = "nurseries"
    GENERIC = "generic"


class InstitutionImport(BaseModel):
    """Parameters of an import."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    format: InstitutionFileFormat
    dry_run: QueryFlag = Field(
        default=False, description="report what would happen, write nothing"
    )
    # A prefix of every key; the pattern has no colon, which separates prefix and key.
    system: Line = Field(
        default="file",
        pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$",
        description="whose external ids these are",
    )
    mapping: Line | None = Field(
        default=None,
        max_length=4000,
        description="generic only: JSON object from our field to the file's column",
        examples=[
            '{"name":"Nazwa placówki","external_id":"Nr","county_name":"Powiat"}'
        ],
    )

    @field_validator("mapping")
    @classmethod
    def _is_readable(cls, mapping: str | None) -> str | None:
        # Checked on upload: the job would fail much later.
        if mapping is not None:
            read_mapping(mapping)
        return mapping

    def parameters(self) -> dict[str, Any]:
        """The parameters of the job."""
        if self.mapping is None:
            return {"system": self.system}
        # A column that the mapping names is expected: if it is missing, the job warns.
        fields = read_mapping(self.mapping)
        return {"system": self.system, "fields": fields, "is_complete": True}


def read_mapping(mapping: str) -> dict[str, str]:
    """The mapping of columns to our fields; the JSON text maps our fields to columns.

    PydanticCustomError when it is no such JSON object.
    """
    try:
        columns = json.loads(mapping)
    except ValueError:
        columns = None
    is_mapping = isinstance(columns, dict) and all(
        isinstance(column, str) and column for column in columns.values()
    )
    if (
        not is_mapping
        or not columns.keys() <= GENERIC_FIELDS.keys()
        # A column that serves two fields could keep only one of them.
        or len({*columns.values()}) != len(columns)
    ):
        raise PydanticCustomError("wrong_format", "wrong format")
    return {column: field for field, column in columns.items()}
