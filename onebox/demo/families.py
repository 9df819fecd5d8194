"""Three invented families of Katowice and what is done for them: a two-year-old, a pupil of eighteen, a child expected.

Their days count from the one on which they are sent, so that in every demo the two-year-old is two.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from onebox.callers import KATOWICE
from onebox.demo.api import Api, Made
from onebox.demo.stories import Do, Make, Story, tell

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
    """The pathway where there is none, and the families where nobody is registered and the institutions are there.

    `cast`: who acts in the stories: manager, coordinator, specialist.
    """
    if not own or not await cast["manager"].knows("pathways"):
        return
    if not await cast["manager"].first("pathways"):
        await tell([Make("pathway", "pathways", PATHWAY), Do("pathway", "publish")], _manager(cast), {})
    pathway = await cast["manager"].first("pathways", code=PATHWAY["code"], state="published")
    if pathway is None or await cast["coordinator"].first("people"):
        return
    known = {kind: str(own[kind]["id"]) for kind in WORKPLACES} | {"pathway": str(pathway["id"])}
    for story in stories(datetime.now(UTC).date()):
        await tell(story, cast, known)


def _manager(cast: Mapping[str, Api]) -> Mapping[str, Api]:
    return {"coordinator": cast["manager"]}


def stories(today: date) -> tuple[Story, ...]:
    """All of them, as sent on that day."""
    return tuple(tuple(told(today)) for told in (_late_speech, _pupil, _expecting))


def _days(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()


def _person(name: str, given: str, family: str, sex: str, born_on: str, **facts: str) -> Make:
    told = {"given_name": given, "family_name": family, "sex": sex, "born_on": born_on, **facts}
    return Make(name, "people", {"county_terc": KATOWICE, **told})


def _basis(today: date, **facts: str) -> Make:
    held = {"purpose": "casework", "categories": ["identity", "case", "plan"], "valid_from": _days(today, -75)}
    return Make("basis", "consents", {"person_id": "{child}", **held, **facts})


def _opened(today: date, track: str, reason: str) -> Make:
    told = {"person_id": "{child}", "track": track, "first_contact_on": _days(today, -80), "reason": reason}
    return Make("case", "cases", {**told, "institution_id": "{psych_ped_counselling_centre}"})


def _team() -> Iterator[Make]:
    for member in TEAM:
        yield Make(str(member["sector"]), "cases/{case}/members", member)


def _goal(name: str, subject: str, text: str, indicator: str, *levels: str) -> Make:
    told = {"subject": subject, "text": text, "indicator": indicator, "levels": [*levels], "baseline": -2}
    return Make(name, "plans/{plan}/goals", told)


def _carried_out(approver: str) -> Iterator[Do]:
    """A plan is proposed, approved on paper by the family and by the specialist, and becomes active."""
    yield Do("plan", "propose")
    yield Do("plan", "approve", {"approver_id": approver})
    yield Do("plan", "approve", {}, by="specialist")
    yield Do("plan", "activate")


def _late_speech(today: date) -> Iterator[Make | Do]:
    """Zofia is two and says four words. Her plan waits for her mother's approval."""
    yield _person("mother", "Anna", "Przykładowa", "female", "1994-04-05", telephone="600 000 001")
    yield _person("child", "Zofia", "Przykładowa", "female", _days(today, -850), address="ul. Zmyślona 7, Katowice")
    yield _opened(today, "early", "Mówi cztery słowa, rodzice proszą o wsparcie.")
    yield _basis(today, basis="statutory", act="Prawo oświatowe, art. 127 ust. 1")
    yield from _team()
    yield Make(
        "plan",
        "plans",
        {
            "case_id": "{case}",
            "starts_on": _days(today, 7),
            "review_due_on": _days(today, 180),
            "pathway_id": "{pathway}",
            "summary": "Zosia uczy się mówić, a rodzice uczą się jej pomagać.",
        },
    )
    yield _goal(
        "speaking",
        "child",
        "Zosia mówi nowe słowa.",
        "zapis słów w zeszycie",
        "cztery słowa",
        "dziesięć słów",
        "trzydzieści słów",
        "pięćdziesiąt słów",
        "pierwsze zdania",
    )
    yield _goal(
        "helping",
        "family",
        "Rodzice znają sposoby zachęcania Zosi do mówienia.",
        "rozmowa z logopedą co miesiąc",
        "żadnego",
        "jeden",
        "dwa",
        "trzy",
        "uczą dziadków",
    )
    yield Make(
        "speech_therapy",
        "plans/{plan}/recommendations",
        {
            "text": "Zajęcia z logopedą raz w tygodniu.",
            "sector": "education",
            "support_kind": "therapeutic",
            "institution_id": "{psych_ped_counselling_centre}",
            "goal_id": "{speaking}",
            "due_on": _days(today, 90),
        },
    )
    yield Do("plan", "propose")


