"""The states of a re-scoring, and the decision about each of its screenings."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from services.screening.instruments.rules.scoring import Result
from services.screening.screenings.rules.results import bands_of


class RescoringState(StrEnum):
    """The state of a re-scoring."""

    COMPUTING = "computing"
    COMPUTED = "computed"
    ACCEPTED = "accepted"
    DISCARDED = "discarded"


class Verb(StrEnum):
    """What may be done to a re-scoring."""

    ACCEPT = "accept"
    DISCARD = "discard"


_ALLOWED: Mapping[str, tuple[Verb, ...]] = {
    # A long computation can be discarded; only a finished one can be accepted.
    RescoringState.COMPUTING: (Verb.DISCARD,),
    RescoringState.COMPUTED: (Verb.ACCEPT, Verb.DISCARD),
}


def allowed_verbs(state: str) -> list[Verb]:
    """The verbs that are allowed in this state."""
    return list(_ALLOWED.get(state, ()))


class ScoredScreening(NamedTuple):
    """A screening to be scored again, with its present result."""

    id: UUID
    state: str
    county_terc: str
    form_code: str
    informant: str
    age_months: int
    sex: str
    answers: dict[str, Any]
    result: dict[str, Any]
    norm_set_id: UUID | None


class Decision(NamedTuple):
    """The present and the new result of a screening: the columns of a rescoring_decision."""

    screening_id: UUID
    county_terc: str
    state: str
    old_norm_set_id: UUID | None
    old_outcome: str
    new_outcome: str
    old_bands: dict[str, str]
    new_bands: dict[str, str]
    is_changing: bool
    new_result: dict[str, Any]


def decision_of(screening: ScoredScreening, result: Result) -> Decision:
    """The decision about a screening with this new result."""
    old, new = screening.result, result.as_json()
    return Decision(
        screening.id,
        screening.county_terc,
        screening.state,
        screening.norm_set_id,
        old["outcome"],
        new["outcome"],
        bands_of(old),
        bands_of(new),
        reads_differently(old, new),
        new,
    )


def reads_differently(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether people would read the result differently: another outcome, band or suggestion."""
    # A score that changes within its band does not count: people read the band.
    is_same = (
        old["outcome"] == new["outcome"] and old["suggestion"] == new["suggestion"]
    )
    return not is_same or bands_of(old) != bands_of(new)
