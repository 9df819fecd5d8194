"""Every problem of screening that is not one of the chassis."""

from services.chassis.ground.problems import Problem, Unavailable
from services.chassis.wording.refusals import add_advice, add_missing, add_words
from services.screening.advice import ADVICE, MISSING

add_advice(ADVICE)
add_missing(MISSING)
# All in one file, even if it is long: docs/decisions/0007-catalogue-of-refusals.md.
add_words(
    {
        "overlapping": ("overlaps an earlier one", "nakłada się na wcześniejszy"),
        "leaves_gap": (
            "leaves out children of the forms' ages",
            "pomija dzieci w wieku, którego dotyczą formularze",
        ),
        "not_asked": ("is not asked here", "nie jest tu pytane"),
        "not_scored": ("has no values to score", "nie ma punktacji"),
        "range_missing": (
            "turns round an item without a minimum or a maximum: give it both",
            "odwraca pozycję, której zakres nie ma obu końców: podaj minimum i maksimum",
        ),
        "default_out_of_range": (
            "turns round an item whose value when not asked lies outside of its range",
            "odwraca pozycję, której wartość bez zadania pytania leży poza jej zakresem",
        ),
        "nothing_answered": (
            "answers nothing: an empty form stays a draft",
            "nie zawierają żadnej odpowiedzi: pusty formularz pozostaje szkicem",
        ),
        "in_validation_block": (
            "is a validation item and never scores",
            "jest pytaniem walidacyjnym i nie wpływa na wynik",
        ),
        "children": (
            "has fewer children than the study needs (`needed`)",
            "ma mniej dzieci, niż wymaga badanie (`needed`)",
        ),
        "in_future": ("lies in the future", "przypada w przyszłości"),
        "after_screening": (
            "lies after the day of the screening",
            "przypada po dniu badania",
        ),
        "too_long_ago": ("lies too long ago", "przypada zbyt dawno temu"),
        "no_form": (
            "has no form for this age and informant",
            "nie ma formularza dla tego wieku i tej osoby odpowiadającej",
        ),
        "not_selected": (
            "is not selected for stage two",
            "nie jest wybrane do etapu drugiego",
        ),
        "outside_campaign": (
            "is not a county of this campaign",
            "nie jest powiatem tej kampanii",
        ),
        "outside_implementer": (
            "is not a county where this implementer screens",
            "nie jest powiatem, w którym ten realizator prowadzi badania",
        ),
        "without_campaign": ("belongs to a campaign", "dotyczy kampanii"),
        "both_or_neither": (
            "goes with another field: give both or neither",
            "wymaga drugiego pola: podaj oba albo żadne",
        ),
        "not_in_battery": (
            "decides nothing in stage one",
            "nie decyduje o wyniku etapu 1",
        ),
        "nothing_required": (
            "requires no form at all",
            "nie wymaga żadnego formularza",
        ),
        "other_sex": (
            "is not the sex that another screening of this subject has",
            "jest inna niż w innym badaniu tego dziecka",
        ),
        "other_birth_month": (
            "is not the month of birth that another screening of this subject has",
            "wskazuje inny miesiąc urodzenia niż inne badanie tego dziecka",
        ),
        "informants_not_required": (
            "names who has to answer a form that is not required",
            "wskazuje, kto ma wypełnić formularz, który nie jest wymagany",
        ),
        "nothing_decides": (
            "has no form that decides",
            "nie ma formularza rozstrzygającego",
        ),
        "not_in_stage_one": (
            "has not completed stage one here",
            "nie ma tu pełnego etapu 1",
        ),
        "outside_scope": (
            "is outside the caller's counties",
            "leży poza powiatami użytkownika",
        ),
    }
)


# One problem for both cases: a separate one would reveal that the screening exists.
class ScreeningNotFound(Problem):
    """There is no such screening, or none that the caller may see."""

    status, title_pl = (
        404,
        "Nie ma takiego badania przesiewowego albo nie jest ono dostępne",
    )


class ScreeningAlreadyRecorded(Problem):
    """The source's screening of this external id is already recorded in this county."""

    status, title_pl = (
        409,
        "Badanie o tym identyfikatorze zewnętrznym jest już zapisane w tym powiecie",
    )
    constraint = "uq_screenings_external_id_in_county"


# 403 and not 409: the state allows it, and another person may do it.
class SecondPersonRequired(Problem):
    """Whoever submitted a positive result, or had it scored again, does not confirm it: two people stand by it."""

    status = 403
    title_pl = (
        "Wyniku dodatniego nie potwierdza osoba, która go przekazała albo przeliczyła:"
        " potrzebna jest druga osoba"
    )


class ResultNotAvailable(Problem):
    """This screening has no result."""

    status, title_pl = 409, "To badanie nie ma wyniku"


class ResultNotConfirmed(Problem):
    """Parents are given a result that a person has confirmed: let somebody confirm it first."""

    status = 409
    title_pl = "Rodzice dostają wynik, który potwierdziła osoba: najpierw trzeba go potwierdzić"


class ScreeningDocumentUnavailable(Unavailable):
    """The page cannot be made at the moment."""

    title_pl = "Nie można teraz przygotować tej strony"


class ChartUnavailable(Unavailable):
    """The picture cannot be drawn at the moment."""

    title_pl = "Nie można teraz narysować wykresu"


class StudyNotFound(Problem):
    """There is no such study."""

    status, title_pl = 404, "Nie ma takiego badania walidacyjnego"


