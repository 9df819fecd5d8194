"""What to do about a refusal of the registry, in words."""

from collections.abc import Mapping

ADVICE: Mapping[str, tuple[str, str]] = {
    "institution-closed": (
        "Choose an institution that works, or a day before it closed.",
        "Wybierz instytucję, która działa, albo dzień sprzed jej zamknięcia.",
    ),
    "identifier-already-registered": (
        "Look for the institution by this identifier and change that record.",
        "Wyszukaj instytucję po tym identyfikatorze i zmień jej wpis.",
    ),
    "rspo-already-registered": (
        "Look for the institution by its RSPO number and change that record.",
        "Wyszukaj instytucję po numerze RSPO i zmień jej wpis.",
    ),
    "function-already-held": (
        "End the function of the other institution first, or choose other days.",
        "Najpierw zakończ funkcję tamtej instytucji albo wybierz inne daty.",
    ),
    "support-service-ended": (
        "Choose a service that is still offered.",
        "Wybierz usługę, która jest nadal oferowana.",
    ),
    "service-does-not-fit": (
        "See for whom and when the service is, and choose another one or another day.",
        "Sprawdź, dla kogo i kiedy jest usługa, i wybierz inną usługę lub inny dzień.",
    ),
    "no-free-places": (
        "Choose another service, or ask again when a place is released.",
        "Wybierz inną usługę albo ponów prośbę, gdy zwolni się miejsce.",
    ),
    "newer-state-loaded": (
        "Load the newest file of the register; an older one changes nothing.",
        "Wczytaj najnowszy plik rejestru; starszy niczego nie zmienia.",
    ),
    "step-out-of-order": (
        "Record or take back the steps in `missing` first, or take one that is `allowed`.",
        "Najpierw zapisz albo cofnij kroki z `missing` lub wybierz krok z `allowed`.",
    ),
    "step-already-recorded": (
        "Take the recorded step back first if it is wrong.",
        "Jeśli zapisany krok jest błędny, najpierw go cofnij.",
    ),
    "process-ended": (
        "Take the last step back if the process is to go on.",
        "Jeśli proces ma trwać dalej, cofnij ostatni krok.",
    ),
    "agreement-incomplete": (
        "Add what is missing, then sign.",
        "Uzupełnij braki, a potem podpisz.",
    ),
    "not-an-open-document": (
        "Prepare a new agreement with all its parties.",
        "Przygotuj nowe porozumienie ze wszystkimi stronami.",
    ),
    "already-signatory": (
        "Change the party that is recorded.",
        "Zmień wpis strony, która już jest zapisana.",
    ),
    "network-already-open": (
        "Work in the open network, or close it first.",
        "Pracuj w otwartej sieci albo najpierw ją zamknij.",
    ),
    "network-closed": (
        "Choose the network of the county that is open.",
        "Wybierz otwartą sieć powiatu.",
    ),
    "rule-code-already-used": (
        "Choose another code.",
        "Wybierz inny kod.",
    ),
    "institution-already-proposed": (
        "Decide on the membership that is there already.",
        "Rozstrzygnij o członkostwie, które już istnieje.",
    ),
    "rule-not-met": (
        "Choose a rule that fits, or change what it asks for.",
        "Wybierz zasadę, którą instytucja spełnia, albo uzupełnij to, czego wymaga.",
    ),
    "body-already-founded": (
        "Work with the open body, or dissolve it first.",
        "Pracuj z działającym organem albo najpierw go rozwiąż.",
    ),
    "body-dissolved": (
        "Choose a body that works.",
        "Wybierz organ, który działa.",
    ),
    "already-member": (
        "Change the seat that this person has.",
        "Zmień wpis członkostwa tej osoby.",
    ),
    "conditions-not-met": (
        "See to what is missing, then record the step.",
        "Uzupełnij braki, a potem zapisz krok.",
    ),
    "programme-already-known": (
        "Change the programme of this code, or choose another code.",
        "Zmień program o tym kodzie albo wybierz inny kod.",
    ),
    "site-already-open": (
        "Work with the site that is there, or end its participation first.",
        "Pracuj z istniejącym miejscem realizacji albo najpierw zakończ jego udział.",
    ),
    "commune-already-open": (
        "Work with the site that is there, or end its participation first.",
        "Pracuj z istniejącym miejscem realizacji albo najpierw zakończ jego udział.",
    ),
    "agreement-not-usable": (
        "Choose an agreement of this county that is signed and in force.",
        "Wybierz porozumienie tego powiatu, które jest podpisane i obowiązuje.",
    ),
    "scope-not-decided": (
        "Have both parties sign the decision on the scope first.",
        "Najpierw obie strony muszą podpisać decyzję o zakresie.",
    ),
    "same-person-signed": (
        "Let another person sign for the other party.",
        "Za drugą stronę musi podpisać inna osoba.",
    ),
    "register-report-already-recorded": (
        "Change the entry that is there.",
        "Zmień istniejący wpis.",
    ),
    "already-appointed": (
        "End that appointment first, or choose other days.",
        "Najpierw zakończ tamto powołanie albo wybierz inne daty.",
    ),
    "coordinator-already-appointed": (
        "End the appointment of the present coordinator first.",
        "Najpierw zakończ powołanie obecnego koordynatora.",
    ),
    "animators-complete": (
        "End the appointment of an animator first.",
        "Najpierw zakończ powołanie jednego z animatorów.",
    ),
    "not-coordinating-institution": (
        "Give the institution this function first, or name the one that has it.",
        "Najpierw nadaj tej instytucji tę funkcję albo wskaż tę, która ją pełni.",
    ),
    "step-not-recorded": (
        "Check the recorded steps in `allowed`, and take back one of them.",
        "Sprawdź zapisane kroki w `allowed` i cofnij jeden z nich.",
    ),
    "rule-still-met": (
        "There is nothing to do: the member stays in the network.",
        "Nie trzeba nic robić: członek pozostaje w sieci.",
    ),
    "document-file-missing": (
        "Send the file of this version, then adopt it.",
        "Prześlij plik tej wersji, a potem ją przyjmij.",
    ),
    "document-file-already-kept": (
        "Record a new version of the document and send its file.",
        "Zapisz nową wersję dokumentu i prześlij jej plik.",
    ),
    "legal-act-already-known": (
        "Change the entry that is there, or give the first day of the new wording.",
        "Zmień istniejący wpis albo podaj pierwszy dzień obowiązywania nowego brzmienia.",
    ),
}
