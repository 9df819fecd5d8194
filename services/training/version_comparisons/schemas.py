"""Differences between versions on the wire."""

from pydantic import BaseModel, ConfigDict, Field

from services.training.programme_versions.schemas import VersionNumber
from services.training.version_comparisons.rules.differences import (
    DifferenceKind,
    Part,
    Value,
)


class VersionComparisonQuery(BaseModel):
    """The version to compare with."""

    since: VersionNumber | None = Field(
        default=None, description="number of the other version; else the one before"
    )

    # A misspelt parameter is an error; otherwise the default would be used.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class ComparedText(BaseModel):
    """A text in Polish and English."""

    pl: str
    en: str


class FieldDifference(BaseModel):
    """The old and new value of a field."""

    field: str
    label: ComparedText
    before: Value
    after: Value


class VersionDifference(BaseModel):
    """One difference."""

    kind: DifferenceKind
    part: Part
    # The same in all versions, so that a client can find the part.
    code: str = Field(
        description="of the module, topic or outcome; of a setting its name"
    )
    text: ComparedText = Field(description="the difference as a sentence")
    fields: list[FieldDifference] = Field(description="only of what changed")


class DifferenceCounts(BaseModel):
    """The number of differences of each kind."""

    # 0 by default, so that all names are always present.
    added: int = 0
    removed: int = 0
    changed: int = 0
    moved: int = 0


class VersionComparisonRead(BaseModel):
    """The differences between two versions of a programme."""

    programme: str
    since: int
    number: int
    counts: DifferenceCounts
    differences: list[VersionDifference]
