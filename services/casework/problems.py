"""The refusals of casework that are not refusals of the chassis."""

from collections.abc import Mapping
from typing import ClassVar

from services.casework.advice import ADVICE, MISSING
from services.chassis.ground.problems import Problem, Unavailable
from services.chassis.wording.refusals import add_advice, add_missing, add_words

add_advice(ADVICE)
add_missing(MISSING)
# One file however long: docs/decisions/0007-catalogue-of-refusals.md.
add_words(
    {
        "in_future": ("lies in the future", "przypada w przyszłości"),
        "in_past": ("lies in the past", "przypada w przeszłości"),
        "outside_pregnancy": (
            "does not go with the day of the expected birth",
            "nie zgadza się z dniem spodziewanego porodu",
        ),
        "outside_county": ("lies in another county", "leży w innym powiecie"),
        "before_of_age": (
            "comes before the person is of age",
            "poprzedza pełnoletność tej osoby",
        ),
        "of_age": (
            "comes when the person is of age already",
            "przypada po uzyskaniu pełnoletności przez tę osobę",
        ),
        "may_not_act": (
            "does not act for the child on that day",
            "nie działa w imieniu dziecka w tym dniu",
        ),
        "contradicts": ("contradicts another field", "jest sprzeczne z innym polem"),
        "before_opening": (
            "lies before the case was opened",
            "przypada przed otwarciem sprawy",
        ),
        "after_closing": (
            "lies after the case was closed",
            "przypada po zamknięciu sprawy",
        ),
        "too_many": ("are more than allowed", "jest ich zbyt wiele"),
        "too_few": ("are fewer than required", "jest ich zbyt mało"),
        "too_long_ago": ("lies too long ago", "przypada zbyt dawno temu"),
        "exactly_one": (
            "excludes another field: give exactly one of them",
            "wyklucza inne pole: podaj dokładnie jedno z nich",
        ),
        "both_or_neither": (
            "goes with another field: give both or neither",
            "wymaga drugiego pola: podaj oba albo żadne",
        ),
        "not_appealable": (
            "is of a kind that cannot be appealed from",
            "jest dokumentem, od którego nie ma odwołania",
        ),
        "not_delivered": ("comes before the delivery", "poprzedza doręczenie"),
        "too_late": ("is too late", "jest po terminie"),
        "damaged": ("cannot be read", "jest uszkodzone i nie można tego odczytać"),
        "encrypted": ("is encrypted", "jest zaszyfrowane"),
        "several_kinds": (
            "is a file of several kinds at once",
            "jest plikiem kilku rodzajów naraz",
        ),
    }
)


# One refusal for both cases: a separate one for what the caller may not see would
# reveal that it exists.
class PersonNotFound(Problem):
    """There is no such person, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiej osoby lub jest niedostępna"


class PersonAlreadyRegistered(Problem):
    """Somebody with this number is registered in this county already: see `person_id`."""

    status, title_pl = (
        409,
        "Osoba o tym numerze jest już zapisana w tym powiecie: zob. `person_id`",
    )
    constraint = "uq_people_pesel_in_county"


class ProcessingRestricted(Problem):
    """Processing of this person's data is restricted: nothing is changed or sent (GDPR,
    art. 18).
    """

    status = 423
    constraint = "keep_restricted"
    title_pl = "Przetwarzanie danych tej osoby jest ograniczone: niczego się nie zmienia ani nie wysyła (RODO, art. 18)"


class GuardianshipNotFound(Problem):
    """There is no such guardianship, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego wpisu o opiece lub jest niedostępny"


class GuardianshipRuns(Problem):
    """This person acts for this child already: end that guardianship first."""

    status, title_pl = (
        409,
        "Ta osoba już działa w imieniu tego dziecka: najpierw zakończ tę opiekę",
    )
    constraint = "uq_guardianships_guardian_of_child"


