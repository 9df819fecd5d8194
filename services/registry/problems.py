"""Every refusal of the registry that is not in the chassis's catalogue."""

from services.chassis.ground.problems import Problem
from services.chassis.wording.refusals import add_advice, add_missing, add_words
from services.registry.advice import ADVICE
from services.registry.missing import MISSING

# The codes of this service's own rules; those of any field are the chassis's.
add_advice(ADVICE)
add_missing(MISSING)
add_words(
    {
        "wrong_host_type": ("cannot hold this function", "nie może pełnić tej funkcji"),
        "outside_scope": (
            "is outside the caller's counties",
            "leży poza powiatami użytkownika",
        ),
        "outside_county": ("lies in another county", "leży w innym powiecie"),
        "unsuited_role": (
            "does not suit this institution",
            "nie pasuje do tej instytucji",
        ),
        "outside_poland": ("lies outside Poland", "leży poza Polską"),
        "both_or_neither": (
            "goes with another field: give both or neither",
            "wymaga drugiego pola: podaj oba albo żadne",
        ),
        "health_only": (
            "is for health institutions only",
            "dotyczy tylko instytucji ochrony zdrowia",
        ),
        "part_of_commune": (
            "is a part of a commune, not a whole one",
            "jest częścią gminy, nie całą gminą",
        ),
        "wrong_body_kind": ("is a body of another kind", "jest organem innego rodzaju"),
        "outside_voivodeship": (
            "lies in another voivodeship",
            "leży w innym województwie",
        ),
        "dissolved": ("is dissolved", "wskazuje rozwiązany organ"),
        "in_future": ("lies in the future", "przypada w przyszłości"),
        "outside_programme": (
            "lies outside the programme's time",
            "wykracza poza czas trwania programu",
        ),
        "before_opening": (
            "comes before the institution opened",
            "przypada przed otwarciem instytucji",
        ),
        "outside_validity": (
            "lies outside the time of validity",
            "wykracza poza okres obowiązywania",
        ),
        "more_than_capacity": ("is more than the capacity", "przekracza liczbę miejsc"),
        "places_held": (
            "leaves no room for the places that are reserved or taken",
            "nie uwzględnia miejsc zarezerwowanych lub zajętych",
        ),
        "not_authority_or_ngo": (
            "is neither a local authority nor an organisation",
            "nie jest ani samorządem, ani organizacją",
        ),
        "of_another_owner": (
            "belongs to another programme, site or body",
            "należy do innego programu, miejsca realizacji lub organu",
        ),
        "wrong_document_kind": (
            "is a document of another kind than this step needs",
            "jest dokumentem innego rodzaju, niż wymaga ten krok",
        ),
        "not_adopted": (
            "was not adopted by that day",
            "nie był przyjęty do tego dnia",
        ),
        "not_local_authority": (
            "is not a local authority",
            "nie jest jednostką samorządu terytorialnego",
        ),
        "in_past": ("lies in the past", "przypada w przeszłości"),
        "too_far_ahead": (
            "lies too far in the future",
            "przypada zbyt daleko w przyszłości",
        ),
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
    # Of two requests at once the index lets one through, and the other is answered with
    # this error. Every `constraint` in this file decides where there is no
    # row to lock before.
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


class ReservationNotFound(Problem):
    """There is no such reservation of this service, or none that the caller may see."""

    status, title_pl = (
        404,
        "Ta usługa nie ma takiej rezerwacji albo nie jest ona dostępna",
    )


class ServiceDoesNotFit(Problem):
    """The support service is not for this age, these documents or this day."""

    status, title_pl = (
        409,
        "Ta usługa wsparcia nie odpowiada wiekowi, dokumentom lub terminowi",
    )


class NoFreePlaces(Problem):
    """The support service has no free place."""

    status, title_pl = 409, "Ta usługa wsparcia nie ma wolnych miejsc"


class LocalProgrammeNotFound(Problem):
    """There is no such local programme."""

    status, title_pl = 404, "Nie ma takiego programu lokalnego"


class CountyNotFound(Problem):
    """There is no such county."""

    status, title_pl = 404, "Nie ma takiego powiatu"


class CommuneNotFound(Problem):
    """There is no such commune."""

    status, title_pl = 404, "Nie ma takiej gminy"


class NewerStateLoaded(Problem):
    """A newer state of this register is already loaded."""

    status, title_pl = 409, "Nowszy stan tego rejestru jest już wczytany"


class ProcessNotFound(Problem):
    """There is no such process."""

    status, title_pl = 404, "Nie ma takiego procesu"


class ProcessRunNotFound(Problem):
    """This goes through no process."""

    status, title_pl = 404, "Tu nie toczy się żaden proces"


class StepOutOfOrder(Problem):
    """Other steps come before this one."""

    status, title_pl = 409, "Ten krok poprzedzają inne kroki"


class StepAlreadyRecorded(Problem):
    """This step, or an alternative to it, is already recorded."""

    status, title_pl = 409, "Ten krok albo krok alternatywny jest już zapisany"
    constraint = "uq_process_run_steps_outcome"


class StepNotRecorded(Problem):
    """This step is not recorded, so there is nothing to take back."""

    status, title_pl = 409, "Ten krok nie jest zapisany, więc nie ma czego wycofać"


class ProcessEnded(Problem):
    """The process has ended; no step follows."""

    status, title_pl = 409, "Proces się zakończył; nie ma już kolejnych kroków"


class AgreementNotFound(Problem):
    """There is no such agreement."""

    status, title_pl = 404, "Nie ma takiego porozumienia"


class AgreementVersionNotFound(Problem):
    """The agreement has no text of this number."""

    status, title_pl = 404, "Porozumienie nie ma tekstu o tym numerze"


class AgreementIncomplete(Problem):
    """Something that signing needs is missing."""

    status, title_pl = 409, "Porozumienie nie jest gotowe do podpisania"


class NotAnOpenDocument(Problem):
    """Nobody joins an agreement of this kind once it is signed."""

    status, title_pl = (
        409,
        "Do podpisanego porozumienia tego rodzaju nie można już przystąpić",
    )


class SignatoryNotFound(Problem):
    """There is no such party of this agreement."""

    status, title_pl = 404, "To porozumienie nie ma takiej strony"


class AlreadySignatory(Problem):
    """This party is one already."""

    status, title_pl = 409, "Ta strona już jest stroną porozumienia"
    constraint = "uq_agreement_signatories_party"


class NetworkNotFound(Problem):
    """There is no such support network."""

    status, title_pl = 404, "Nie ma takiej sieci wsparcia"


class NetworkAlreadyOpen(Problem):
    """The county has an open support network."""

    status, title_pl = 409, "Powiat ma już otwartą sieć wsparcia"
    constraint = "uq_networks_open"


class NetworkClosed(Problem):
    """The support network is closed."""

    status, title_pl = 409, "Sieć wsparcia jest zamknięta"


class NetworkRuleNotFound(Problem):
    """There is no such rule of this network."""

    status, title_pl = 404, "Ta sieć nie ma takiej zasady"


class RuleCodeAlreadyUsed(Problem):
    """The network has a rule of this code."""

    status, title_pl = 409, "Sieć ma już zasadę o tym kodzie"
    constraint = "uq_network_rules_code"


class MembershipNotFound(Problem):
    """There is no such membership of this network."""

    status, title_pl = 404, "Ta sieć nie ma takiego członkostwa"


class InstitutionAlreadyProposed(Problem):
    """The institution was proposed for this network before."""

    status, title_pl = 409, "Instytucję zgłoszono już do tej sieci"
    constraint = "uq_network_memberships_institution"


class RuleNotMet(Problem):
    """The decision cannot rest on this rule."""

    status, title_pl = 409, "Decyzja nie może opierać się na tej zasadzie"


class RuleStillMet(Problem):
    """The rule that included this member still holds: there is nothing to give notice of."""

    status, title_pl = (
        409,
        "Zasada, według której włączono tego członka, nadal jest spełniona: nie ma o czym zawiadamiać",
    )


class MembershipNoticeNotFound(Problem):
    """There is no such notice to this member."""

    status, title_pl = 404, "Nie ma takiego zawiadomienia tego członka"


class BodyNotFound(Problem):
    """There is no such body of cooperation."""

    status, title_pl = 404, "Nie ma takiego organu współpracy"


class BodyAlreadyFounded(Problem):
    """There is an open body of this kind in this commune, county or voivodeship."""

    status, title_pl = (
        409,
        "W tej gminie, tym powiecie lub województwie działa już organ tego rodzaju",
    )
    constraint = "uq_bodies_open"


class BodyDissolved(Problem):
    """The body is dissolved."""

    status, title_pl = 409, "Ten organ został rozwiązany"


class MemberNotFound(Problem):
    """There is no such member of this body."""

    status, title_pl = 404, "Ten organ nie ma takiego członka"


class AlreadyMember(Problem):
    """This person has a seat in this body."""

    status, title_pl = 409, "Ta osoba zasiada już w tym organie"
    constraint = "uq_body_members_subject"


class MeetingNotFound(Problem):
    """There is no such meeting of this body."""

    status, title_pl = 404, "Ten organ nie ma takiego spotkania"


class CommuniqueNotFound(Problem):
    """There is no such communiqué of this body."""

    status, title_pl = 404, "Ten organ nie ma takiego komunikatu"


class ConditionsNotMet(Problem):
    """Something that this step needs is missing."""

    status, title_pl = 409, "Warunki tego kroku nie są spełnione"


class ProgrammeNotFound(Problem):
    """There is no such programme."""

    status, title_pl = 404, "Nie ma takiego programu"


class ProgrammeAlreadyKnown(Problem):
    """There is a programme of this code already."""

    status, title_pl = 409, "Program o tym kodzie już istnieje"
    constraint = "pk_programmes"


class SiteNotFound(Problem):
    """There is no such site."""

    status, title_pl = 404, "Nie ma takiego miejsca realizacji"


class SiteAlreadyOpen(Problem):
    """This county takes part with this implementer already."""

    status, title_pl = 409, "Ten powiat uczestniczy już w programie z tym realizatorem"
    constraint = "uq_sites_open_county"


class CommuneAlreadyOpen(Problem):
    """This commune takes part already."""

    status, title_pl = 409, "Ta gmina uczestniczy już w programie"
    constraint = "uq_sites_open_commune"


class AgreementNotUsable(Problem):
    """The agreement is not one that can carry this site."""

    status, title_pl = 409, "To porozumienie nie może być podstawą udziału w programie"


class ScopeDecisionNotFound(Problem):
    """There is no such decision of this site."""

    status, title_pl = 404, "To miejsce realizacji nie ma takiej decyzji"


class ScopeNotDecided(Problem):
    """The scope is not decided until both parties have signed."""

    status, title_pl = (
        409,
        "Zakres nie jest ustalony, dopóki obie strony nie podpiszą decyzji",
    )


class SamePersonSigned(Problem):
    """Two persons sign, one for each party."""

    status, title_pl = 409, "Podpisują dwie osoby, po jednej za każdą stronę"


class PublicDocumentNotFound(Problem):
    """There is no such document."""

    status, title_pl = 404, "Nie ma takiego dokumentu"


class DocumentVersionNotFound(Problem):
    """There is no such version of this document, or none that the caller may see."""

    status, title_pl = (
        404,
        "Ten dokument nie ma takiej wersji albo nie jest ona dostępna",
    )


class DocumentFileNotFound(Problem):
    """The file of this version was not sent yet."""

    status, title_pl = 404, "Pliku tej wersji jeszcze nie przesłano"


class DocumentFileMissing(Problem):
    """A version is adopted with its file: send that first."""

    status, title_pl = 409, "Wersję przyjmuje się z plikiem: najpierw prześlij plik"


class DocumentFileAlreadyKept(Problem):
    """This version has its file: another file is another version."""

    status, title_pl = 409, "Ta wersja ma już plik: inny plik to inna wersja"


class LegalActNotFound(Problem):
    """There is no such legal act."""

    status, title_pl = 404, "Nie ma takiego aktu prawnego"


class LegalActAlreadyKnown(Problem):
    """This provision of this act, from this day, is already in the catalogue."""

    status, title_pl = 409, "Ten przepis tego aktu, od tego dnia, jest już w wykazie"
    constraint = "uq_legal_acts_provision"


class RegisterReportNotFound(Problem):
    """There is no such yearly report, or none that the caller may see."""

    status, title_pl = (
        404,
        "Nie ma takiego sprawozdania rocznego albo nie jest ono dostępne",
    )


class RegisterReportAlreadyRecorded(Problem):
    """This register's entry of the entity for the year is already recorded."""

    status, title_pl = (
        409,
        "Wpis tego rejestru o podmiocie za ten rok jest już zapisany",
    )
    constraint = "uq_register_reports_entity"


class AppointmentNotFound(Problem):
    """There is no such appointment."""

    status, title_pl = 404, "Nie ma takiego powołania"


class AlreadyAppointed(Problem):
    """This person holds this role at this site at that time already."""

    status, title_pl = (
        409,
        "Ta osoba pełni już w tym czasie tę rolę w tym miejscu realizacji",
    )


class CoordinatorAlreadyAppointed(Problem):
    """This site has a cross-sector support coordinator at that time already."""

    status, title_pl = (
        409,
        "To miejsce realizacji ma już w tym czasie koordynatora wsparcia międzysektorowego",
    )
    constraint = "uq_appointments_open_coordinator"


class AnimatorsComplete(Problem):
    """This location has all its animators at that time already."""

    status, title_pl = 409, "Ta lokalizacja ma już w tym czasie wszystkich animatorów"


class NotCoordinatingInstitution(Problem):
    """The institution is not the coordinating one of this county on that day."""

    status, title_pl = (
        409,
        "Ta instytucja nie jest w tym dniu instytucją koordynującą powiatu",
    )
