"""An imported case, on the wire."""

from typing import Any

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from services.casework.assessments.schemas import AssessmentFacts
from services.casework.case_members.schemas import CaseMemberAdd
from services.casework.cases.rules import Sector
from services.casework.cases.schemas import Account, Track
from services.casework.people.rules import Sex
from services.casework.people.schemas import CountyTerc, Identity
from services.casework.reads import Category
from services.casework.taken_plans.schemas import TakenPlan, TakenReview
from services.chassis.ground.scalars import Date, Id, Note, Wire

_INSTITUTION = "01990000-0000-7000-8000-000000000001"
_TEAM: list[Any] = [
    {
        "subject": subject,
        "display_name": name,
        "profession": profession,
        "sector": sector,
        "institution_id": _INSTITUTION,
    }
    for subject, name, profession, sector in (
        ("specialist", "Barbara Przykładowa", "logopeda", "education"),
        ("doctor", "Jan Zmyślony", "lekarz", "health"),
        ("assistant", "Maria Wymyślna", "asystentka rodziny", "social_assistance"),
    )
]
# No real person; all days are in the past whenever it is sent.
EXAMPLE: JsonDict = {
    "county_terc": "2469",
    "track": "early",
    "first_contact_on": "2023-01-16",
    "opened_on": "2023-01-20",
    "reason": "Opóźniony rozwój mowy, rodzice proszą o wsparcie.",
    "child": {
        "given_name": "Zofia",
        "family_name": "Przykładowa",
        "sex": "female",
        "born_on": "2020-11-05",
    },
    "guardian": {
        "given_name": "Anna",
        "family_name": "Przykładowa",
        "sex": "female",
    },
    "consent": {"given_on": "2023-01-20", "evidence": "formularz podpisany w poradni"},
    "team": _TEAM,
    "assessment": {
        "assessed_on": "2023-02-06",
        "assessor": "specialist",
        "sector": "education",
        "findings": [
            {"subject": "child", "code": "d330", "qualifiers": {"performance": "3"}}
        ],
        "strengths": [{"subject": "child", "text": "Chętnie bawi się z siostrą."}],
    },
    "plan": {
        "starts_on": "2023-02-20",
        "approved_on": "2023-02-17",
        "author": "coordinator",
        "approved_by": "specialist",
        "summary": "Zosia uczy się mówić, a rodzice uczą się jej pomagać.",
        "goals": [
            {
                "subject": "family",
                "text": "Rodzice zachęcają Zosię do mówienia.",
                "indicator": "rozmowa z logopedą co miesiąc",
                "levels": ["wcale", "czasem", "co dzień", "często", "uczą dziadków"],
                "baseline": -2,
            }
        ],
        "recommendations": [
            {
                "text": "Zajęcia z logopedą raz w tygodniu.",
                "sector": "education",
                "support_kind": "therapeutic",
                "goal": 1,
                "due_on": "2023-09-01",
            }
        ],
    },
    "reviews": [{"held_on": "2023-06-12", "levels": [0], "conclusion": "continue"}],
}


class TakenPerson(Identity):
    """The child, or the parent who acts for it."""

    sex: Sex | None = None


class TakenConsent(Wire):
    """The parent's consent to the county's work."""

    given_on: Date = Field(description="the day on which it was given")
    evidence: Note = Field(description="how it was given: form, place, number")
    categories: list[Category] = Field(
        default_factory=lambda: [Category.IDENTITY, Category.CASE, Category.PLAN],
        min_length=1,
        max_length=9,
    )


class TakenAssessment(AssessmentFacts):
    """The completed assessment on which the plan is based."""

    assessed_on: Date
    assessor: Account = Field(max_length=255, description="account of who assessed")
    sector: Sector


class TakenCase(Wire):
    """A case from the county's own papers or from another system."""

    county_terc: CountyTerc
    track: Track
    coordinator: Account | None = Field(
        default=None, max_length=255, description="the caller when absent"
    )
    institution_id: Id | None = None
    first_contact_on: Date
    opened_on: Date
    reason: Note = Field(description="why the family came; kept sealed")
    child: TakenPerson = Field(description="whose case it is")
    guardian: TakenPerson = Field(description="with full parental authority")
    consent: TakenConsent = Field(description="what the county works by")
    team: list[CaseMemberAdd] = Field(
        min_length=1, max_length=30, description="who works on it, of all three sectors"
    )
    assessment: TakenAssessment = Field(description="what the plan rests on")
    plan: TakenPlan = Field(description="the plan that is carried out")
    reviews: list[TakenReview] = Field(default_factory=list, max_length=50)

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
