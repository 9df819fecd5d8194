"""Who may run a local programme, and which of its facts contradict each other. Pure."""

from collections.abc import Mapping
from typing import Any

from services.registry.institutions.rules.kinds import InstitutionType

RUN_BY = frozenset({InstitutionType.LOCAL_AUTHORITY, InstitutionType.NGO})
"""Source 000 counts programmes of local authorities and of organisations as resources."""


def contradictions(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The contradictions in the facts of a programme: field and code."""
    starts_on, ends_on = facts["starts_on"], facts["ends_on"]
    if ends_on is not None and ends_on < starts_on:
        return [("ends_on", "wrong_order")]
    return []
