"""Every way casework can say no that is not said by the chassis."""

from collections.abc import Mapping
from typing import ClassVar

from services.chassis.ground.problems import Problem
from services.chassis.ground.refusals import add_words

add_words(
    {
        "in_future": ("lies in the future", "leży w przyszłości"),
        "in_past": ("lies in the past", "leży w przeszłości"),
        "may_not_act": (
            "does not act for the child on that day",
            "nie działa w imieniu dziecka w tym dniu",
        ),
        "contradicts": (
            "contradicts another field",
            "jest sprzeczne z innym polem",
        ),
        "too_long_ago": ("lies too long ago", "leży zbyt dawno"),
        "both_or_neither": (
            "goes with another field: give both or neither",
            "występuje z innym polem: podaj oba albo żadne",
        ),
    }
)


class PersonNotFound(Problem):
    """There is no such person, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiej osoby albo nie jest ona dostępna"


class PersonAlreadyRegistered(Problem):
    """Somebody with this number is registered in this county already: see `person_id`."""

    status, title_pl = (
        409,
        "Osoba o tym numerze jest już zapisana w tym powiecie: zob. `person_id`",
    )
    constraint = "uq_people_pesel_in_county"


class ProcessingRestricted(Problem):
    """Processing of this person's data is restricted: nothing is changed or sent (GDPR, art. 18)."""

    status = 423
    constraint = "keep_restricted"
    title_pl = "Przetwarzanie danych tej osoby jest ograniczone: niczego się nie zmienia ani nie wysyła (RODO, art. 18)"


class ConsentNotFound(Problem):
    """There is no such consent, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiej zgody albo nie jest ona dostępna"


class ConsentRequired(Problem):
    """No consent and no other basis lets this recipient see this: see `missing`."""

    status = 403
    title_pl = "Żadna zgoda ani inna podstawa nie pozwala temu odbiorcy tego poznać: zob. `missing`"


class CaseNotFound(Problem):
    """There is no such case, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiej sprawy albo nie jest ona dostępna"


class CaseAlreadyOpen(Problem):
    """This child has an open case already."""

    status, title_pl = 409, "To dziecko ma już otwartą sprawę"
    constraint = "uq_cases_open_of_person"


class CaseNotReady(Problem):
    """The case is not ready for this: see `missing`."""

    status, title_pl = 409, "Sprawa nie jest na to gotowa: zob. `missing`"


class CaseMemberNotFound(Problem):
    """There is nobody with this id in the team of this case."""

    status, title_pl = 404, "W zespole tej sprawy nie ma takiej osoby"


class AlreadyInTeam(Problem):
    """This account is in the team of this case already."""

    status, title_pl = 409, "To konto należy już do zespołu tej sprawy"
    constraint = "uq_case_members_subject_in_case"


class PlanNotFound(Problem):
    """There is no such plan, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego planu albo nie jest on dostępny"


class GoalNotFound(Problem):
    """The plan has no such goal."""

    status, title_pl = 404, "Plan nie ma takiego celu"


class GoalInUse(Problem):
    """A recommendation leads to this goal: change or remove it first."""

    status, title_pl = (
        409,
        "Do tego celu prowadzi zalecenie: najpierw je zmień albo usuń",
    )
    constraint = "fk_plan_recommendations_goal_id"


class RecommendationNotFound(Problem):
    """The plan has no such recommendation."""

    status, title_pl = 404, "Plan nie ma takiego zalecenia"


class PlanStepNotFound(Problem):
    """The plan has no such step."""

    status, title_pl = 404, "Plan nie ma takiego kroku"


class PathwayNotFound(Problem):
    """There is no such pathway."""

    status, title_pl = 404, "Nie ma takiej ścieżki wsparcia"


class PlanAlreadyDrafted(Problem):
    """This case has a version of its plan that is not carried out yet: finish that one first."""

    status = 409
    title_pl = "Ta sprawa ma już wersję planu, która nie jest jeszcze realizowana: najpierw ją dokończ"
    constraint = "uq_plans_open_in_case"


class PlanNotReady(Problem):
    """The plan is not ready for this: see `missing`."""

    status, title_pl = 409, "Plan nie jest na to gotowy: zob. `missing`"


class ApproverMayNotAct(Problem):
    """Whoever is named does not act for the child, or the caller may not record their signature."""

    status = 403
    title_pl = "Wskazana osoba nie działa w imieniu dziecka albo wywołujący nie może zapisać jej podpisu"


class WithholdingNotFound(Problem):
    """There is no such withholding, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego wstrzymania albo nie jest ono dostępne"


