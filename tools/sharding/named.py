"""Statements that cross shards on purpose, each kind with its reason. Data, and how it is looked up."""

from tools.sharding.judging import Reach, Verdict

WITHIN = "it is sent to the shards of the counties that it names"
BY_ID = (
    "addresses have an id and no county: the county would have to stand in the address, or a small reference table"
    " would lead from an id to its county"
)
# Of these tables together every county is asked at once.
EVERY_COUNTY: dict[str, dict[frozenset[str], str]] = {"screening": {}, "casework": {}}
APART: dict[str, dict[frozenset[str], str]] = {"screening": {}, "casework": {}}
MOVES: dict[str, dict[frozenset[str], str]] = {"screening": {}, "casework": {}}


def reason_for(service: str, verdict: Verdict | None) -> str | None:
    """Why a statement may be as it is; None where nobody said."""
    if verdict is None:
        return None
    tables = frozenset(verdict.tables)
    reasons = [
        APART[service].get(tables) if verdict.joined_apart else WITHIN,
        MOVES[service].get(tables) if verdict.moves else WITHIN,
        EVERY_COUNTY[service].get(tables) if verdict.reach is Reach.EVERY_SHARD else WITHIN,
        BY_ID,
    ]
    return next((reason for reason in reasons if reason != WITHIN), BY_ID)