def _pupil(today: date) -> Iterator[Make | Do]:
    """Mikołaj is of age and decides himself: he has signed his plan on paper."""
    yield _person("child", "Mikołaj", "Wymyślny", "male", _days(today, -6700), telephone="600 000 002")
    yield _opened(today, "pupil", "Nie chodzi do szkoły od miesiąca, sam poprosił o rozmowę.")
    yield _basis(today, basis="consent", given_by_id="{child}", evidence="formularz podpisany w poradni")
    yield Do("case", "consent", {})
    yield Do("case", "assess", {})
    yield from _team()
    summary = "Mikołaj wraca do szkoły krok po kroku."
    yield Make("plan", "plans", {"case_id": "{case}", "starts_on": _days(today, -50), "summary": summary})
    yield _goal(
        "returning",
        "pupil",
        "Mikołaj chodzi na lekcje.",
        "lekcje w tygodniu, na których był",
        "żadna",
        "pięć",
        "piętnaście",
        "dwadzieścia pięć",
        "wszystkie",
    )
    yield _goal(
        "talking",
        "family",
        "Rodzina rozmawia ze sobą bez kłótni.",
        "rozmowy przy kolacji w tygodniu",
        "żadnej",
        "jedna",
        "dwie",
        "trzy",
        "codziennie",
    )
    yield Make(
        "talks",
        "plans/{plan}/recommendations",
        {
            "text": "Spotkania z psychologiem co dwa tygodnie.",
            "sector": "health",
            "support_kind": "emotional",
            "institution_id": "{community_mental_health_centre}",
            "goal_id": "{returning}",
            "due_on": _days(today, 60),
        },
    )
    yield from _carried_out("{child}")


def _expecting(today: date) -> Iterator[Make | Do]:
    """Ewa expects a child that will need help from the first day. Her plan was reviewed once."""
    yield _person("mother", "Ewa", "Umowna", "female", "1990-09-17", telephone="600 000 003")
    expected = {"county_terc": KATOWICE, "kind": "expected", "expected_on": _days(today, 70), "mother_id": "{mother}"}
    yield Make("child", "people", expected)
    yield _opened(today, "early", "Rodzina spodziewa się dziecka z wadą serca.")
    yield _basis(today, basis="consent", given_by_id="{mother}", evidence="formularz podpisany w poradni")
    yield Do("case", "consent", {})
    yield Do("case", "assess", {})
    yield from _team()
    summary = "Rodzina jest przygotowana na przyjęcie dziecka."
    yield Make("plan", "plans", {"case_id": "{case}", "starts_on": _days(today, -50), "summary": summary})
    yield _goal(
        "knowing",
        "family",
        "Rodzice wiedzą, kto pomoże im po porodzie.",
        "lista osób, które znają",
        "nikogo nie znają",
        "jedna osoba",
        "trzy osoby",
        "z każdą rozmawiali",
        "pomagają innym rodzicom",
    )
    yield Make(
        "visit",
        "plans/{plan}/recommendations",
        {
            "text": "Rozmowa z kardiologiem przed porodem.",
            "sector": "health",
            "support_kind": "informational",
            "goal_id": "{knowing}",
            "due_on": _days(today, 30),
        },
    )
    yield Make(
        "first_visit",
        "plans/{plan}/steps",
        {"text": "Wizyta położnej w domu", "sector": "health", "due_on": _days(today, 14), "who": "Jan Zmyślony"},
    )
    yield from _carried_out("{mother}")
    attained = [{"goal_id": "{knowing}", "level": 0}]
    review = {"held_on": _days(today, -3), "attainments": attained, "conclusion": "continue"}
    note = {"note": "Rodzice poznali kardiologa i położną.", "next_review_on": _days(today, 60)}
    yield Make("review", "plans/{plan}/reviews", {**review, **note}, by="specialist")