class OwnDecision(Problem):
    """Whoever began this does not decide on it: somebody else does."""

    status = 403
    title_pl = "Kto to rozpoczął, ten o tym nie rozstrzyga: robi to inna osoba"


class StepUpRequired(Problem):
    """Log in again for this: the last login is older than `max_age` seconds, or the token does not tell it."""

    status = 403
    title_pl = "Zaloguj się ponownie: ostatnie logowanie jest starsze niż `max_age` sekund albo token go nie podaje"
    headers: ClassVar[Mapping[str, str]] = {
        "www-authenticate": 'Bearer error="insufficient_user_authentication", max_age=300'
    }


class NobodyToOpen(Problem):
    """There is nobody with this id whose records could be opened."""

    status, title_pl = (
        404,
        "Nie ma nikogo o tym identyfikatorze, czyje dane można otworzyć",
    )
    missed: ClassVar[str | None] = "open_break_glass"


class BreakGlassNotFound(Problem):
    """There is no such emergency access, or none that the caller may see."""

    status = 404
    title_pl = "Nie ma takiego dostępu awaryjnego albo nie jest on dostępny"


class BreakGlassAlreadyOpen(Problem):
    """These records are open to the caller until `ends_at`; the time is not prolonged."""

    status = 409
    title_pl = (
        "Te dane są otwarte dla wywołującego do `ends_at`; tego czasu się nie przedłuża"
    )


class BreakGlassUnreviewed(Problem):
    """An earlier emergency access of the caller has waited for its review for too long: no other is opened before."""

    status = 409
    title_pl = "Wcześniejszy dostęp awaryjny zbyt długo czeka na ocenę: przed nią nie otwiera się kolejnego"


class LegalHoldPlaced(Problem):
    """The records of this person are kept for a proceeding: they are not erased."""

    status, title_pl = (
        423,
        "Dane tej osoby są zachowane na potrzeby postępowania: nie usuwa się ich",
    )


class LegalHoldNotFound(Problem):
    """There is no such legal hold, or none that the caller may see."""

    status, title_pl = (
        404,
        "Nie ma takiego zabezpieczenia danych albo nie jest ono dostępne",
    )


class DataSubjectRequestNotFound(Problem):
    """There is no such request, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego wniosku albo nie jest on dostępny"


class CopyNotReleased(Problem):
    """This request gives out no copy: it does not ask for access, or nobody has fulfilled it."""

    status = 409
    title_pl = "Ten wniosek nie daje kopii: nie prosi o dostęp albo nikt go jeszcze nie spełnił"


class TooLateToExtend(Problem):
    """The time for the answer is over: whoever asked had to be told before."""

    status, title_pl = (
        409,
        "Czas na odpowiedź minął: wnioskodawcę trzeba było zawiadomić wcześniej",
    )


class RetentionRuleNotFound(Problem):
    """There is no such retention rule, or none that the caller may see."""

    status, title_pl = (
        404,
        "Nie ma takiej reguły przechowywania albo nie jest ona dostępna",
    )


class RetentionRuleOverlaps(Problem):
    """Another rule about the same records holds at that time: end it first."""

    status, title_pl = (
        409,
        "W tym czasie obowiązuje inna reguła dla tych samych danych: najpierw ją zakończ",
    )


class RetentionRunNotFound(Problem):
    """There is no such retention run, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego przeglądu danych albo nie jest on dostępny"


class RetentionRunNotDue(Problem):
    """The day of this run has not come yet."""

    status, title_pl = 409, "Dzień tego przeglądu jeszcze nie nadszedł"
