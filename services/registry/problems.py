"""Every way the registry can say no that is not said by the chassis."""

from services.chassis.problems import Problem
from services.chassis.refusals import add_words

add_words(
    {
        "wrong_host_type": ("cannot hold this function", "nie może pełnić tej funkcji"),
        "outside_scope": ("is outside the caller's counties", "leży poza powiatami wywołującego"),
        "outside_county": ("lies in another county", "leży w innym powiecie"),
        "outside_poland": ("lies outside Poland", "leży poza Polską"),
        "both_or_neither": (
            "goes with another field: give both or neither",
            "występuje z innym polem: podaj oba albo żadne",
        ),
        "health_only": ("is for health institutions only", "dotyczy tylko instytucji ochrony zdrowia"),
        "more_than_capacity": ("is more than the capacity", "przekracza liczbę miejsc"),
    }
)


class InstitutionNotFound(Problem):
    """There is no such institution."""

    status, title_pl = 404, "Nie ma takiej instytucji"


class InstitutionClosed(Problem):
    """The institution is closed."""

    status, title_pl = 409, "Instytucja jest zamknięta"


class IdentifierAlreadyRegistered(Problem):
    """An institution with this identifier is already registered."""

    status, title_pl = 409, "Instytucja o tym identyfikatorze jest już zarejestrowana"


class RspoAlreadyRegistered(IdentifierAlreadyRegistered):
    """An institution with this RSPO number is already registered."""

    title_pl = "Instytucja o tym numerze RSPO jest już zarejestrowana"
    constraint = "uq_institutions_rspo"


class FunctionAlreadyHeld(Problem):
    """Another institution of the county holds this function at that time."""

    status, title_pl = 409, "Tę funkcję pełni w powiecie w tym czasie inna instytucja"
    constraint = "uq_institution_functions_open"


class FunctionNotFound(Problem):
    """There is no such function of this institution."""

    status, title_pl = 404, "Ta instytucja nie ma takiej funkcji"


class SupportServiceNotFound(Problem):
    """There is no such support service."""

    status, title_pl = 404, "Nie ma takiej usługi wsparcia"


class SupportServiceEnded(Problem):
    """The support service is no longer offered."""

    status, title_pl = 409, "Ta usługa wsparcia nie jest już oferowana"


class CountyNotFound(Problem):
    """There is no such county."""

    status, title_pl = 404, "Nie ma takiego powiatu"


class CommuneNotFound(Problem):
    """There is no such commune."""

    status, title_pl = 404, "Nie ma takiej gminy"


class NewerStateLoaded(Problem):
    """A newer state of this register is already loaded."""

    status, title_pl = 409, "Nowszy stan tego rejestru jest już wczytany"
