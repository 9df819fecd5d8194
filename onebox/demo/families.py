"""Three invented families of Katowice, each at another stage of its case: a two-year-old, a pupil,
an expected child.

All days are relative to the day on which they are sent, so that in every demo the
two-year-old is two.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from onebox.callers import KATOWICE
from onebox.demo.api import Api, Made
from onebox.demo.stories import Do, Join, Make, Step, Story, tell
from services.chassis.ground import clock

PATHWAY: Made = {
    "code": "SPEECH-EARLY",
    "title_pl": "Opóźniony rozwój mowy",
    "title_en": "Late speech",
    "age_from_months": 18,
    "age_to_months": 48,
    "steps": [
        {
            "key": "hearing",
            "title_pl": "Badanie słuchu",
            "title_en": "Hearing test",
            "sector": "health",
            "offset_days": 14,
        },
        {
            "key": "therapy",
            "title_pl": "Zajęcia z logopedą",
            "title_en": "Speech therapy",
            "sector": "education",
            "offset_days": 7,
            "after": "hearing",
        },
    ],
}
WORKPLACES = ("psych_ped_counselling_centre", "community_mental_health_centre", "social_assistance_centre")
SPECIALIST: Made = {
    "subject": "demo-specialist",
    "display_name": "Barbara Przykładowa",
    "profession": "logopeda",
    "sector": "education",
    "institution_id": "{psych_ped_counselling_centre}",
    "telephone": "32 000 00 01",
}
TEAM: tuple[Made, ...] = (
    SPECIALIST,
    {
        "subject": "demo-specialist-health",
        "display_name": "Jan Zmyślony",
        "profession": "lekarz",
        "sector": "health",
        "institution_id": "{community_mental_health_centre}",
    },
    {
        "subject": "demo-specialist-assistance",
        "display_name": "Maria Wymyślna",
        "profession": "asystentka rodziny",
        "sector": "social_assistance",
        "institution_id": "{social_assistance_centre}",
    },
)


async def send_families(cast: Mapping[str, Api], own: Mapping[str, Made]) -> None:
    """Send the pathway where there is none, and the families where no person is registered yet
    and the institutions exist.

    `cast`: the callers of the stories: manager, coordinator, specialist, guardian.
    """
    if not own or not await cast["manager"].knows("pathways"):
        return
    if not await cast["manager"].first("pathways"):
        await tell([Make("pathway", "pathways", PATHWAY), Do("pathway", "publish")], _manager(cast), {})
    pathway = await cast["manager"].first("pathways", code=PATHWAY["code"], state="published")
    if pathway is None or await cast["coordinator"].first("people"):
        return
    ids = {kind: str(own[kind]["id"]) for kind in WORKPLACES} | {"pathway": str(pathway["id"])}
    for story in stories(clock.today()):
        await tell(story, cast, ids)


def _manager(cast: Mapping[str, Api]) -> Mapping[str, Api]:
    return {"coordinator": cast["manager"]}


def stories(today: date) -> tuple[Story, ...]:
    """All stories, as they are sent on that day."""
    return tuple(tuple(story(today)) for story in (_late_speech, _pupil, _expecting))


def _days(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()


def _person(name: str, given_name: str, family_name: str, sex: str, born_on: str, **facts: str) -> Make:
    identity = {"given_name": given_name, "family_name": family_name, "sex": sex, "born_on": born_on}
    return Make(name, "people", {"county_terc": KATOWICE, **identity, **facts})


def _basis(today: date, **facts: str) -> Make:
    scope = {"purpose": "casework", "categories": ["identity", "case", "plan"], "valid_from": _days(today, -75)}
    return Make("basis", "consents", {"person_id": "{child}", **scope, **facts})


def _case(today: date, track: str, reason: str) -> Make:
    facts = {"person_id": "{child}", "track": track, "first_contact_on": _days(today, -80), "reason": reason}
    return Make("case", "cases", {**facts, "institution_id": "{psych_ped_counselling_centre}"})


def _team() -> Iterator[Make]:
    for member in TEAM:
        yield Make(str(member["sector"]), "cases/{case}/members", member)


def _goal(name: str, subject: str, text: str, indicator: str, *levels: str) -> Make:
    goal = {"subject": subject, "text": text, "indicator": indicator, "levels": [*levels], "baseline": -2}
    return Make(name, "plans/{plan}/goals", goal)


def _recommendation(text: str, sector: str, kind: str, goal: str, due_on: str) -> Make:
    recommendation = {"text": text, "sector": sector, "support_kind": kind, "goal_id": goal, "due_on": due_on}
    return Make("recommendation", "plans/{plan}/recommendations", recommendation)


def _assessment(today: date, finding: Made, strength: Made, need: Made) -> Iterator[Step]:
    """The specialist's assessment, in the codes of ICF."""
    facts = {"case_id": "{case}", "assessed_on": _days(today, -70), "sector": "education"}
    results = {"findings": [finding], "strengths": [strength], "needs": [need]}
    yield Make("assessment", "assessments", {**facts, **results}, by="specialist")
    yield Do("assessment", "complete", by="specialist")