class AccountNotFound(Problem):
    """There is no such account, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego konta lub jest niedostępne"


class AccountNotPossible(Problem):
    """Only a guardian, or a pupil of at least 13 years, may have an account."""

    status, title_pl = (
        409,
        "Konto może mieć tylko opiekun albo uczeń, który ukończył 13 lat",
    )


class AccountAlreadyJoined(Problem):
    """This account is joined to a person of that county already."""

    status, title_pl = 409, "To konto jest już połączone z osobą w tym powiecie"
    constraint = "uq_accounts_subject_in_county"


class AccountCodeNotFound(Problem):
    """There is no such code, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego kodu lub jest niedostępny"


# The same text for all causes: somebody who guesses must not learn which codes exist.
class AccountCodeRefused(Problem):
    """This code joins nothing: it was mistyped, used, replaced by a newer one, or is too old."""

    status = 422
    title_pl = "Ten kod niczego nie łączy: jest błędny, użyty, zastąpiony nowszym albo zbyt stary"
    missed = "join_account"


class HouseholdNotFound(Problem):
    """There is no such household, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego gospodarstwa domowego lub jest niedostępne"


class HouseholdMemberNotFound(Problem):
    """There is no such member of this household."""

    status, title_pl = 404, "To gospodarstwo domowe nie ma takiego członka"


class AlreadyInHousehold(Problem):
    """This person lives in this household already."""

    status, title_pl = 409, "Ta osoba należy już do tego gospodarstwa domowego"
    constraint = "uq_household_members_person_in_household"


class MergeNotFound(Problem):
    """There is no such merge, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego połączenia zapisów lub jest niedostępne"


class MergeAlreadyProposed(Problem):
    """A merge of this record is proposed or done already."""

    status, title_pl = (
        409,
        "Połączenie tego zapisu jest już zaproponowane albo wykonane",
    )
    constraint = "uq_merges_merged_id"


class MergeBlocked(Problem):
    """The two records cannot become one as they stand: see `in_the_way`."""

    status, title_pl = (
        409,
        "Tych dwóch zapisów nie można połączyć w obecnym stanie: zob. `in_the_way`",
    )


class ProposerDecides(Problem):
    """Whoever proposed this does not accept it: another person decides."""

    status, title_pl = (
        409,
        "Kto to zaproponował, ten nie zatwierdza: decyduje inna osoba",
    )


class ConsentNotFound(Problem):
    """There is no such consent, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiej zgody lub jest niedostępna"


class ConsentRequired(Problem):
    """No consent and no other basis lets this recipient see this: see `missing`."""

    status = 403
    title_pl = "Żadna zgoda ani inna podstawa nie pozwala temu odbiorcy tego poznać: zob. `missing`"


class CaseNotFound(Problem):
    """There is no such case, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiej sprawy lub jest niedostępna"


class CaseAlreadyOpen(Problem):
    """This child has an open case already, or one that waits for another county."""

    status, title_pl = (
        409,
        "To dziecko ma już otwartą sprawę lub czeka ona na inny powiat",
    )
    constraint = "uq_cases_pending_of_person"


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

    status, title_pl = 404, "Nie ma takiego planu lub jest niedostępny"


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


class ReviewNotFound(Problem):
    """The plan has no such review."""

    status, title_pl = 404, "Plan nie ma takiego przeglądu"


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
    title_pl = "Wskazana osoba nie działa w imieniu dziecka albo nie możesz zapisać jej podpisu"


class DoesNotActForChild(Problem):
    """You see what is kept of this person, and do not act for them."""

    status = 403
    title_pl = "Widzisz dane tej osoby, ale nie działasz w jej imieniu"


class DocumentUnavailable(Unavailable):
    """The document cannot be made at the moment."""

    title_pl = "Nie można teraz przygotować dokumentu"


class RegistrySilent(Unavailable):
    """The registry does not answer at the moment, and nothing is guessed: try again."""

    title_pl = "Rejestr chwilowo nie odpowiada: spróbuj ponownie"


class ServiceNotSuitable(Problem):
    """The support service is not for this child, or not offered now: see `reasons`."""

    status = 409
    title_pl = "Ta usługa wsparcia nie odpowiada potrzebom dziecka albo nie jest teraz oferowana: zob. `reasons`"


class NoPlaceLeft(Problem):
    """The support service has no free place."""

    status, title_pl = 409, "Ta usługa wsparcia nie ma wolnych miejsc"


