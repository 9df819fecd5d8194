"""Every way training can say no that is not said by the chassis."""

from services.chassis.ground.problems import Problem
from services.chassis.ground.refusals import add_words

add_words(
    {
        "in_future": ("lies in the future", "leży w przyszłości"),
        "in_past": ("lies in the past", "leży w przeszłości"),
        "too_many": ("are more than allowed", "jest ich więcej niż dozwolone"),
        "too_few": ("are fewer than required", "jest ich mniej niż wymagane"),
        "outside_county": ("lies in another county", "leży w innym powiecie"),
        "contradicts": ("contradicts another field", "jest sprzeczne z innym polem"),
    }
)


class ProgrammeNotFound(Problem):
    """There is no such programme."""

    status, title_pl = 404, "Nie ma takiego programu"


class GroupNotFound(Problem):
    """There is no such group, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiej grupy lub jest niedostępna"


class TraineeNotFound(Problem):
    """There is no such trainee, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego uczestnika lub jest niedostępny"


class EnrolmentNotFound(Problem):
    """There is no such enrolment, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego zgłoszenia lub jest niedostępne"


class SessionNotFound(Problem):
    """There is no such session."""

    status, title_pl = 404, "Nie ma takich zajęć"


class TrainerNotFound(Problem):
    """There is no such trainer."""

    status, title_pl = 404, "Nie ma takiego trenera"


class AuthorityNotFound(Problem):
    """There is no such local authority."""

    status, title_pl = 404, "Nie ma takiej jednostki samorządu terytorialnego"
