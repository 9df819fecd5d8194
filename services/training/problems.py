"""The problems of training, in addition to those of the chassis."""

from services.chassis.ground.problems import Problem, Unavailable
from services.chassis.wording.refusals import add_advice, add_missing, add_words
from services.training.advice import ADVICE
from services.training.missing import MISSING

add_advice(ADVICE)
add_missing(MISSING)
add_words(
    {
        "in_future": ("lies in the future", "przypada w przyszłości"),
        "in_past": ("lies in the past", "przypada w przeszłości"),
        "too_many": ("are more than allowed", "jest ich zbyt wiele"),
        "too_few": ("are fewer than required", "jest ich zbyt mało"),
        "outside_county": ("lies in another county", "leży w innym powiecie"),
        "several_kinds": (
            "is a file of several kinds at once",
            "jest plikiem kilku rodzajów naraz",
        ),
        "outside_dates": (
            "lies outside the days of the group or programme",
            "wykracza poza dni grupy lub programu",
        ),
        "outside_scope": (
            "is outside the caller's reach",
            "jest poza zakresem uprawnień",
        ),
        "not_available": (
            "is not available at that time",
            "jest w tym czasie niedostępne",
        ),
        "erased": (
            "was erased at the person's request",
            "usunięto na żądanie tej osoby",
        ),
        "enrolled": (
            "is enrolled by other facts",
            "zapisano na podstawie innych danych",
        ),
        "wrong_sum": (
            "does not sum to what it is a part of",
            "nie sumuje się do całości",
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


class TrainingProgrammeAlreadyKnown(Problem):
    """There is a programme of training with this code already."""

    status, title_pl = 409, "Program szkoleniowy o tym kodzie już istnieje"
    constraint = "uq_programmes_code"


class ProgrammeVersionNotFound(Problem):
    """There is no such version of a programme."""

    status, title_pl = 404, "Nie ma takiej wersji programu"


class MixedModule(Problem):
    """A module is either of the test alone or reusable outside it, with all its topics."""

    status, title_pl = (
        422,
        "Moduł i jego tematy dotyczą tylko testu albo przydają się także poza nim",
    )


class ProgrammeVersionIncomplete(Problem):
    """Something is missing that a version needs before it is proposed."""

    status, title_pl = 409, "Wersja programu nie jest gotowa do przedstawienia"


class ProgrammeVersionSuperseded(Problem):
    """A later version of the programme has been agreed."""

    status, title_pl = 409, "Uzgodniono już późniejszą wersję programu"


class ReviewIncomplete(Problem):
    """A review is missing, or what it recommends waits to be accepted or rejected."""

    status, title_pl = (
        409,
        "Brakuje recenzji albo jej zalecenia czekają na przyjęcie lub odrzucenie",
    )


class SamePersonAgreed(Problem):
    """Client and contractor are two parties: the same person does not agree for both."""

    status, title_pl = (
        409,
        "Zamawiający i wykonawca to dwie strony: ta sama osoba nie uzgadnia za obie",
    )


class SideNotRepresented(Problem):
    """The caller may agree to a version, but not for this side."""

    status, title_pl = 403, "Uprawnienie nie pozwala uzgadniać za tę stronę"


class PartnerNotFound(Problem):
    """There is no such partner."""

    status, title_pl = 404, "Nie ma takiego partnera"


class PartnerAlreadyKnown(Problem):
    """There is a partner or candidate of this name in the programme already."""

    status, title_pl = 409, "Program ma już partnera lub kandydata o tej nazwie"
    constraint = "uq_partners_name"


class PartnerNotEligible(Problem):
    """Something is missing that a partner of the project needs."""

    status, title_pl = 409, "Kandydat nie spełnia wszystkich wymagań wobec partnera"


class ConceptReviewNotFound(Problem):
    """There is no such review of a programme's version."""

    status, title_pl = 404, "Nie ma takiej recenzji wersji programu"


class ReviewRecommendationNotFound(Problem):
    """This review has no such recommendation."""

    status, title_pl = 404, "Ta recenzja nie ma takiego zalecenia"


class MaterialNotFound(Problem):
    """There is no such material."""

    status, title_pl = 404, "Nie ma takiego materiału szkoleniowego"


class MaterialFileNotFound(Problem):
    """The file of this material has not been sent yet."""

    status, title_pl = 404, "Pliku tego materiału jeszcze nie przesłano"


class MaterialFileAlreadyKept(Problem):
    """This material has its file already: another file is another version of it."""

    status, title_pl = (
        409,
        "Ten materiał ma już plik: inny plik to kolejna wersja materiału",
    )


class TestOnlyMaterial(Problem):
    """A material for the test alone belongs to test-specific modules only."""

    status, title_pl = (
        422,
        "Materiał wyłącznie do testu należy tylko do modułów dotyczących testu",
    )


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

    status, title_pl = 409, "Zespół JST byłby mniejszy, niż wymaga program; podaj powód"


class GroupNotReady(Problem):
    """Something is missing that this step of a group needs."""

    status, title_pl = 409, "Grupa nie jest gotowa do tego kroku"


add_words(
    {
        "outside_group": ("does not train the group", "nie prowadzi tej grupy"),
        "not_of_version": (
            "is not of the group's programme",
            "nie należy do programu grupy",
        ),
        "before_group": (
            "lies before the group's first day",
            "przypada przed pierwszym dniem grupy",
        ),
        "without_place": (
            "has no place at the conference",
            "nie ma miejsca na konferencji",
        ),
        "contradicts_recorded": (
            "is recorded otherwise: correct that",
            "zapisano inaczej: popraw tamten wpis",
        ),
        "unchanged": ("is recorded like that already", "jest już tak zapisane"),
        "not_missed": (
            "attended what this makes up for",
            "uczestniczył w zajęciach, które są odrabiane",
        ),
        "without_seat": (
            "has no seat in the group",
            "nie ma miejsca w grupie",
        ),
        "too_few_seats": (
            "has fewer seats than the group",
            "ma mniej miejsc, niż liczy grupa",
        ),
    }
)


class SessionConflict(Problem):
    """A trainer, the room or people of the group are not free at that time."""

    status, title_pl = 409, "Trener, sala lub uczestnicy są w tym czasie zajęci"


class ModuleMinutesExceeded(Problem):
    """The group's sessions of this module take more minutes than the module has."""

    status, title_pl = (
        409,
        "Zajęcia grupy w tym module przekraczają liczbę jego minut",
    )


class MakeUpNotPossible(Problem):
    """This session cannot make up for that one."""

    status, title_pl = 409, "Te zajęcia nie mogą być odrobieniem tamtych zajęć"


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


add_words(
    {
        "other_authority": (
            "is not of this authority",
            "nie należy do tej jednostki",
        ),
        "without_account": ("has no account", "nie ma konta"),
    }
)


class AuthorityNotEligible(Problem):
    """The authority or the programme lacks what a recruitment needs."""

    status, title_pl = 422, "Jednostka lub program nie spełnia warunków rekrutacji"


class AuthorityAlreadyRecruited(Problem):
    """The authority takes part in this programme already."""

    status, title_pl = 409, "Ta jednostka już uczestniczy w tym programie"
    constraint = "uq_authorities_terc"


class TaskTeamMemberNotFound(Problem):
    """There is no such member of this task team."""

    status, title_pl = 404, "Nie ma takiej osoby w tym zespole zadaniowym"


class TaskTeamFull(Problem):
    """The task team has as many people as it may have."""

    status, title_pl = 409, "Zespół zadaniowy jest już pełny"


class AlreadyInTaskTeam(Problem):
    """This person is in the task team already."""

    status, title_pl = 409, "Ta osoba już należy do zespołu zadaniowego"
    constraint = "uq_task_team_members_trainee_id"


class DiagnosisNotFound(Problem):
    """The authority has no such diagnosis."""

    status, title_pl = 404, "Jednostka nie ma takiej diagnozy"


class DiagnosisIncomplete(Problem):
    """The diagnosis lacks sections."""

    status, title_pl = 409, "Diagnoza jest niepełna"


class SubmitterDecides(Problem):
    """Whoever submitted this may not decide on it."""

    status, title_pl = 409, "Kto to złożył, ten o tym nie rozstrzyga"


class StrategicPlanNotFound(Problem):
    """The authority has no strategic plan."""

    status, title_pl = 404, "Jednostka nie ma planu strategicznego"


class StrategicPlanAlreadyBegun(Problem):
    """The authority has a strategic plan already."""

    status, title_pl = 409, "Jednostka ma już plan strategiczny"
    constraint = "uq_strategic_plans_authority_id"


class StrategicPlanIncomplete(Problem):
    """The strategic plan lacks parts, or leaves recommendations unanswered."""

    status, title_pl = (
        409,
        "Plan jest niepełny albo nie odpowiada na wszystkie zalecenia",
    )


class MeasureNotFound(Problem):
    """The strategic plan has no such measure."""

    status, title_pl = 404, "W planie nie ma takiego działania"


class OutsideAdvisoryWindow(Problem):
    """An authority is advised in the twelve months after its team was trained."""

    status, title_pl = (
        409,
        "Doradztwo trwa dwanaście miesięcy od przeszkolenia zespołu jednostki",
    )


class AdvisoryVisitNotFound(Problem):
    """The authority has no such visit."""

    status, title_pl = 404, "Jednostka nie ma takiej wizyty doradczej"


class ConsultationEventNotFound(Problem):
    """The authority has no such consultation event."""

    status, title_pl = 404, "Jednostka nie ma takiego spotkania konsultacyjnego"


class IndicatorValueNotFound(Problem):
    """The indicator has no such reported value."""

    status, title_pl = 404, "Wskaźnik nie ma takiej podanej wartości"


class CheckInNotFound(Problem):
    """There is no such check-in, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego sprawozdania lub jest niedostępne"


class CheckInAlreadyBegun(Problem):
    """The check-in of this period has been begun already."""

    status, title_pl = 409, "Sprawozdanie za ten okres już rozpoczęto"
    constraint = "uq_check_ins_number"


class CheckInTooEarly(Problem):
    """The period of the check-in has not begun, or is not over yet."""

    status, title_pl = 409, "Okres sprawozdania jeszcze się nie zaczął lub nie skończył"


class AuthorityNotReady(Problem):
    """Something is missing before the authority takes this step."""

    status, title_pl = 409, "Jednostka nie jest gotowa do tego kroku"


class GoodPracticeNotFound(Problem):
    """There is no such good practice, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiej dobrej praktyki lub jest niedostępna"


class GoodPracticeIncomplete(Problem):
    """The description lacks fields of the template."""

    status, title_pl = 409, "Opis jest niepełny: brakuje pól formularza"


class DescribedByAuthority(Problem):
    """A practice of an authority is described by somebody of its task team."""

    status, title_pl = 409, "Praktykę jednostki opisuje osoba z jej zespołu zadaniowego"


class GroupValidatorNotFound(Problem):
    """There is no such validator of this group."""

    status, title_pl = 404, "Ta grupa nie ma takiego walidatora"


class GroupValidatorNamed(Problem):
    """This account is a validator of the group already."""

    status, title_pl = 409, "To konto jest już walidatorem tej grupy"
    constraint = "uq_group_validators_account"


class ValidatorNotIndependent(Problem):
    """Who trains the group, or is trained in it, does not validate its outcomes."""

    status = 403
    title_pl = "Efektów grupy nie waliduje jej trener ani osoba, która się w niej uczy"


class ValidationNotFound(Problem):
    """There is no such validation, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiej walidacji lub jest niedostępna"


class OutcomeValidated(Problem):
    """This outcome of this person is validated already: correct that validation."""

    status = 409
    title_pl = "Ten efekt tej osoby jest już zwalidowany: popraw tamtą walidację"
    constraint = "uq_validations_outcome"


class CertificateStands(Problem):
    """A valid certificate rests on this: revoke it first."""

    status, title_pl = 409, "Opiera się na tym ważny certyfikat: najpierw go unieważnij"


class CertificateNotFound(Problem):
    """There is no such certificate, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego certyfikatu lub jest niedostępny"


class CertificateIssued(Problem):
    """This person has a valid certificate of this group already."""

    status, title_pl = 409, "Ta osoba ma już ważny certyfikat z tej grupy"
    constraint = "uq_certificates_enrolment"


class CertificateNotEarned(Problem):
    """Attendance or outcomes are missing for a certificate."""

    status, title_pl = 409, "Do certyfikatu brakuje obecności lub efektów uczenia się"


class CertificateDocumentUnavailable(Unavailable):
    """The document of the certificate cannot be made at the moment."""

    title_pl = "Nie można teraz przygotować dokumentu certyfikatu"


class CredentialKeysMissing(Unavailable):
    """No key is set with which certificates are signed."""

    title_pl = "Nie ustawiono klucza, którym podpisuje się certyfikaty"


class CredentialKeyNotFound(Problem):
    """There is no such key of the issuer of certificates."""

    status, title_pl = 404, "Wystawca certyfikatów nie ma takiego klucza"


class TooManyNameChecks(Problem):
    """Names were typed too often for this certificate: try again later."""

    status = 429
    title_pl = "Zbyt często sprawdzano nazwiska dla tego certyfikatu: spróbuj później"


class BudgetNotFound(Problem):
    """There is no such budget."""

    status, title_pl = 404, "Nie ma takiego budżetu"


class BudgetAlreadyMade(Problem):
    """This programme has a budget already: change that one."""

    status, title_pl = 409, "Ten program ma już budżet: zmień tamten"
    constraint = "uq_budgets_programme_id"


class IndicatorNotFound(Problem):
    """There is no such indicator."""

    status, title_pl = 404, "Nie ma takiego wskaźnika"


class IndicatorAlreadySet(Problem):
    """This programme has an indicator of this code already."""

    status, title_pl = 409, "Ten program ma już wskaźnik o tym kodzie"
    constraint = "uq_indicators_code"


class PictureUnavailable(Unavailable):
    """The picture cannot be drawn at the moment; as SVG it can."""

    title_pl = "Nie można teraz narysować obrazu PNG; jako SVG można"


class IndicatorValueAlreadyReported(Problem):
    """A value for this day is reported already."""

    status, title_pl = 409, "Wartość na ten dzień jest już podana"
    constraint = "uq_indicator_values_as_of"


add_words(
    {
        "other_programme": (
            "takes no part in this programme",
            "nie uczestniczy w tym programie",
        ),
    }
)


class ConferenceNotFound(Problem):
    """There is no such conference."""

    status, title_pl = 404, "Nie ma takiej konferencji"


class ConferenceNotOver(Problem):
    """The conference is not over yet."""

    status, title_pl = 409, "Konferencja jeszcze się nie skończyła"


class ConferenceNotBegun(Problem):
    """Who came is recorded from the day of the conference on."""

    status, title_pl = 409, "Obecność zapisuje się od dnia konferencji"


class ConferenceRetentionRuleNotFound(Problem):
    """There is no such retention rule of conferences."""

    status, title_pl = 404, "Nie ma takiej reguły przechowywania danych konferencji"


class ConferenceRetentionRuleOverlaps(Problem):
    """Another rule holds on one of these days: end it first."""

    status, title_pl = 409, "W tych dniach obowiązuje inna reguła: najpierw ją zakończ"
    constraint = "ex_conference_retention_rules_days"


class ConferenceRetentionRuleMissing(Problem):
    """No retention rule of conferences holds on that day: add one first."""

    status = 409
    title_pl = (
        "W tym dniu nie obowiązuje żadna reguła przechowywania: najpierw ją dodaj"
    )


class ConferenceRetentionRunNotFound(Problem):
    """There is no such retention run of conferences."""

    status, title_pl = 404, "Nie ma takiego przebiegu usuwania danych konferencji"


class RegistrationClosed(Problem):
    """Nobody can register for the conference at this time."""

    status, title_pl = 409, "W tym czasie nie można zapisać się na konferencję"


class RegistrationNotFound(Problem):
    """There is no such registration, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego zapisu na konferencję lub jest niedostępny"


class AlreadyRegistered(Problem):
    """The caller is registered for this conference already."""

    status, title_pl = 409, "Na tę konferencję już się zapisano"
    constraint = "uq_conference_registrations_account"


class SurveyNotFound(Problem):
    """There is no such survey."""

    status, title_pl = 404, "Nie ma takiej ankiety"


class SurveyNotClosed(Problem):
    """A survey has results once it has closed."""

    status, title_pl = 409, "Ankieta ma wyniki dopiero po zamknięciu"


class SurveyAnswered(Problem):
    """The caller has answered this survey already."""

    status, title_pl = 409, "Na tę ankietę już odpowiedziano"
    constraint = "uq_survey_participations_digest"


class NotAsked(Problem):
    """The survey asks the people of a group or a conference, and not the caller."""

    status, title_pl = 403, "Ankieta jest dla uczestników grupy lub konferencji"


class FocusGroupNotFound(Problem):
    """There is no such focus group."""

    status, title_pl = 404, "Nie ma takiej grupy fokusowej"


class FirstStageMissing(Problem):
    """The second stage follows a first one that was reported in the county."""

    status, title_pl = (
        409,
        "Drugi etap badań następuje po opisanym pierwszym etapie w tym powiecie",
    )
