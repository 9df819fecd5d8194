"""The texts of the document, Polish and English side by side: short, plain, addressed
to a parent.
"""

from collections.abc import Mapping

from services.casework.paper.rules.words import Words
from services.casework.plan_documents.rules.documents import (
    GoalSubject,
    PlanSector,
    PlanState,
    RecommendationState,
)

PLAN = Words("Plan wsparcia", "Support plan")
NUMBER = Words("nr", "no.")
VERSION = Words("wersja", "version")
AS_OF = Words("stan na", "as of")
VALID_FROM = Words("od", "from")
VALID_TO = Words("do", "to")
VALIDITY = Words("Czas trwania", "It lasts")
PRIVATE = Words(
    "W tym dokumencie są prywatne informacje o dziecku i rodzinie."
    " Pokazuj go tylko tym, którym ufasz.",
    "This document holds private information about a child and a family."
    " Show it only to people you trust.",
)

IN_SHORT = Words("Najważniejsze", "In short")
NEXT_STEP = Words("Następny krok", "Next step")
WHOM_TO_CALL = Words("Do kogo dzwonić", "Whom to call")
NEXT_REVIEW = Words("Kiedy sprawdzimy plan", "When we check the plan")
NO_REVIEW = Words(
    "Nie ma jeszcze terminu. Zapytaj koordynatora.",
    "There is no date yet. Ask the coordinator.",
)
# Where there is nothing to read, the text says whom to ask.
NO_NEXT_STEP = Words(
    "Nie ma teraz zaplanowanych kroków. Masz pytanie? Zadzwoń do koordynatora.",
    "No step is planned now. Any question? Call the coordinator.",
)
TELEPHONE = Words("tel.", "tel.")
GOALS_IN_SHORT = Words("Nasze cele i jak nam idzie", "Our goals and how they go")

GOALS = Words("Cele: nad czym pracujemy", "Goals: what we work on")
NO_GOALS = Words("Cele nie są jeszcze ustalone.", "No goal has been agreed yet.")
GOAL = Words("Cel", "Goal")
INDICATOR = Words("Po czym poznamy zmianę", "How we will see a change")
BASELINE = Words("Jak było na początku", "How it was at the start")
TARGET = Words("Do czego dążymy", "What we aim for")
NOT_RATED = Words(
    "Postępów jeszcze nie ocenialiśmy.", "Progress has not been rated yet."
)
NO_RATING = Words("jeszcze bez oceny", "not rated yet")
LAST_RATED = Words("Ostatnia ocena", "Last rating")
BETTER = Words("lepiej niż na początku", "better than at the start")
# "Harder", not "worse", so that the text does not judge the child.
WORSE = Words("trudniej niż na początku", "harder than at the start")
SAME = Words("tak jak na początku", "as at the start")
PROGRESS = Words("Wykres postępów", "Chart of progress")
FIRST_AND_LAST = Words(
    "Wykres pokazuje pierwszą ocenę i pięć ostatnich.",
    "The chart shows the first rating and the last five.",
)

RECOMMENDATIONS = Words("Zalecenia: co kto zrobi", "Recommendations: who does what")
NO_RECOMMENDATIONS = Words("Nie ma zaleceń.", "There are no recommendations.")
WHAT = Words("Co", "What")
WHO = Words("Kto", "Who")
BY_WHEN = Words("Do kiedy", "By when")
HOW_IT_GOES = Words("Jak idzie", "How it goes")
NO_DUE_DAY = Words("bez terminu", "no date")

STEPS = Words("Kroki: kiedy i gdzie", "Steps: when and where")
NO_STEPS = Words("Nie ma zaplanowanych kroków.", "No step is planned.")
PAST = Words("już było", "already past")
WHEN = Words("Kiedy", "When")
WHERE = Words("Gdzie", "Where")

TEAM = Words("Zespół: kto pomaga", "Team: who helps")
NO_TEAM = Words("Zespół nie jest jeszcze ustalony.", "There is no team yet.")
PERSON = Words("Osoba", "Person")
ROLE = Words("Rola", "Role")
FROM_WHERE = Words("Gdzie pracuje", "Works for")

REVIEWS = Words("Przeglądy planu", "Reviews of the plan")
NO_REVIEWS = Words("Nie ma przeglądów.", "There are no reviews.")
FINDINGS = Words("Co ustaliliśmy", "What we found")
PLANNED = Words("zaplanowany", "planned")

APPROVALS = Words("Kto zgodził się na plan", "Who has agreed to the plan")
NO_APPROVALS = Words(
    "Jeszcze nikt nie zgodził się na ten plan.", "Nobody has agreed to this plan yet."
)

