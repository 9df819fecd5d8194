"""The kinds of tasks and their titles. Pure.

A title says what is to be done, and never names a person.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.casework.laws.rules.values import LAWS, in_force


class TaskKind(StrEnum):
    """The kind of a task, by its source."""

    PLAN_STEP = "plan_step"
    RECOMMENDATION = "recommendation"
    PLAN_REVIEW = "plan_review"
    CASE_REVIEW = "case_review"
    PLAN_APPROVAL = "plan_approval"
    REFERRAL = "referral"
    DOCUMENT = "document"
    CASE_WITHOUT_COORDINATOR = "case_without_coordinator"
    CASE_STUCK = "case_stuck"
    CASE_TRANSFER = "case_transfer"
    DATA_SUBJECT_REQUEST = "data_subject_request"
    BREAK_GLASS_REVIEW = "break_glass_review"
    MERGE = "merge"
    MONITORING_REPORT = "monitoring_report"


class Title(NamedTuple):
    """A text in both languages."""

    pl: str
    en: str


# By codes and not by kinds, because referrals and documents have several titles each.
TITLES: Mapping[str, Title] = {
    "plan_step": Title("Krok planu wsparcia", "Step of a support plan"),
    "recommendation": Title("Zalecenie do wykonania", "Recommendation to carry out"),
    "plan_review": Title("Przegląd planu wsparcia", "Review of a support plan"),
    "case_review": Title("Przegląd sprawy", "Review of a case"),
    "plan_approval": Title("Plan czeka na zatwierdzenie", "Plan waiting for approval"),
    "referral_inbound": Title("Skierowanie do rozpatrzenia", "Referral to decide on"),
    "referral_outbound": Title(
        "Skierowanie do placówki czeka", "Referral to an institution is waiting"
    ),
    "document_issue": Title(
        "Termin wydania orzeczenia lub opinii", "Ruling or opinion to be issued"
    ),
    "document_delivery": Title(
        "Termin doręczenia orzeczenia lub opinii", "Ruling or opinion to be delivered"
    ),
    "document_appeal": Title("Koniec terminu odwołania", "Last day of an appeal"),
    "document_ipet": Title("Termin opracowania IPET", "IPET to be written"),
    "document_wopfu": Title(
        "Termin oceny funkcjonowania (WOPFU)", "Assessment of functioning (WOPFU)"
    ),
    "document_expiry": Title("Dokument traci ważność", "Document expires"),
    "case_without_coordinator": Title(
        "Sprawa bez koordynatora", "Case without a coordinator"
    ),
    "case_stuck": Title(
        "Sprawa od dawna w jednym stanie", "Case has not moved for long"
    ),
    "case_transfer": Title("Sprawa do przejęcia", "Case to take over"),
    "data_subject_request": Title(
        "Wniosek osoby, której dane dotyczą", "Request of a data subject"
    ),
    "break_glass_review": Title(
        "Dostęp awaryjny do sprawdzenia", "Emergency access to review"
    ),
    "merge": Title("Połączenie zapisów do rozstrzygnięcia", "Merge to decide on"),
    "monitoring_report": Title("Sprawozdanie z monitoringu", "Monitoring report"),
}
"""By kind; for referrals by direction, and for documents by deadline."""


def soon_until(today: date) -> date:
    """The last day that is due soon."""
    return today + timedelta(days=in_force(LAWS.attention, today).due_soon_days)
