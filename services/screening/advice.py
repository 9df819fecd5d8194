"""What a client can do about each refusal of screening, and the names of missing things."""

from collections.abc import Mapping

# Several refusals give the same advice, so it is written once.
_OTHER_CODE = ("Choose another code.", "Wybierz inny kod.")
_IMPLEMENTER = (
    "Add the implementer to the campaign first, or choose one that it has.",
    "Najpierw dodaj realizatora do kampanii albo wybierz takiego, który w niej jest.",
)
ADVICE: Mapping[str, tuple[str, str]] = {
    "screening-already-recorded": (
        "Change or annul the recorded screening if it is wrong.",
        "Jeśli zapisane badanie jest błędne, popraw je albo unieważnij.",
    ),
    "result-not-available": (
        "Submit the screening first; an annulled one has no result.",
        "Najpierw przekaż badanie; badanie unieważnione nie ma wyniku.",
    ),
    "study-not-ready": (
        "Run the study and wait until its job has ended.",
        "Uruchom obliczenia i poczekaj na zakończenie zadania.",
    ),
    "study-too-small": (
        "Wait for more data, or choose a wider sample.",
        "Poczekaj na więcej danych albo wybierz szerszą próbę.",
    ),
    "sample-too-close": (
        "Wait for more children, or ask exactly as the earlier study did.",
        "Poczekaj na więcej dzieci albo wybierz dokładnie tę samą próbę co wcześniej.",
    ),
    "instrument-already-exists": _OTHER_CODE,
    "norm-set-already-exists": _OTHER_CODE,
    "protocol-already-known": (
        "Add a version to the protocol of this code, or choose another code.",
        "Dodaj wersję do protokołu o tym kodzie albo wybierz inny kod.",
    ),
    "package-not-trusted": (
        "Have the operator add the publisher's key, or take a package that is signed.",
        "Poproś operatora o dodanie klucza wydawcy albo użyj podpisanego pakietu.",
    ),
    "package-already-loaded": (
        "There is nothing to do: the instrument of this package is here.",
        "Nie trzeba nic robić: narzędzie z tego pakietu już tu jest.",
    ),
    "implementer-already-added": (
        "Change the implementer of this code, or choose another code.",
        "Zmień realizatora o tym kodzie albo wybierz inny kod.",
    ),
    "implementer-not-in-campaign": _IMPLEMENTER,
    "target-of-unknown-implementer": _IMPLEMENTER,
    "implementer-elsewhere": (
        "Add the county to the implementer's, or choose another implementer.",
        "Dopisz powiat do powiatów realizatora albo wybierz innego realizatora.",
    ),
    "subject-not-selected": (
        "Select the child for stage two first, or record stage one.",
        "Najpierw zakwalifikuj dziecko do etapu 2 albo zapisz badanie etapu 1.",
    ),
    "stage-two-begun": (
        "Annul the screenings of stage two first.",
        "Najpierw unieważnij badania etapu 2.",
    ),
    "campaign-has-one-stage": (
        "Choose a campaign whose protocol has two stages.",
        "Wybierz kampanię, której protokół ma dwa etapy.",
    ),
    "fhir-status-not-taken": (
        "Send `completed` or `in-progress`; correct and annul under `/screenings`.",
        "Wyślij `completed` albo `in-progress`; poprawia się i unieważnia w `/screenings`.",
    ),
    "instrument-version-not-published": (
        "Publish the version of the instrument first.",
        "Najpierw opublikuj wersję narzędzia.",
    ),
    "result-not-confirmed": (
        "Have an authorised person confirm the result first.",
        "Najpierw wynik musi potwierdzić uprawniona osoba.",
    ),
}
MISSING: Mapping[str, tuple[str, str]] = {
    "another_person": (
        "the confirmation of another person",
        "potwierdzenie innej osoby",
    ),
    "implementer": ("an implementer", "realizator"),
    "run": ("the computation of the study", "obliczenia badania"),
}