ONLINE = Words("Plan w internecie", "The plan online")
SCAN = Words(
    "Zeskanuj kod telefonem albo wpisz adres:",
    "Scan the code with a telephone or type the address:",
)
QR_CODE = Words(
    "Kod QR z adresem planu. Ten sam adres jest obok kodu.",
    "QR code with the address of the plan. The same address stands beside it.",
)

REPLACED = Words(
    "Niektórych znaków z tego planu nie umiemy wydrukować (na przykład obrazków albo"
    " liter innych alfabetów). W ich miejscu jest znak □."
    " Pełną treść pokaże Ci koordynator.",
    "Some letters of this plan cannot be printed (pictures, for example, or letters of"
    " other alphabets). The sign □ stands in their place."
    " The coordinator can show you the full text.",
)

FOR_THE_FRIDGE = Words("Na lodówkę: następne kroki", "For the fridge: next steps")
QUESTIONS = Words("Pytania? Zadzwoń:", "Questions? Call:")
MORE_STEPS = Words(
    "Dalsze kroki są w planie.", "The steps after these are in the plan."
)

RECOMMENDATION_TABLE = (
    *(RECOMMENDATIONS, NO_RECOMMENDATIONS),
    *(WHAT, WHO, BY_WHEN, HOW_IT_GOES),
)
STEP_TABLE = (STEPS, NO_STEPS, WHEN, WHAT, WHERE, WHO)
TEAM_TABLE = (TEAM, NO_TEAM, PERSON, ROLE, FROM_WHERE)
REVIEW_TABLE = (REVIEWS, NO_REVIEWS, WHEN, FINDINGS)
APPROVAL_TABLE = (APPROVALS, NO_APPROVALS, PERSON, ROLE, WHEN)

# Sentences, because a single word is clear only to people who know the states.
STATES: Mapping[PlanState, Words] = {
    PlanState.DRAFT: Words(
        "To jest projekt. Ten plan jeszcze nie obowiązuje.",
        "This is a draft. The plan is not in force yet.",
    ),
    PlanState.PROPOSED: Words(
        "To jest propozycja. Plan zacznie obowiązywać, gdy zgodzą się na niego"
        " rodzic lub opiekun i zespół.",
        "This is a proposal. The plan comes into force when a parent or guardian"
        " and the team agree to it.",
    ),
    PlanState.APPROVED: Words(
        "Ten plan jest zatwierdzony. Jeszcze się nie zaczął.",
        "This plan is agreed. It has not begun yet.",
    ),
    PlanState.ACTIVE: Words("Ten plan obowiązuje.", "This plan is in force."),
    PlanState.SUPERSEDED: Words(
        "Ten plan już nie obowiązuje. Jest nowsza wersja.",
        "This plan is no longer in force. There is a newer version.",
    ),
    PlanState.COMPLETED: Words(
        "Ten plan się skończył. Już nie obowiązuje.",
        "This plan has ended. It is no longer in force.",
    ),
}
SECTORS: Mapping[PlanSector, Words] = {
    PlanSector.HEALTH: Words("ochrona zdrowia", "health care"),
    PlanSector.EDUCATION: Words("edukacja", "education"),
    PlanSector.SOCIAL_ASSISTANCE: Words("pomoc społeczna", "social assistance"),
    PlanSector.FAMILY_SUPPORT: Words("wsparcie rodziny", "family support"),
    PlanSector.LABOUR: Words("praca", "work"),
    PlanSector.SOCIAL_ECONOMY: Words("ekonomia społeczna", "social economy"),
    PlanSector.CIVIC: Words("organizacja społeczna", "civic organisation"),
}
SUBJECTS: Mapping[GoalSubject, Words] = {
    GoalSubject.CHILD: Words("Cel dla dziecka", "A goal for the child"),
    GoalSubject.PUPIL: Words(
        "Cel dla dziecka w szkole", "A goal for the child at school"
    ),
    GoalSubject.FAMILY: Words("Cel dla rodziny", "A goal for the family"),
    GoalSubject.ENVIRONMENT: Words(
        "Cel dla otoczenia", "A goal for the people and places around"
    ),
}
RECOMMENDATION_STATES: Mapping[RecommendationState, Words] = {
    RecommendationState.PROPOSED: Words("propozycja", "proposed"),
    RecommendationState.ACCEPTED: Words("przyjęte", "accepted"),
    RecommendationState.IN_PROGRESS: Words("w trakcie", "under way"),
    RecommendationState.DONE: Words("zrobione", "done"),
    RecommendationState.NOT_DONE: Words("niezrobione", "not done"),
}
# Without the numbers of the scale, which only specialists understand.
LEVEL_WORDS: Mapping[int, Words] = {
    2: Words("dużo więcej niż cel", "far beyond the goal"),
    1: Words("więcej niż cel", "beyond the goal"),
    0: Words("cel osiągnięty", "goal reached"),
    -1: Words("blisko celu", "near the goal"),
    -2: Words("daleko od celu", "far from the goal"),
}