class NoLeadCentre(Problem):
    """This county has no lead coordination centre (WOKRO) today."""

    status, title_pl = 409, "Ten powiat nie ma dziś ośrodka wiodącego (WOKRO)"


class ReferralNotFound(Problem):
    """There is no such referral, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego skierowania lub jest niedostępne"


class DocumentNotFound(Problem):
    """There is no such document, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego dokumentu lub jest niedostępny"


class DocumentAlreadyRecorded(Problem):
    """A document of this kind, issuer and number is recorded for this person already."""

    status, title_pl = (
        409,
        "Ta osoba ma już taki dokument: tego rodzaju, wystawcy i o tym numerze",
    )
    constraint = "uq_documents_number_of_issuer"


class AttachmentNotFound(Problem):
    """The document has no such attachment."""

    status, title_pl = 404, "Dokument nie ma takiego załącznika"


class AssessmentNotFound(Problem):
    """There is no such assessment, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiej oceny lub jest niedostępna"


class NotOwnAssessment(Problem):
    """Somebody else made this assessment: only its assessor may do this."""

    status = 403
    title_pl = "Tę ocenę sporządził ktoś inny: ta czynność należy do jej autora"


class AssessmentNotReady(Problem):
    """The assessment is not ready for this: see `missing`."""

    status, title_pl = 409, "Ocena nie jest na to gotowa: zob. `missing`"


class ChainStepNotDue(Problem):
    """This step of the lead coordination centre is not due: see `state`, and `due` for
    the one that is.
    """

    status = 409
    title_pl = "Na ten krok ośrodka nie przyszła jeszcze kolej: zob. `state`, a kolejny krok w `due`"


class CalendarFeedNotFound(Problem):
    """There is no such calendar feed, or it was revoked."""

    status, title_pl = 404, "Nie ma takiego kalendarza albo go unieważniono"


class CaseTransferNotFound(Problem):
    """There is no such transfer, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego przekazania lub jest niedostępne"


class TransferAlreadyProposed(Problem):
    """This case is being handed over already."""

    status, title_pl = 409, "Ta sprawa jest już przekazywana"
    constraint = "uq_case_transfers_case_id"


class PersonMoved(Problem):
    """Another county answers for this person by now."""

    status, title_pl = 409, "Za tę osobę odpowiada już inny powiat"
    constraint = "county_of_person"


class SupportEventNotFound(Problem):
    """There is no such support event, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego zapisu wsparcia lub jest niedostępny"


class RunningBodyConsentRequired(Problem):
    """So many hours of early support in a month need the running body's consent: see `missing`."""

    status = 409
    title_pl = "Tyle godzin wczesnego wspomagania w miesiącu wymaga zgody organu prowadzącego: zob. `missing`"


class NotTheOrganiser(Problem):
    """Early support of a child is given by the one institution that organises it: see `missing`."""

    status = 409
    title_pl = "Wczesne wspomaganie dziecka prowadzi jedna instytucja, która je organizuje: zob. `missing`"


class MonitoringReportNotFound(Problem):
    """There is no such report, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego sprawozdania lub jest niedostępne"


class ReportOutOfOrder(Problem):
    """The county has a report of this period or a later one: the next begins after
    `last_ends_on`.
    """

    status = 409
    title_pl = "Powiat ma już sprawozdanie za ten albo późniejszy okres: następne zaczyna się po `last_ends_on`"


class MonitoringReportNotReady(Problem):
    """The report is not ready for this: see `missing`."""

    status, title_pl = 409, "Sprawozdanie nie jest na to gotowe: zob. `missing`"


class DecidedByAuthor(Problem):
    """Whoever wrote or submitted a report does not decide on it: another person does."""

    status = 403
    title_pl = "O sprawozdaniu nie decyduje jego autor ani osoba, która je złożyła: robi to ktoś inny"


class WithholdingNotFound(Problem):
    """There is no such withholding, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego wstrzymania lub jest niedostępne"


class OwnDecision(Problem):
    """Whoever began this does not decide on it: somebody else does."""

    status = 403
    title_pl = "Kto to rozpoczął, ten o tym nie rozstrzyga: robi to inna osoba"


