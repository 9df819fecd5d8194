"""Checks the findings of an assessment: the form of ICF, and no code twice. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.casework.assessments.rules.comparisons import Rated
from services.casework.assessments.rules.icf import QualifierKind, entry_errors
from services.casework.cases.rules import Subject

Findings = Sequence[Mapping[str, Any]]
"""Each with `subject`, `code`, and `qualifiers` by kind, None where there is none."""


def qualifiers_of(finding: Mapping[str, Any]) -> dict[QualifierKind, str]:
    """The qualifiers that a finding has."""
    return {
        QualifierKind(kind): value
        for kind, value in finding["qualifiers"].items()
        if value is not None
    }


def finding_errors(findings: Findings) -> list[tuple[str, str]]:
    """The errors in findings, each as its place (`findings/0/code`) and an error code."""
    return [*_wrong(findings)]


def _wrong(findings: Findings) -> Iterator[tuple[str, str]]:
    codes = set()
    for number, finding in enumerate(findings):
        subject, code = Subject(finding["subject"]), finding["code"]
        for name, error in entry_errors(subject, code, qualifiers_of(finding)):
            place = name if name in {"code", "qualifiers"} else f"qualifiers/{name}"
            yield f"findings/{number}/{place}", error
        # The same code may be used for the child and for the family, once for each.
        if (subject, code) in codes:
            yield f"findings/{number}/code", "repeated"
        codes.add((subject, code))


def ratings_of(findings: Findings, subject: Subject) -> dict[Rated, str]:
    """The ratings of one subject, by code and kind of qualifier."""
    return {
        Rated(finding["code"], kind): value
        for finding in findings
        if finding["subject"] == subject
        for kind, value in qualifiers_of(finding).items()
    }
