"""What may be done to a version, and who agrees to it. Pure."""

from enum import StrEnum


class VersionState(StrEnum):
    """The life of a version: client and contractor agree to what was proposed."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    AGREED = "agreed"
    RETIRED = "retired"


# Columns and events have the value in their names: `client_agreed_by`.
class Side(StrEnum):
    """The two who settle the scope of a programme together (source 002)."""

    CLIENT = "client"
    CONTRACTOR = "contractor"


VERBS: dict[VersionState, list[str]] = {
    VersionState.DRAFT: ["replace", "propose"],
    # Never back to a draft: what was reviewed stays readable beside what became of it.
    VersionState.PROPOSED: ["agree"],
    VersionState.AGREED: ["retire"],
    VersionState.RETIRED: [],
}
"""What may be done to a version in each state; copied it may be in all of them."""
