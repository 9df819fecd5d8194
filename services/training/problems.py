"""Every way training can say no that is not said by the chassis."""

from services.chassis.ground.problems import Problem, Unavailable
from services.chassis.ground.refusals import add_words

add_words(
    {
        "in_future": ("lies in the future", "leży w przyszłości"),
        "in_past": ("lies in the past", "leży w przeszłości"),
        "too_many": ("are more than allowed", "jest ich więcej niż dozwolone"),
        "too_few": ("are fewer than required", "jest ich mniej niż wymagane"),
        "outside_county": ("lies in another county", "leży w innym powiecie"),
        "outside_dates": (
            "lies outside the days of the group or programme",
            "leży poza dniami grupy lub programu",
        ),
        "outside_scope": (
            "is outside the caller's reach",
            "jest poza zakresem uprawnień",
        ),
        "erased": (
            "was erased at the person's request",
            "usunięto na żądanie tej osoby",
        ),
        "enrolled": (
            "is enrolled by other facts",
            "zapisano na podstawie innych danych",
        ),
        "contradicts": ("contradicts another field", "jest sprzeczne z innym polem"),
    }
)


class TrainingProgrammeNotFound(Problem):
    """There is no such programme of training."""

    status, title_pl = 404, "Nie ma takiego programu szkoleniowego"


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


class TrainerAccountTaken(Problem):
    """This account is another trainer's."""

    status, title_pl = 409, "To konto należy do innego trenera"
    constraint = "uq_trainers_account"


class AvailabilityNotFound(Problem):
    """There is no such time of this trainer."""

    status, title_pl = 404, "Nie ma takiego terminu tego trenera"


class RoomNotFound(Problem):
    """There is no such room."""

    status, title_pl = 404, "Nie ma takiej sali"


class TraineeAccountTaken(Problem):
    """This account is another trainee's."""

    status, title_pl = 409, "To konto należy do innego uczestnika"
    constraint = "uq_trainees_account"


class TraineeAlreadyRegistered(Problem):
    """The county has a trainee with this external id already."""

    status, title_pl = 409, "Powiat ma już uczestnika o tym identyfikatorze zewnętrznym"
    constraint = "uq_trainees_external_id"


class TraineeEnrolled(Problem):
    """The trainee was enrolled by these facts, which stay while enrolled."""

    status = 409
    title_pl = (
        "Na podstawie tych danych uczestnik został zapisany; zmiana wymaga rezygnacji"
    )


class ProgrammeNotAgreed(Problem):
    """Client and contractor have agreed no version of this programme."""

    status, title_pl = 409, "Zamawiający i wykonawca nie uzgodnili wersji tego programu"


class GroupCodeTaken(Problem):
    """The programme's version has a group of this code already."""

    status, title_pl = 409, "Wersja programu ma już grupę o tym oznaczeniu"
    constraint = "uq_groups_code"


class NotEligible(Problem):
    """The programme's rule does not let this person into the group."""

    status, title_pl = 409, "Zasady programu nie pozwalają przyjąć tej osoby do grupy"


class DatesOverlap(Problem):
    """The person is in another group whose sessions are at the same time."""

    status, title_pl = 409, "Osoba jest w innej grupie, której zajęcia się pokrywają"


class TraineeAlreadyEnrolled(Problem):
    """The person is enrolled in this group already."""

    status, title_pl = 409, "Osoba jest już zapisana do tej grupy"
    constraint = "uq_enrolments_trainee_in_group"


class LocationUnchecked(Unavailable):
    """The registry, which knows the locations, does not answer: try again."""

    title_pl = (
        "Rejestr, który zna lokalizacje programu, nie odpowiada: spróbuj ponownie"
    )


class TeamTooSmall(Problem):
    """The authority's team would be smaller than the programme asks for; say why."""

    status, title_pl = 409, "Zespół JST byłby mniejszy niż wymaga program; podaj powód"


class GroupNotReady(Problem):
    """Something is missing that this step of a group needs."""

    status, title_pl = 409, "Brakuje czegoś, czego ten etap grupy wymaga"
