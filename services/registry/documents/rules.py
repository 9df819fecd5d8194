"""The kinds of documents, their owners, and the steps that they are evidence of. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class DocumentKind(StrEnum):
    """Kinds of documents of programmes, sites and bodies (sources 000, 002 and 004)."""

    STANDARD = "standard"
    LOCAL_DIAGNOSIS = "local_diagnosis"
    LOGIC_MATRIX = "logic_matrix"
    BALANCE_OF_NEEDS_AND_BENEFITS = "balance_of_needs_and_benefits"
    VARIANT_ANALYSIS = "variant_analysis"
    EVALUATION = "evaluation"
    RULES_OF_PROCEDURE = "rules_of_procedure"


# From the widest to the narrowest, as errors name them.
OWNER_FIELDS = ("programme_code", "site_id", "body_id")

# In the code and not in the catalogue of steps, like the other conditions of steps.
KINDS_OF_STEPS: Mapping[str, frozenset[DocumentKind]] = {
    "diagnosis": frozenset({DocumentKind.LOCAL_DIAGNOSIS}),
    "schedule_and_diagnosis": frozenset({DocumentKind.LOCAL_DIAGNOSIS}),
    "variant_analysis": frozenset(
        {DocumentKind.VARIANT_ANALYSIS, DocumentKind.BALANCE_OF_NEEDS_AND_BENEFITS}
    ),
    "evaluation": frozenset({DocumentKind.EVALUATION}),
}
"""Which kinds are evidence of a step, by its code; other steps accept any kind."""


def owner_errors(owners: Mapping[str, object]) -> list[tuple[str, str]]:
    """The errors, field and code, unless a document has exactly one owner.

    `owners`: the key of the owner by field, None where the field is absent.
    """
    fields = [field for field in OWNER_FIELDS if owners[field] is not None]
    if not fields:
        return [(OWNER_FIELDS[0], "missing")]
    # All but the first are errors: without them the document has one owner.
    return [(field, "not_allowed") for field in fields[1:]]


class Evidence(NamedTuple):
    """A version of a document as evidence of a step. `owner`: its field and its key."""

    owner: tuple[str, str]
    kind: str
    adopted_on: date | None


def evidence_error(
    evidence: Evidence, owners: Mapping[str, str], step: str, done_on: date
) -> str | None:
    """Why a version cannot show that a step was done; None when it can.

    It must be of the same programme, site or body and of a kind that shows this step,
    and adopted by the day of the step.
    """
    # The diagnosis of one commune shows nothing about another one.
    field, key = evidence.owner
    if owners.get(field) != key:
        return "of_another_owner"
    kinds = KINDS_OF_STEPS.get(step)
    if kinds is not None and evidence.kind not in kinds:
        return "wrong_document_kind"
    # A version that was adopted later was no evidence on the day of the step.
    is_adopted = evidence.adopted_on is not None and evidence.adopted_on <= done_on
    return None if is_adopted else "not_adopted"
