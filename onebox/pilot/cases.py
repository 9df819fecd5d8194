"""The 720 cases of the pilot, with their plans and reviews (source 000, „Realizacja"): 20 in each of 36 counties."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from onebox.pilot.counties import County
from onebox.pilot.institutions import ASSISTANCE, COUNSELLING, HEALTH
from onebox.pilot.names import GIVEN, family_name, lots
from onebox.pilot.screenings import Places

IN_COUNTY = 20
Made = dict[str, Any]
_TEAM = (
    ("specialist", "Barbara Przykładowska", "logopeda", "education", COUNSELLING),
    ("doctor", "Jan Zmyślowski", "lekarz", "health", HEALTH),
    ("assistant", "Maria Wymyślowska", "asystentka rodziny", "social_assistance", ASSISTANCE),
)
_EARLY: Mapping[str, str] = {
    "reason": "Opóźniony rozwój mowy, rodzice proszą o wsparcie.",
    "code": "d330",
    "goal": "Dziecko mówi nowe słowa.",
    "indicator": "zapis słów w zeszycie",
    "therapy": "Zajęcia z logopedą raz w tygodniu.",
}
_PUPIL: Mapping[str, str] = {
    "reason": "Trudności w nauce i w kontaktach z rówieśnikami.",
    "code": "d820",
    "goal": "Uczeń kończy pracę, którą zaczął.",
    "indicator": "zapis zadań w dzienniczku",
    "therapy": "Zajęcia w małej grupie raz w tygodniu.",
}
_LEVELS = ["wcale", "rzadko", "co tydzień", "co dzień", "uczy innych"]


def cases_of(county: County, places: Places) -> list[Made]:
    """The cases of one county, of small children and of pupils by turns."""
    return [_case(county, number, places) for number in range(IN_COUNTY)]


def _case(county: County, number: int, places: Places) -> Made:
    chance = lots(f"case {county.number} {number}")
    is_pupil = number % 2 == 1
    opened_on = date(2022, 10, 3) + timedelta(days=chance.randrange(120))
    born_on = opened_on - timedelta(days=chance.randrange(2600, 5200) if is_pupil else chance.randrange(400, 1800))
    starts_on = opened_on + timedelta(days=42)
    reviews = [_review(chance, starts_on, months) for months in (3, 6)]
    return {
        "county_terc": county.terc,
        "track": "pupil" if is_pupil else "early",
        "coordinator": coordinator(county),
        "institution_id": places[county.terc, COUNSELLING],
        "first_contact_on": (opened_on - timedelta(days=chance.randrange(14))).isoformat(),
        "opened_on": opened_on.isoformat(),
        **_family(chance, born_on),
        "consent": {"given_on": opened_on.isoformat(), "evidence": "formularz podpisany w poradni"},
        "team": [_member(county, places, *member) for member in _TEAM],
        **_assessment_and_plan(_PUPIL if is_pupil else _EARLY, "pupil" if is_pupil else "child", county, starts_on),
        "reviews": reviews,
    }


def coordinator(county: County) -> str:
    """The account of the county's coordinator (KWM)."""
    return "demo-county-coordinator" if county.number == 1 else f"pilot-kwm-{county.terc}"


def _account(county: County, name: str) -> str:
    is_demo = county.number == 1 and name == "specialist"
    return "demo-specialist" if is_demo else f"pilot-{name}-{county.terc}"


def _family(chance: Random, born_on: date) -> Made:
    sex = chance.choice([*GIVEN])
    family = family_name(chance, "female")
    child = family if sex == "female" else f"{family[:-1]}i"
    return {
        "child": {
            "given_name": chance.choice(GIVEN[sex]),
            "family_name": child,
            "sex": sex,
            "born_on": born_on.isoformat(),
        },
        "guardian": {"given_name": chance.choice(GIVEN["female"]), "family_name": family, "sex": "female"},
    }


def _member(county: County, places: Places, *member: str) -> Made:
    account, name, profession, sector, kind = member
    return {
        "subject": _account(county, account),
        "display_name": name,
        "profession": profession,
        "sector": sector,
        "institution_id": places[county.terc, kind],
    }


def _assessment_and_plan(texts: Mapping[str, str], subject: str, county: County, starts_on: date) -> Made:
    """The assessment of a case, and the plan that follows from it."""
    finding = {"subject": subject, "code": texts["code"], "qualifiers": {"performance": "3", "capacity": "2"}}
    family = {
        "subject": "family",
        "text": "Rodzice ćwiczą w domu razem z dzieckiem.",
        "indicator": "rozmowa co miesiąc",
        "levels": _LEVELS,
        "baseline": -2,
    }
    own = family | {"subject": subject, "text": texts["goal"], "indicator": texts["indicator"]}
    due_on = (starts_on + timedelta(days=200)).isoformat()
    therapy = {"text": texts["therapy"], "sector": "education", "support_kind": "therapeutic", "goal": 1}
    advice = {"text": "Rozmowa z lekarzem o rozwoju.", "sector": "health", "support_kind": "diagnostic"}
    return {
        "reason": texts["reason"],
        "assessment": {
            "assessed_on": (starts_on - timedelta(days=20)).isoformat(),
            "assessor": _account(county, "specialist"),
            "sector": "education",
            "findings": [finding],
            "strengths": [{"subject": subject, "text": "Chętnie współpracuje."}],
            "needs": [{"subject": "family", "text": "Ćwiczenia, które da się robić w domu."}],
        },
        "plan": {
            "starts_on": starts_on.isoformat(),
            "approved_on": (starts_on - timedelta(days=3)).isoformat(),
            "author": coordinator(county),
            "approved_by": _account(county, "specialist"),
            "summary": "Wsparcie trzech sektorów według modelowego planu.",
            "goals": [own, family],
            "recommendations": [therapy | {"due_on": due_on}, advice | {"due_on": due_on}],
        },
    }


def _review(chance: Random, starts_on: date, months: int) -> Made:
    held_on = starts_on + timedelta(days=30 * months + chance.randrange(10))
    levels = [chance.choice((-1, 0, 0, 1)) for _ in range(2)]
    return {"held_on": held_on.isoformat(), "levels": levels, "conclusion": "continue"}
