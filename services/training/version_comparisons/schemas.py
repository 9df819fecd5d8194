"""Differences between versions on the wire."""

from pydantic import BaseModel, ConfigDict, Field

from services.training.programme_versions.schemas import VersionNumber
from services.training.version_comparisons.rules.differences import (
    DifferenceKind,
    Part,
    Value,
)


class VersionComparisonQuery(BaseModel):
    """Which version it is compared with."""

    since: VersionNumber | None = Field(
        default=None, description="number of the other version; else the one before"
    )

    # A misspelt parameter would else compare with the version before, unnoticed.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class ComparedText(BaseModel):
    """A text in Polish and English."""

    pl: str
    en: str


class FieldDifference(BaseModel):
    """What a field was, and what it is."""

    field: str
    label: ComparedText
    before: Value
    after: Value


class VersionDifference(BaseModel):
    """One difference."""

    kind: DifferenceKind
    part: Part
    # The same through all versions: with it a client finds what is meant.
    code: str = Field(
        description="of the module, topic or outcome; of a setting its name"
    )
    text: ComparedText = Field(description="the difference as a sentence")
    fields: list[FieldDifference] = Field(description="only of what changed")


class DifferenceCounts(BaseModel):
    """How many differences there are of each kind."""

    # Zero where there is none: a client need not ask whether a name is there.
    added: int = 0
    removed: int = 0
    changed: int = 0
    moved: int = 0


class VersionComparisonRead(BaseModel):
    """What differs between two versions of a programme."""

    programme: str
    since: int
    number: int
    counts: DifferenceCounts
    differences: list[VersionDifference]
