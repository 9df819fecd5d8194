"""Every way casework can say no that is not said by the chassis."""

from services.chassis.ground.problems import Problem, Unavailable
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
        "exactly_one": (
            "excludes another field: give exactly one of them",
            "wyklucza się z innym polem: podaj dokładnie jedno z nich",
        ),
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


class RegistrySilent(Unavailable):
    """The registry does not answer at the moment, and nothing is guessed: try again."""

    title_pl = (
        "Rejestr chwilowo nie odpowiada, a niczego się nie zgaduje: spróbuj ponownie"
    )


class ServiceNotSuitable(Problem):
    """The support service is not for this child, or not offered now: see `reasons`."""

    status = 409
    title_pl = "To wsparcie nie jest dla tego dziecka albo nie jest teraz oferowane: zob. `reasons`"


class NoPlaceLeft(Problem):
    """The support service has no free place."""

    status, title_pl = 409, "To wsparcie nie ma wolnego miejsca"


class NoLeadCentre(Problem):
    """This county has no lead coordination centre (WOKRO) today."""

    status = 409
    title_pl = "Ten powiat nie ma dziś wiodącego ośrodka (WOKRO)"


class ReferralNotFound(Problem):
    """There is no such referral, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego skierowania albo nie jest ono dostępne"


class ForReceiverOnly(Problem):
    """Only whoever was asked answers a referral: the county inbound ones, the institution outbound ones."""

    status = 403
    title_pl = "Na skierowanie odpowiada tylko ten, do kogo trafiło: powiat na przychodzące, placówka na wychodzące"


class ForSenderOnly(Problem):
    """Only whoever sent a referral withdraws it."""

    status, title_pl = 403, "Skierowanie wycofuje tylko ten, kto je wysłał"


class AlreadyIdentified(Problem):
    """It is known already whom this referral is about."""

    status, title_pl = 409, "Wiadomo już, kogo dotyczy to skierowanie"
