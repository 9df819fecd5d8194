"""What to do about a refusal of training, in words."""

from collections.abc import Mapping

_ADD_MISSING = (
    "See to what is missing, then try again.",
    "Uzupełnij braki i spróbuj ponownie.",
)
_OTHER_CODE = ("Choose another code.", "Wybierz inny kod.")
_OTHER_ACCOUNT = (
    "Check the account, or take it from the other person first.",
    "Sprawdź konto albo najpierw odłącz je od tamtej osoby.",
)
_OTHER_PERSON = (
    "Ask another authorised person to decide.",
    "Poproś o decyzję inną uprawnioną osobę.",
)
_CHANGE_IT = ("Change what is recorded.", "Zmień to, co już zapisano.")
ADVICE: Mapping[str, tuple[str, str]] = {
    "training-programme-already-known": _OTHER_CODE,
    "mixed-module": (
        "Move the topics of the test into a module of their own.",
        "Przenieś tematy dotyczące testu do osobnego modułu.",
    ),
    "programme-version-incomplete": _ADD_MISSING,
    "programme-version-superseded": (
        "Work with the version that was agreed last.",
        "Pracuj na ostatnio uzgodnionej wersji.",
    ),
    "review-incomplete": (
        "Have the version reviewed, and accept or reject what `undecided` names.",
        "Zleć recenzję wersji oraz przyjmij lub odrzuć zalecenia z `undecided`.",
    ),
    "same-person-agreed": (
        "Let somebody of the other party agree.",
        "Drugą stronę musi reprezentować inna osoba.",
    ),
    "partner-already-known": (
        "Change the partner of this name.",
        "Zmień wpis partnera o tej nazwie.",
    ),
    "partner-not-eligible": _ADD_MISSING,
    "material-file-already-kept": (
        "Record a new version of the material and send its file.",
        "Zapisz nową wersję materiału i prześlij jej plik.",
    ),
    "test-only-material": (
        "Choose a module of the test, or another material.",
        "Wybierz moduł dotyczący testu albo inny materiał.",
    ),
    "trainer-account-taken": _OTHER_ACCOUNT,
    "trainee-account-taken": _OTHER_ACCOUNT,
    "trainee-already-registered": (
        "Change the trainee who is recorded.",
        "Zmień dane zapisanego uczestnika.",
    ),
    "trainee-enrolled": (
        "Withdraw the enrolment first, or leave these facts as they are.",
        "Najpierw wycofaj zgłoszenie albo pozostaw te dane bez zmian.",
    ),
    "programme-not-agreed": (
        "Have both parties agree to a version first.",
        "Najpierw obie strony muszą uzgodnić wersję programu.",
    ),
    "group-code-taken": (
        "Choose another designation of the group.",
        "Wybierz inne oznaczenie grupy.",
    ),
    "not-eligible": (
        "See what the programme asks for, and enrol somebody who has it.",
        "Sprawdź warunki programu i zapisz osobę, która je spełnia.",
    ),
    "dates-overlap": (
        "Choose a group on other days.",
        "Wybierz grupę, której zajęcia odbywają się w innych terminach.",
    ),
    "trainee-already-enrolled": _CHANGE_IT,
    "team-too-small": (
        "Give a reason, or enrol another member of the team.",
        "Podaj powód albo zapisz jeszcze jedną osobę z zespołu.",
    ),
    "group-not-ready": _ADD_MISSING,
    "session-conflict": (
        "Choose another time, trainer or room.",
        "Wybierz inny termin, innego trenera albo inną salę.",
    ),
    "module-minutes-exceeded": (
        "Plan a shorter session, or shorten another one of the module.",
        "Zaplanuj krótsze zajęcia albo skróć inne zajęcia tego modułu.",
    ),
    "session-begun": (
        "Change sessions that are still to come.",
        "Zmieniaj tylko zajęcia, które się jeszcze nie rozpoczęły.",
    ),
    "session-not-begun": (
        "Record attendance once the session has begun.",
        "Zapisz obecność po rozpoczęciu zajęć.",
    ),
    "session-not-over": (
        "Try again when the session is over.",
        "Spróbuj ponownie po zakończeniu zajęć.",
    ),
    "session-without-group": ("Choose a session of a group.", "Wybierz zajęcia grupy."),
    "attendance-incomplete": (
        "Record the attendance of everybody in `missing`, then sign the list.",
        "Zapisz obecność każdej osoby z `missing`, a potem podpisz listę.",
    ),
    "outreach-metric-already-recorded": _CHANGE_IT,
    "authority-not-eligible": (
        "Check the authority and the programme, and see to what is missing.",
        "Sprawdź jednostkę i program oraz uzupełnij braki.",
    ),
    "authority-already-recruited": _CHANGE_IT,
    "task-team-full": (
        "Let somebody leave the team first.",
        "Najpierw usuń kogoś z zespołu.",
    ),
    "already-in-task-team": _CHANGE_IT,
    "diagnosis-incomplete": _ADD_MISSING,
    "submitter-decides": _OTHER_PERSON,
    "strategic-plan-already-begun": (
        "Go on with the plan that is there.",
        "Kontynuuj pracę nad istniejącym planem.",
    ),
    "strategic-plan-incomplete": _ADD_MISSING,
    "outside-advisory-window": (
        "Choose a day within these twelve months.",
        "Wybierz dzień w ciągu tych dwunastu miesięcy.",
    ),
    "check-in-already-begun": (
        "Go on with the check-in of this period.",
        "Kontynuuj sprawozdanie za ten okres.",
    ),
    "check-in-too-early": (
        "Wait until the period has begun, or is over.",
        "Poczekaj na początek albo koniec okresu.",
    ),
    "authority-not-ready": _ADD_MISSING,
    "good-practice-incomplete": _ADD_MISSING,
    "described-by-authority": (
        "Ask somebody of the task team to describe the practice.",
        "Poproś o opis osobę z zespołu zadaniowego.",
    ),
    "group-validator-named": _CHANGE_IT,
    "outcome-validated": (
        "Correct the validation that is there.",
        "Popraw istniejącą walidację.",
    ),
    "certificate-stands": (
        "Revoke the certificate, then change what it rests on.",
        "Unieważnij certyfikat, a potem zmień to, na czym się opiera.",
    ),
    "certificate-issued": (
        "Give out the certificate that is there, or revoke it first.",
        "Wydaj istniejący certyfikat albo najpierw go unieważnij.",
    ),
    "certificate-not-earned": (
        "Record attendance and validations that are missing.",
        "Zapisz brakujące obecności i walidacje.",
    ),
    "budget-already-made": (
        "Change the budget of this programme.",
        "Zmień budżet tego programu.",
    ),
    "indicator-already-set": _OTHER_CODE,
    "indicator-value-already-reported": _CHANGE_IT,
    "conference-not-over": (
        "Try again when the conference is over.",
        "Spróbuj ponownie po zakończeniu konferencji.",
    ),
    "registration-closed": (
        "See when registration is open.",
        "Sprawdź, kiedy zapisy są otwarte.",
    ),
    "already-registered": (
        "There is nothing to do: the registration stands.",
        "Nie trzeba nic robić: zapis jest ważny.",
    ),
    "survey-not-closed": (
        "Ask for the results once the survey has closed.",
        "Sprawdź wyniki po zamknięciu ankiety.",
    ),
    "survey-answered": (
        "There is nothing to do: the answers are counted.",
        "Nie trzeba nic robić: odpowiedzi są już policzone.",
    ),
    "first-stage-missing": (
        "Report the focus group of stage one first.",
        "Najpierw opisz grupę fokusową pierwszego etapu.",
    ),
    "make-up-not-possible": (
        "Choose another session to make up for, or see to what is missing.",
        "Wybierz inne zajęcia do odrobienia albo uzupełnij braki.",
    ),
    "conference-not-begun": (
        "Record who came on the day in `begins_on` or later.",
        "Zapisz obecność w dniu podanym w `begins_on` albo później.",
    ),
    "conference-retention-rule-overlaps": (
        "End the other rule, or let this one begin after it.",
        "Zakończ tamtą regułę albo ustal późniejszy początek tej.",
    ),
    "conference-retention-rule-missing": (
        "Add a rule that holds on that day, or choose another day.",
        "Dodaj regułę, która obowiązuje w tym dniu, albo wybierz inny dzień.",
    ),
}
