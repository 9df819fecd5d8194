"""What documents there are, whose they are, and which steps they show. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class DocumentKind(StrEnum):
    """What programmes, sites and bodies work out (sources 000, 002 and 004)."""

    STANDARD = "standard"
    LOCAL_DIAGNOSIS = "local_diagnosis"
    LOGIC_MATRIX = "logic_matrix"
    BALANCE_OF_NEEDS_AND_BENEFITS = "balance_of_needs_and_benefits"
    VARIANT_ANALYSIS = "variant_analysis"
    EVALUATION = "evaluation"
    RULES_OF_PROCEDURE = "rules_of_procedure"


# From the widest to the narrowest, as errors name them.
OWNER_FIELDS = ("programme_code", "site_id", "body_id")

# In the code and not in the catalogue of steps, as the other conditions of steps are.
KINDS_OF_STEPS: Mapping[str, frozenset[DocumentKind]] = {
    "diagnosis": frozenset({DocumentKind.LOCAL_DIAGNOSIS}),
    "schedule_and_diagnosis": frozenset({DocumentKind.LOCAL_DIAGNOSIS}),
    "variant_analysis": frozenset(
        {DocumentKind.VARIANT_ANALYSIS, DocumentKind.BALANCE_OF_NEEDS_AND_BENEFITS}
    ),
    "evaluation": frozenset({DocumentKind.EVALUATION}),
}
"""Which kinds show that a step was done, by its code; any kind shows the others."""


def owner_errors(named: Mapping[str, object]) -> list[tuple[str, str]]:
    """A document is of one programme, site or body: field and code of what is not."""
    owners = [field for field in OWNER_FIELDS if named[field] is not None]
    if not owners:
        return [(OWNER_FIELDS[0], "missing")]
    # All but one are named: without them the document has its one owner.
    return [(field, "not_allowed") for field in owners[1:]]


class Evidence(NamedTuple):
    """A version of a document as a step sees it. `owner`: its field and its key."""

    owner: tuple[str, str]
    kind: str
    adopted_on: date | None


def evidence_error(
    evidence: Evidence, owners: Mapping[str, str], step: str, done_on: date
) -> str | None:
    """Why a version cannot show that a step was done; None when it can.

    It is of the same programme, site or body, of a kind that shows this step, and was
    adopted by the day of the step.
    """
    # The diagnosis of one commune says nothing of another's.
    field, key = evidence.owner
    if owners.get(field) != key:
        return "of_another_owner"
    kinds = KINDS_OF_STEPS.get(step)
    if kinds is not None and evidence.kind not in kinds:
        return "wrong_document_kind"
    # What was agreed on later cannot have shown the step on its day.
    is_adopted = evidence.adopted_on is not None and evidence.adopted_on <= done_on
    return None if is_adopted else "not_adopted"
