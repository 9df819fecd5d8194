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


add_words(
    {
        "outside_dates": (
            "lies outside the days of the group or programme",
            "leży poza dniami grupy lub programu",
        ),
        "outside_group": ("does not train the group", "nie prowadzi tej grupy"),
        "unchanged": ("is recorded like that already", "jest już tak zapisane"),
        "without_seat": (
            "has no seat in the group",
            "nie ma miejsca w grupie",
        ),
        "too_few_seats": (
            "has fewer seats than the group",
            "ma mniej miejsc niż liczy grupa",
        ),
    }
)


class SessionConflict(Problem):
    """A trainer, the room or people of the group are in another session at that time."""

    status, title_pl = (
        409,
        "Trener, sala lub uczestnicy są w tym czasie na innych zajęciach",
    )


class ModuleMinutesExceeded(Problem):
    """The group's sessions of this module take more minutes than the module has."""

    status, title_pl = (
        409,
        "Zajęcia grupy w tym module przekraczają liczbę jego minut",
    )


class SessionBegun(Problem):
    """The session has begun already."""

    status, title_pl = 409, "Zajęcia już się rozpoczęły"


class SessionNotBegun(Problem):
    """The session has not begun yet."""

    status, title_pl = 409, "Zajęcia jeszcze się nie rozpoczęły"


class SessionNotOver(Problem):
    """The session is not over yet."""

    status, title_pl = 409, "Zajęcia jeszcze się nie skończyły"


class SessionWithoutGroup(Problem):
    """A meeting without a group has no list of attendance."""

    status, title_pl = 409, "Spotkanie bez grupy nie ma listy obecności"


class AttendanceNotFound(Problem):
    """There is no such record of attendance, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego wpisu obecności lub jest niedostępny"


class AttendanceIncomplete(Problem):
    """Somebody with a seat in the group is not on the list yet."""

    status, title_pl = 409, "Na liście brakuje osób, które mają miejsce w grupie"


class NotTrainerOfSession(Problem):
    """Only whoever trains in this session may do this."""

    status, title_pl = 403, "Może to zrobić tylko trener tych zajęć"


class HourTotalNotFound(Problem):
    """There is no such sum of hours."""

    status, title_pl = 404, "Nie ma takiej sumy godzin"


class AdvisoryContactNotFound(Problem):
    """There is no such record of support, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego wpisu wsparcia lub jest niedostępny"


class OutreachMetricNotFound(Problem):
    """There is no such value of a metric."""

    status, title_pl = 404, "Nie ma takiej wartości wskaźnika"


class OutreachMetricAlreadyRecorded(Problem):
    """The metric has a value on that day already."""

    status, title_pl = 409, "Wskaźnik ma już wartość na ten dzień"
    constraint = "uq_outreach_metrics_as_of"


class CalendarNotFound(Problem):
    """There is no such calendar, or it was revoked."""

    status, title_pl = 404, "Nie ma takiego kalendarza albo go unieważniono"
