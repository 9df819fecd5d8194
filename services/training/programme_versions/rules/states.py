"""States of a version, and the sides that agree to it. Pure."""

from enum import StrEnum


class VersionState(StrEnum):
    """The state of a version; the sides agree to a proposed one."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    AGREED = "agreed"
    RETIRED = "retired"


# The values are parts of column and event names: `client_agreed_by`.
class Side(StrEnum):
    """The two sides that agree on the scope of a programme (source 002)."""

    CLIENT = "client"
    CONTRACTOR = "contractor"


VERBS: dict[VersionState, list[str]] = {
    VersionState.DRAFT: ["replace", "propose"],
    # Never back to a draft: a reviewed version stays readable.
    VersionState.PROPOSED: ["agree"],
    VersionState.AGREED: ["retire"],
    VersionState.RETIRED: [],
}
"""The verbs of each state; `copy` is allowed in all of them."""
