"""Plans of made-up children."""

from datetime import date, time
from decimal import Decimal

from services.casework.plan_documents.rules.documents import (
    Approval,
    Attainment,
    Coordinator,
    Goal,
    GoalSubject,
    PlanDocument,
    PlanSector,
    PlanState,
    Recommendation,
    RecommendationState,
    Review,
    Step,
    TeamMember,
)

COORDINATOR = Coordinator(
    "Barbara Lipska",
    "koordynatorka wsparcia",
    "Powiatowe Centrum ds. Koordynacji Zasobów w Lipowie",
    "55 501 20 30",
)
BARE = PlanDocument(
    child_first_name="Jaś",
    child_initials="J.W.",
    county="powiat lipowski",
    number="PW/13/2026",
    version=1,
    state=PlanState.DRAFT,
    as_of=date(2026, 11, 29),
    coordinator=COORDINATOR,
)
TALKING = Goal(
    GoalSubject.CHILD,
    "Zosia prosi słowami o to, czego chce",
    "Zapisujemy przez tydzień, ile razy Zosia prosi słowem w domu i w przedszkolu.",
    "Zosia pokazuje palcem albo płacze. Mówi 5 słów.",
    "Zosia prosi słowem co najmniej 10 razy dziennie.",
    (
        Attainment(date(2026, 9, 7), -2),
        Attainment(date(2026, 10, 5), -1),
        Attainment(date(2026, 11, 16), 0),
    ),
)
RESTING = Goal(
    GoalSubject.FAMILY,
    "Rodzice mają jeden wolny wieczór w tygodniu",
    "Rodzice mówią na przeglądzie, ile mieli wolnych wieczorów.",
    "Rodzice nie mają z kim zostawić Zosi.",
    "Co tydzień przychodzi asystentka rodziny na 3 godziny.",
    (Attainment(date(2026, 9, 7), -2), Attainment(date(2026, 11, 16), -2)),
)
PLAYING = Goal(
    GoalSubject.ENVIRONMENT,
    "Dzieci w przedszkolu bawią się z Zosią",
    "Wychowawczyni obserwuje zabawę w ogrodzie.",
    "Zosia bawi się sama.",
    "Zosia codziennie bawi się z innym dzieckiem przez 10 minut.",
)
ZOSIA = PlanDocument(
    child_first_name="Zosia",
    child_initials="Z.K.",
    county="powiat lipowski",
    number="PW/12/2026",
    version=2,
    state=PlanState.ACTIVE,
    as_of=date(2026, 11, 29),
    coordinator=COORDINATOR,
    valid_from=date(2026, 9, 1),
    valid_to=date(2027, 8, 31),
    team=(
        TeamMember(
            "Anna Brzoza",
            "logopedka",
            PlanSector.EDUCATION,
            "Poradnia Psychologiczno-Pedagogiczna w Lipowie",
        ),
        TeamMember(
            "lek. Piotr Klon",
            "neurolog dziecięcy",
            PlanSector.HEALTH,
            "Przychodnia „Pod Lipą”",
        ),
        TeamMember(
            "Ewa Jarzębina",
            "asystentka rodziny",
            PlanSector.FAMILY_SUPPORT,
            "Ośrodek Pomocy Społecznej w Lipowie",
        ),
    ),
    goals=(TALKING, RESTING, PLAYING),
    recommendations=(
        Recommendation(
            "Zajęcia wczesnego wspomagania z logopedą",
            PlanSector.EDUCATION,
            "Poradnia Psychologiczno-Pedagogiczna w Lipowie",
            RecommendationState.IN_PROGRESS,
            date(2027, 6, 30),
            Decimal("4.50"),
            "Zosia zaczęła prosić słowami.",
        ),
        Recommendation(
            "Badanie słuchu",
            PlanSector.HEALTH,
            "Przychodnia „Pod Lipą”",
            RecommendationState.DONE,
            date(2026, 10, 15),
            None,
            "Zosia dobrze słyszy.",
        ),
        Recommendation(
            "Asystentka rodziny raz w tygodniu",
            PlanSector.FAMILY_SUPPORT,
            "Ośrodek Pomocy Społecznej w Lipowie",
            RecommendationState.NOT_DONE,
            date(2026, 10, 31),
            Decimal(12),
            "Asystentka zachorowała. Szukamy zastępstwa.",
        ),
    ),
    steps=(
        Step(
            "Spotkanie z nową asystentką rodziny",
            date(2026, 12, 11),
            "Ewa Jarzębina",
            "55 501 77 88",
            "u Państwa w domu",
        ),
        Step(
            "Zajęcia z logopedką: gra w pytania i odpowiedzi",
            date(2026, 12, 8),
            "Anna Brzoza",
            "+48 55 501 44 55",
            "Poradnia, ul. Lipowa 3, pokój 12",
            time(15, 30),
        ),
        Step(
            "Badanie słuchu",
            date(2026, 10, 13),
            "lek. Piotr Klon",
            "55 501 66 00",
            "Przychodnia „Pod Lipą”",
            time(9, 0),
        ),
        Step(
            "Wizyta u neurologa: proszę wziąć wyniki badania słuchu",
            date(2027, 1, 14),
            "lek. Piotr Klon",
            "55 501 66 00",
            "Przychodnia „Pod Lipą”, ul. Lipowa 40",
            time(9, 15),
        ),
    ),
    reviews=(
        Review(date(2027, 3, 2)),
        Review(
            date(2026, 11, 16),
            "Zosia mówi coraz więcej. Trzeba szybko znaleźć asystentkę rodziny.",
        ),
    ),
    approvals=(
        Approval("Magdalena K.", "mama", date(2026, 8, 28)),
        Approval("Anna Brzoza", "za zespół", date(2026, 8, 28)),
    ),
    link="https://lipowo.example/plany/PW-12-2026",
)
