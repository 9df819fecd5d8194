"""Audiences and states of conferences, and checks of their facts. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class ConferenceState(StrEnum):
    """How far a conference has come."""

    PLANNED = "planned"
    OPEN = "open"
    HELD = "held"
    CANCELLED = "cancelled"


CONFERENCE_ALLOWED: Mapping[ConferenceState, tuple[str, ...]] = {
    ConferenceState.PLANNED: ("amend", "resize", "open", "cancel"),
    ConferenceState.OPEN: (
        "amend",
        "resize",
        "register",
        "record-attendance",
        "hold",
        "cancel",
    ),
    ConferenceState.HELD: ("record-attendance",),
    ConferenceState.CANCELLED: (),
}


# The registrations are gone and the counts are final.
WITHOUT_REGISTRANTS = ("hold", "cancel")
"""The verbs that a conference allows after the erasure of its registrations."""


class ConferenceMode(StrEnum):
    """How people take part."""

    ONLINE = "online"
    IN_PERSON = "in_person"
    HYBRID = "hybrid"


class Audience(StrEnum):
    """The groups of people that a conference can address.

    From the invitation to the conference of 2 October 2023 on the cross-sector model
    of early support.
    """

    EDUCATION_SUPERINTENDENTS = "education_superintendents"
    LEADING_CENTRES = "leading_centres"
    LOCAL_AUTHORITIES = "local_authorities"
    EARLY_EDUCATION = "early_education"
    HEALTH_SECTOR = "health_sector"
    SOCIAL_SECTOR = "social_sector"


class AudienceLabel(NamedTuple):
    """The name of an audience in both languages."""

    code: Audience
    label_pl: str
    label_en: str


AUDIENCES = (
    AudienceLabel(
        Audience.EDUCATION_SUPERINTENDENTS,
        "kuratoria oświaty",
        "offices of education superintendents",
    ),
    AudienceLabel(
        Audience.LEADING_CENTRES,
        "wiodące ośrodki koordynacyjno-rehabilitacyjno-opiekuńcze (WOKRO)",
        "leading centres of coordination, rehabilitation and care",
    ),
    AudienceLabel(
        Audience.LOCAL_AUTHORITIES,
        "jednostki samorządu terytorialnego",
        "local authorities",
    ),
    AudienceLabel(
        Audience.EARLY_EDUCATION,
        "placówki oświaty dla dzieci przed obowiązkiem szkolnym",
        "institutions of education for children before compulsory schooling",
    ),
    AudienceLabel(Audience.HEALTH_SECTOR, "ochrona zdrowia", "the health sector"),
    AudienceLabel(Audience.SOCIAL_SECTOR, "pomoc społeczna", "the social sector"),
)


def contradictions(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The inconsistent fields of a conference, each with its code."""
    errors = _places(facts["mode"], facts["place"])
    errors += _times(facts)
    return errors + _audiences(facts["audience"])


def _places(mode: str, place: str | None) -> list[tuple[str, str]]:
    if mode == ConferenceMode.ONLINE:
        return [] if place is None else [("place", "not_allowed")]
    return [("place", "missing")] if place is None else []


def _times(facts: Mapping[str, datetime]) -> list[tuple[str, str]]:
    names = ("registration_opens_at", "registration_closes_at", "starts_at", "ends_at")
    opens, closes, starts, ends = (facts[name] for name in names)
    errors = [] if opens < closes else [("registration_closes_at", "wrong_order")]
    # Nobody may register after the beginning.
    if closes > starts:
        errors.append(("registration_closes_at", "too_large"))
    return errors if starts < ends else [*errors, ("ends_at", "wrong_order")]


def _audiences(audience: Sequence[str]) -> list[tuple[str, str]]:
    is_repeated = len({*audience}) < len(audience)
    return [("audience", "repeated")] if is_repeated else []
