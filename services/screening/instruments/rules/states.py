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
    """What may be done with a version in that state."""
    return _VERBS[state]
