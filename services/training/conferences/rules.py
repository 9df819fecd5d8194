"""For whom conferences are, and what may follow what. Pure."""

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


# Whom it would be about is not known any more, and its counts are final.
WITHOUT_REGISTRANTS = ("hold", "cancel")
"""What may still be done to a conference whose registrants were erased."""


class ConferenceMode(StrEnum):
    """How people take part."""

    ONLINE = "online"
    IN_PERSON = "in_person"
    HYBRID = "hybrid"


class Audience(StrEnum):
    """Whom a conference is for.

    As the invitation to the conference of 2 October 2023 on the cross-sector model of
    early support lists them.
    """

    EDUCATION_SUPERINTENDENTS = "education_superintendents"
    LEADING_CENTRES = "leading_centres"
    LOCAL_AUTHORITIES = "local_authorities"
    EARLY_EDUCATION = "early_education"
    HEALTH_SECTOR = "health_sector"
    SOCIAL_SECTOR = "social_sector"


class AudienceLabel(NamedTuple):
    """What an audience is called in both languages."""

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
    """What does not fit together in a conference's facts: a field and a code each."""
    wrong = _places(facts["mode"], facts["place"])
    wrong += _times(facts)
    return wrong + _audiences(facts["audience"])


def _places(mode: str, place: str | None) -> list[tuple[str, str]]:
    if mode == ConferenceMode.ONLINE:
        return [] if place is None else [("place", "not_allowed")]
    return [("place", "missing")] if place is None else []


def _times(facts: Mapping[str, datetime]) -> list[tuple[str, str]]:
    names = ("registration_opens_at", "registration_closes_at", "starts_at", "ends_at")
    opens, closes, starts, ends = (facts[name] for name in names)
    wrong = [] if opens < closes else [("registration_closes_at", "wrong_order")]
    # Whoever registers later finds it begun.
    if closes > starts:
        wrong.append(("registration_closes_at", "too_large"))
    return wrong if starts < ends else [*wrong, ("ends_at", "wrong_order")]


def _audiences(audience: Sequence[str]) -> list[tuple[str, str]]:
    is_repeated = len({*audience}) < len(audience)
    return [("audience", "repeated")] if is_repeated else []