def _late_speech(today: date) -> Iterator[Step]:
    """Zofia is two and says few words. Her plan is being carried out and was reviewed; her
    mother has an account.
    """
    born_on = _days(today, -850)
    yield _person("mother", "Anna", "Przykładowa", "female", "1994-04-05", telephone="600 000 001")
    yield _person("child", "Zofia", "Przykładowa", "female", born_on, address="ul. Zmyślona 7, Katowice")
    guardianship = {"child_id": "{child}", "guardian_id": "{mother}", "kind": "parental_full", "starts_on": born_on}
    yield Make("guardianship", "guardianships", guardianship)
    yield Join("mother", by="guardian")
    yield _case(today, "early", "Mówi cztery słowa, rodzice proszą o wsparcie.")
    yield _basis(today, basis="consent", given_by_id="{mother}", evidence="formularz podpisany w poradni")
    opinion = {"kind": "early_support_need_opinion", "outcome": "need_found", "issued_on": _days(today, -74)}
    issuer = {"issuer_regon": "990000016", "number": "WWR/12"}
    yield Make("opinion", "documents", {"person_id": "{child}", "case_id": "{case}", **opinion, **issuer})
    yield Do("case", "consent", {})
    yield Do("case", "assess", {})
    yield from _team()
    yield from _assessment(
        today,
        {"subject": "child", "code": "d330", "qualifiers": {"performance": "3", "capacity": "2"}},
        {"subject": "child", "text": "Chętnie bawi się z siostrą."},
        {"subject": "family", "text": "Ćwiczenia, które da się robić w domu."},
    )
    yield Do("case", "consult-team", {})
    summary = "Zosia uczy się mówić, a rodzice uczą się jej pomagać."
    plan = {"case_id": "{case}", "starts_on": _days(today, -60), "pathway_id": "{pathway}", "summary": summary}
    yield Make("plan", "plans", plan)
    levels = ("cztery słowa", "dziesięć słów", "trzydzieści słów", "pięćdziesiąt słów", "pierwsze zdania")
    yield _goal("speaking", "child", "Zosia mówi nowe słowa.", "zapis słów w zeszycie", *levels)
    helping, levels = "Rodzice zachęcają Zosię do mówienia.", ("wcale", "czasem", "co dzień", "często", "uczą dziadków")
    yield _goal("helping", "family", helping, "rozmowa z logopedą co miesiąc", *levels)
    therapy = "Zajęcia z logopedą raz w tygodniu."
    yield _recommendation(therapy, "education", "therapeutic", "{speaking}", _days(today, 90))
    yield from _carried_out(today)