class StudyExportNotFound(Problem):
    """There is no such export of this study, or no such file of it."""

    status, title_pl = 404, "Nie ma takiego eksportu tego badania albo takiego pliku"


class StudyNotReady(Problem):
    """The study has no results yet; run it and wait for its job."""

    status, title_pl = (
        409,
        "Badanie nie ma jeszcze wyników; uruchom je i poczekaj na zadanie",
    )


class StudyTooSmall(Problem):
    """There is too little data to compute this honestly: see how much is needed."""

    status, title_pl = (
        409,
        "Danych jest za mało, aby to rzetelnie obliczyć: zobacz, ile potrzeba",
    )


# Neither this nor `StudyTooSmall` has a member that counts children.
class SampleTooClose(Problem):
    """Beside an earlier study of these records this one would tell of few children. Wait for more, or ask as it did."""

    status, title_pl = (
        409,
        (
            "W zestawieniu z wcześniejszym badaniem to mówiłoby o zbyt małej liczbie dzieci."
            " Poczekaj, aż będzie ich więcej, albo zapytaj dokładnie tak jak wtedy"
        ),
    )


class InstrumentNotFound(Problem):
    """There is no such instrument."""

    status, title_pl = 404, "Nie ma takiego narzędzia"


class InstrumentVersionNotFound(Problem):
    """The instrument has no such version."""

    status, title_pl = 404, "Narzędzie nie ma takiej wersji"


class InstrumentAlreadyExists(Problem):
    """An instrument with this code exists already."""

    status, title_pl = 409, "Narzędzie o tym kodzie już istnieje"
    constraint = "uq_instruments_code"


class NormSetNotFound(Problem):
    """The instrument version has no such norm set."""

    status, title_pl = 404, "Wersja narzędzia nie ma takiego zbioru norm"


class NormSetAlreadyExists(Problem):
    """The instrument version has a norm set with this code already."""

    status, title_pl = 409, "Wersja narzędzia ma już zbiór norm o tym kodzie"
    constraint = "uq_norm_sets_code"


class PackageNotTrusted(Problem):
    """The package is not signed by a publisher that is trusted here."""

    status, title_pl = (
        422,
        "Pakiet nie ma podpisu zaufanego wydawcy",
    )


class PackageAlreadyLoaded(Problem):
    """This package has been loaded already."""

    status, title_pl = 409, "Ten pakiet został już wczytany"
    constraint = "ix_instrument_versions_package_digest"


class ProtocolNotFound(Problem):
    """There is no such protocol."""

    status, title_pl = 404, "Nie ma takiego protokołu badania"


class ProtocolVersionNotFound(Problem):
    """There is no such version of this protocol."""

    status, title_pl = 404, "Nie ma takiej wersji tego protokołu"


class ProtocolAlreadyKnown(Problem):
    """A protocol with this code is already known."""

    status, title_pl = 409, "Protokół o tym kodzie już istnieje"
    constraint = "pk_protocols"


class CampaignNotFound(Problem):
    """There is no such campaign."""

    status, title_pl = 404, "Nie ma takiej kampanii"


class ImplementerAlreadyAdded(Problem):
    """The campaign has an implementer with this code."""

    status, title_pl = 409, "Kampania ma już realizatora o tym kodzie"
    constraint = "pk_campaign_implementers"


class ImplementerNotInCampaign(Problem):
    """The campaign has no such implementer."""

    status, title_pl = 422, "Kampania nie ma takiego realizatora"
    constraint = "fk_campaign_counts_implementer"


class ImplementerElsewhere(Problem):
    """The campaign's implementer does not screen in this county."""

    status, title_pl = 422, "Realizator kampanii nie prowadzi badań w tym powiecie"


class TargetOfUnknownImplementer(ImplementerNotInCampaign):
    """The target is of an implementer that the campaign does not have."""

    title_pl = "Cel dotyczy realizatora spoza kampanii"
    constraint = "fk_campaign_targets_implementer"


class SubjectNotSelected(Problem):
    """Stage two is for children who were selected from stage one."""

    status, title_pl = 409, "Etap 2 jest dla dzieci wybranych z etapu 1"


class SelectionNotFound(Problem):
    """There is no such selection, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego wyboru do etapu 2 albo nie jest on dostępny"


class StageTwoBegun(Problem):
    """The child has begun stage two, so the selection stands."""

    status, title_pl = 409, "Dziecko rozpoczęło etap 2, więc wybór pozostaje w mocy"


class CampaignHasOneStage(Problem):
    """The campaign's protocol has one stage only."""

    status, title_pl = 409, "Protokół kampanii ma tylko jeden etap"


class RescoringNotFound(Problem):
    """There is no such re-scoring, or none that the caller may see."""

    status, title_pl = (
        404,
        "Nie ma takiego ponownego przeliczenia albo nie jest ono dostępne",
    )


class FhirResourceNotFound(Problem):
    """There is no such resource."""

    status, title_pl = 404, "Nie ma takiego zasobu FHIR"


class FhirStatusNotTaken(Problem):
    """Only a questionnaire response that is completed or in progress is taken."""

    status, title_pl = (
        422,
        "Przyjmowana jest tylko odpowiedź ukończona albo w trakcie wypełniania",
    )


class InstrumentVersionNotPublished(Problem):
    """The questions of this version may still change, so its norms cannot count yet."""

    status, title_pl = (
        409,
        "Pytania tej wersji mogą się jeszcze zmienić, więc jej normy nie mogą jeszcze obowiązywać",
    )
