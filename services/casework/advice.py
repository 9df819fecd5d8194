"""Texts of advice for casework's refusals, and of what is missing."""

from collections.abc import Mapping

_ADD_MISSING = (
    "See to what is missing, then try again.",
    "Uzupełnij braki i spróbuj ponownie.",
)
ADVICE: Mapping[str, tuple[str, str]] = {
    "person-already-registered": (
        "Work with the record in `person_id`, or correct the number.",
        "Pracuj na zapisie wskazanym w `person_id` albo popraw numer.",
    ),
    "guardianship-runs": (
        "End the present guardianship, then record the new one.",
        "Zakończ obecną opiekę, a potem zapisz nową.",
    ),
    "account-not-possible": (
        "Give the code to a guardian of the child.",
        "Przekaż kod opiekunowi dziecka.",
    ),
    "account-already-joined": (
        "End the earlier connection first, or log in with another account.",
        "Najpierw zakończ wcześniejsze połączenie albo zaloguj się na inne konto.",
    ),
    "account-code-refused": (
        "Type it once more, or ask the institution for a new code.",
        "Wpisz kod jeszcze raz albo poproś placówkę o nowy.",
    ),
    "already-in-household": (
        "Change the person's present entry in the household.",
        "Zmień obecny wpis tej osoby w gospodarstwie domowym.",
    ),
    "merge-already-proposed": (
        "Decide on the merge that is there.",
        "Rozstrzygnij o połączeniu, które już zaproponowano.",
    ),
    "merge-blocked": (
        "Clear up what `in_the_way` names, then propose the merge again.",
        "Usuń przeszkody wskazane w `in_the_way` i zaproponuj połączenie ponownie.",
    ),
    "proposer-decides": (
        "Ask another authorised person to decide.",
        "Poproś o decyzję inną uprawnioną osobę.",
    ),
    "case-already-open": (
        "Work in the child's open case.",
        "Pracuj w otwartej sprawie dziecka.",
    ),
    "case-not-ready": _ADD_MISSING,
    "already-in-team": (
        "Change this person's present role in the team.",
        "Zmień obecną rolę tej osoby w zespole.",
    ),
    "goal-in-use": (
        "Lead the recommendation to another goal, or remove it.",
        "Wskaż w zaleceniu inny cel albo usuń zalecenie.",
    ),
    "plan-already-drafted": (
        "Go on with the version that is there.",
        "Dokończ wersję, która już istnieje.",
    ),
    "plan-not-ready": _ADD_MISSING,
    "service-not-suitable": (
        "Choose another support service.",
        "Wybierz inną usługę wsparcia.",
    ),
    "no-place-left": (
        "Choose another support service, or wait for a free place.",
        "Wybierz inną usługę wsparcia albo poczekaj na wolne miejsce.",
    ),
    "no-lead-centre": (
        "Refer to another support service, or ask the county who leads.",
        "Skieruj do innej usługi wsparcia albo zapytaj powiat o wiodący ośrodek.",
    ),
    "document-already-recorded": (
        "Change the recorded document, or check its number.",
        "Zmień zapisany dokument albo sprawdź jego numer.",
    ),
    "assessment-not-ready": _ADD_MISSING,
    "chain-step-not-due": (
        "Take the step in `due` first.",
        "Najpierw wykonaj krok wskazany w `due`.",
    ),
    "transfer-already-proposed": (
        "Wait for the answer of the other county, or withdraw the transfer.",
        "Poczekaj na odpowiedź drugiego powiatu albo wycofaj przekazanie.",
    ),
    "person-moved": (
        "Turn to the county that answers for this person.",
        "Zwróć się do powiatu, który odpowiada za tę osobę.",
    ),
    "consent-required": (
        "A consent or another basis has to cover this recipient and all these data.",
        "Zgoda albo inna podstawa musi obejmować tego odbiorcę i wszystkie te dane.",
    ),
    "running-body-consent-required": (
        "Record the consent, or plan fewer hours in the month.",
        "Zapisz zgodę organu prowadzącego albo zaplanuj w miesiącu mniej godzin.",
    ),
    "not-the-organiser": (
        "Record the institution that organises early support in the case first.",
        "Najpierw zapisz w sprawie instytucję, która organizuje wczesne wspomaganie.",
    ),
    "report-out-of-order": (
        "Begin the period on the day after `last_ends_on`.",
        "Rozpocznij okres od dnia po `last_ends_on`.",
    ),
    "monitoring-report-not-ready": _ADD_MISSING,
    "break-glass-already-open": (
        "Use the access that is open.",
        "Korzystaj z dostępu, który jest otwarty.",
    ),
    "break-glass-unreviewed": (
        "Ask the reviewer to assess the earlier access.",
        "Poproś osobę oceniającą o ocenę wcześniejszego dostępu.",
    ),
    "copy-not-released": (
        "Fulfil a request for access first.",
        "Najpierw spełnij wniosek o dostęp do danych.",
    ),
    "too-late-to-extend": (
        "Answer the request as soon as you can.",
        "Odpowiedz na wniosek jak najszybciej.",
    ),
    "retention-rule-overlaps": (
        "End the other rule, or let this one begin after it.",
        "Zakończ tamtą regułę albo ustal późniejszy początek tej.",
    ),
    "retention-run-not-due": (
        "Wait until its day.",
        "Poczekaj do tego dnia.",
    ),
    "already-identified": (
        "Open the person whom the referral names.",
        "Otwórz dane osoby wskazanej w skierowaniu.",
    ),
    "law-not-known": (
        "Choose a day from `known_from` on.",
        "Wybierz dzień nie wcześniejszy niż `known_from`.",
    ),
}
MISSING: Mapping[str, tuple[str, str]] = {
    "legal_basis": (
        "a consent or another legal basis",
        "zgoda lub inna podstawa prawna",
    ),
    "guardian": ("a guardian", "opiekun"),
    "coordinator": ("a coordinator", "koordynator"),
    "eligibility_document": (
        "a document that entitles to support",
        "dokument uprawniający do wsparcia",
    ),
    "assessment": ("a functional assessment", "ocena funkcjonalna"),
    "team_health": (
        "somebody of the health sector in the team",
        "osoba z sektora zdrowia w zespole",
    ),
    "team_education": (
        "somebody of the education sector in the team",
        "osoba z sektora edukacji w zespole",
    ),
    "team_social_assistance": (
        "somebody of social assistance in the team",
        "osoba z pomocy społecznej w zespole",
    ),
    "approved_plan": ("an approved plan", "zatwierdzony plan"),
    "active_plan": ("a plan that is carried out", "realizowany plan"),
    "review": ("a review of the plan", "przegląd planu"),
    "receiving_county": ("the receiving county", "powiat przyjmujący"),
    "receiving_county_consent": (
        "the consent of the receiving county",
        "zgoda powiatu przyjmującego",
    ),
    "reason": ("a reason", "powód"),
    "goal": ("a goal", "cel"),
    "family_goal": ("a goal for the family", "cel dotyczący rodziny"),
    "recommendation": ("a recommendation", "zalecenie"),
    "guardian_approval": ("a guardian's approval", "akceptacja opiekuna"),
    "team_approval": ("the team's approval", "akceptacja zespołu"),
    "period_over": ("the end of the period", "koniec okresu sprawozdania"),
    "figures_of_whole_period": (
        "figures of the whole period",
        "dane za cały okres",
    ),
    "earlier_report_accepted": (
        "the acceptance of the earlier report",
        "przyjęcie wcześniejszego sprawozdania",
    ),
    "finding": ("a finding", "ustalenie"),
    "strength": ("a strength", "mocna strona"),
    "wokro_track": (
        "the path of the lead centre (WOKRO)",
        "ścieżka ośrodka wiodącego (WOKRO)",
    ),
    "organiser": (
        "the institution that organises early support",
        "instytucja organizująca wczesne wspomaganie",
    ),
    "running_body_consent": (
        "the running body's consent",
        "zgoda organu prowadzącego",
    ),
    "person_id": (
        "whom the referral is about",
        "osoba, której dotyczy skierowanie",
    ),
    "no_open_referrals": (
        "the end of the open referrals",
        "zakończenie otwartych skierowań",
    ),
    # The kinds of data that a basis does not cover; `assessment` is above.
    "identity": ("data on who the person is", "dane identyfikujące osobę"),
    "family": ("data on the family", "dane o rodzinie"),
    "consents": ("data on consents", "dane o zgodach"),
    "referrals": ("data on referrals", "dane o skierowaniach"),
    "case": ("data on the case", "dane o sprawie"),
    "documents": ("documents", "dokumenty"),
    "plan": ("the support plan", "plan wsparcia"),
    "support": ("data on the support given", "dane o udzielonym wsparciu"),
}
