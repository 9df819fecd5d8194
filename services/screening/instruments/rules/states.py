"""The life of an instrument version."""

from enum import StrEnum


class VersionState(StrEnum):
    """draft → published → retired."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


_VERBS: dict[str, list[str]] = {
    "draft": ["amend", "publish"],
    "published": ["retire"],
    "retired": [],
}


def allowed_verbs(state: str) -> list[str]:
    """The verbs that are allowed on a version in this state."""
    return _VERBS[state]