def _carried_out(today: date) -> Iterator[Step]:
    """Both sides approve the plan, it begins, and the team reviews it."""
    yield Do("plan", "propose")
    yield Do("plan", "approve", {}, by="guardian")
    yield Do("plan", "approve", {}, by="specialist")
    yield Do("case", "agree-plan", {})
    yield Do("plan", "activate")
    yield Do("case", "start", {})
    yield Do("case", "review", {})
    attained = [{"goal_id": "{speaking}", "level": -1}, {"goal_id": "{helping}", "level": 0}]
    review = {"held_on": _days(today, -3), "attainments": attained, "conclusion": "continue"}
    note = {"note": "Zosia mówi dwanaście słów.", "next_review_on": _days(today, 90)}
    yield Make("review", "plans/{plan}/reviews", {**review, **note}, by="specialist")


def _pupil(today: date) -> Iterator[Step]:
    """Mikołaj is eighteen and decides himself. His team draws up a plan."""
    yield _person("child", "Mikołaj", "Wymyślny", "male", _days(today, -6700), telephone="600 000 002")
    yield _case(today, "pupil", "Nie chodzi do szkoły od miesiąca, sam poprosił o rozmowę.")
    yield _basis(today, basis="consent", given_by_id="{child}", evidence="formularz podpisany w poradni")
    yield Do("case", "consent", {})
    yield Do("case", "assess", {})
    yield from _team()
    yield from _assessment(
        today,
        {"subject": "pupil", "code": "d820", "qualifiers": {"performance": "3", "capacity": "1"}},
        {"subject": "pupil", "text": "Sam prosi o pomoc."},
        {"subject": "family", "text": "Rozmowa bez kłótni."},
    )
    summary = "Mikołaj wraca do szkoły krok po kroku."
    yield Make("plan", "plans", {"case_id": "{case}", "starts_on": _days(today, 7), "summary": summary})
    levels = ("żadna", "pięć", "piętnaście", "dwadzieścia pięć", "wszystkie")
    yield _goal("returning", "pupil", "Mikołaj chodzi na lekcje.", "lekcje w tygodniu", *levels)


def _expecting(today: date) -> Iterator[Step]:
    """Ewa expects a child that will need help from the first day. She has signed the
    plan on paper.
    """
    yield _person("mother", "Ewa", "Umowna", "female", "1990-09-17", telephone="600 000 003")
    child = {"county_terc": KATOWICE, "kind": "expected", "expected_on": _days(today, 70), "mother_id": "{mother}"}
    yield Make("child", "people", child)
    yield _case(today, "early", "Rodzina spodziewa się dziecka z wadą serca.")
    yield _basis(today, basis="consent", given_by_id="{mother}", evidence="formularz podpisany w poradni")
    yield Do("case", "consent", {})
    yield Do("case", "assess", {})
    yield from _team()
    yield from _assessment(
        today,
        {"subject": "environment", "code": "e355", "qualifiers": {"extent": "+2"}},
        {"subject": "family", "text": "Rodzice przygotowują się razem."},
        {"subject": "family", "text": "Ktoś, kto odpowie na pytania po porodzie."},
    )
    yield Do("case", "consult-team", {})
    summary = "Rodzina jest przygotowana na przyjęcie dziecka."
    yield Make("plan", "plans", {"case_id": "{case}", "starts_on": _days(today, -14), "summary": summary})
    knowing, levels = "Rodzice wiedzą, kto im pomoże.", ("nikt", "jedna osoba", "trzy", "pięć", "pomagają innym")
    yield _goal("knowing", "family", knowing, "osoby, z którymi rozmawiali", *levels)
    visit = "Rozmowa z kardiologiem przed porodem."
    yield _recommendation(visit, "health", "informational", "{knowing}", _days(today, 30))
    midwife = {"text": "Wizyta położnej w domu", "sector": "health", "due_on": _days(today, 14), "who": "Jan Zmyślony"}
    yield Make("first_visit", "plans/{plan}/steps", midwife)
    yield Do("plan", "propose")
    yield Do("plan", "approve", {"approver_id": "{mother}"})
    yield Do("plan", "approve", {}, by="specialist")