class StepUpRequired(Problem):
    """Log in again for this: the last login is older than `max_age` seconds, or the
    token does not tell it.
    """

    status = 403
    title_pl = "Zaloguj się ponownie: ostatnie logowanie jest starsze niż `max_age` sekund albo token go nie podaje"
    # RFC 9470: tells the client which login would be enough.
    headers: ClassVar[Mapping[str, str]] = {
        "www-authenticate": 'Bearer error="insufficient_user_authentication", max_age=300'
    }


# Counted by `missed`, and the same for erased people, so that ids cannot be probed.
class NobodyToOpen(Problem):
    """There is nobody with this id whose records could be opened."""

    status, title_pl = (
        404,
        "Nie ma nikogo o tym identyfikatorze, czyje dane można otworzyć",
    )
    missed: ClassVar[str | None] = "open_break_glass"


class BreakGlassNotFound(Problem):
    """There is no such emergency access, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego dostępu awaryjnego lub jest niedostępny"


class BreakGlassAlreadyOpen(Problem):
    """These records are open to the caller until `ends_at`; the time is not prolonged."""

    status = 409
    title_pl = "Masz dostęp do tych danych do `ends_at`; tego czasu się nie przedłuża"


class BreakGlassUnreviewed(Problem):
    """An earlier emergency access of the caller has waited for its review for too long:
    no other is opened before.
    """

    status = 409
    title_pl = "Wcześniejszy dostęp awaryjny zbyt długo czeka na ocenę: przed nią nie otwiera się kolejnego"


# GDPR, art. 17(3)(e): no erasure while legal claims need the records.
class LegalHoldPlaced(Problem):
    """The records of this person are kept for a proceeding: they are not erased."""

    status, title_pl = (
        423,
        "Dane tej osoby są zachowane na potrzeby postępowania: nie usuwa się ich",
    )


class LegalHoldNotFound(Problem):
    """There is no such legal hold, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego zabezpieczenia danych lub jest niedostępne"


class DataSubjectRequestNotFound(Problem):
    """There is no such request, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego wniosku lub jest niedostępny"


class CopyNotReleased(Problem):
    """This request gives out no copy: it does not ask for access, or nobody has fulfilled it."""

    status = 409
    title_pl = "Ten wniosek nie daje prawa do kopii: nie dotyczy dostępu albo jeszcze go nie spełniono"


class TooLateToExtend(Problem):
    """The time for the answer is over: whoever asked had to be told before."""

    status, title_pl = (
        409,
        "Czas na odpowiedź minął: wnioskodawcę trzeba było zawiadomić wcześniej",
    )


class RetentionRuleNotFound(Problem):
    """There is no such retention rule, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiej reguły przechowywania lub jest niedostępna"


class RetentionRuleOverlaps(Problem):
    """Another rule about the same records holds at that time: end it first."""

    status, title_pl = (
        409,
        "W tym czasie obowiązuje inna reguła dla tych samych danych: najpierw ją zakończ",
    )


class RetentionRunNotFound(Problem):
    """There is no such retention run, or none that the caller may see."""

    status, title_pl = 404, "Nie ma takiego przeglądu danych lub jest niedostępny"


class RetentionRunNotDue(Problem):
    """The day of this run has not come yet."""

    status, title_pl = 409, "Dzień tego przeglądu jeszcze nie nadszedł"


# 403, not 404: both parties see the referral, and one of them may not do this.
class ForReceiverOnly(Problem):
    """Only whoever was asked answers a referral: the county inbound ones, the
    institution outbound ones.
    """

    status = 403
    title_pl = "Na skierowanie odpowiada tylko ten, do kogo trafiło: powiat na przychodzące, placówka na wychodzące"


class ForSenderOnly(Problem):
    """Only whoever sent a referral withdraws it."""

    status, title_pl = 403, "Skierowanie wycofuje tylko ten, kto je wysłał"


class AlreadyIdentified(Problem):
    """It is known already whom this referral is about."""

    status, title_pl = 409, "Wiadomo już, kogo dotyczy to skierowanie"
