"""The words of a profile in both languages. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from services.screening.instruments.rules.definitions import Better
from services.screening.instruments.rules.numbers import Language
from services.screening.instruments.rules.outcomes import Metric, Outcome

NO_CUT_OFF = "no_cut_off"
"""In place of an outcome for a scale without cut-offs."""
OUTCOMES: Mapping[Language, Mapping[str, str]] = {
    "pl": {
        Outcome.POSITIVE: "zwraca uwagę",
        Outcome.NEGATIVE: "nie zwraca uwagi",
        Outcome.UNDETERMINED: "nierozstrzygnięte",
        NO_CUT_OFF: "bez progu",
    },
    "en": {
        Outcome.POSITIVE: "calls for attention",
        Outcome.NEGATIVE: "does not call for attention",
        Outcome.UNDETERMINED: "undetermined",
        NO_CUT_OFF: "no cut-off",
    },
}


class Words(NamedTuple):
    """All words of one language."""

    form: str
    informant: str
    administered: str
    age: str
    months: tuple[str, str, str]
    not_a_diagnosis: str
    key: str
    metrics: Mapping[Metric, str]
    between: str
    none: str
    cut_off: str
    better: Mapping[Better, str]
    better_end: str
    prorated: str


WORDS: Mapping[Language, Words] = {
    "pl": Words(
        form="Formularz",
        informant="Odpowiada",
        administered="Badanie z dnia",
        age="wiek dziecka",
        months=("miesiąc", "miesiące", "miesięcy"),
        not_a_diagnosis="To badanie przesiewowe, a nie diagnoza.",
        key="Romb to wynik dziecka, linia pionowa – próg,"
        " gruba pozioma – niepewność pomiaru (95%).",
        metrics={
            Metric.RAW: "wynik",
            Metric.Z: "wynik z (średnia 0, odchylenie 1)",
            Metric.T: "wynik T (średnia 50, odchylenie 10)",
            Metric.STEN: "sten",
            Metric.STANINE: "stanin",
            Metric.PERCENTILE: "centyl",
        },
        between="zakres od {low} do {high}",
        none="brak wyniku, odpowiedziano na {answered} z {expected} pytań",
        cut_off="próg",
        better={
            Better.LOWER: "im mniej, tym lepiej",
            Better.HIGHER: "im więcej, tym lepiej",
        },
        better_end="lepiej",
        prorated="Odpowiedziano na {answered} z {expected} pytań,"
        " brakującą część oszacowano.",
    ),
    "en": Words(
        form="Form",
        informant="Answered by",
        administered="Screened on",
        age="age of the child",
        months=("month", "months", "months"),
        not_a_diagnosis="This is a screening, not a diagnosis.",
        key="The diamond is the child's score, a vertical line a cut-off,"
        " a thick horizontal one the error of measurement (95%).",
        metrics={
            Metric.RAW: "score",
            Metric.Z: "z score (mean 0, deviation 1)",
            Metric.T: "T score (mean 50, deviation 10)",
            Metric.STEN: "sten",
            Metric.STANINE: "stanine",
            Metric.PERCENTILE: "percentile",
        },
        between="range from {low} to {high}",
        none="no score, {answered} of {expected} questions were answered",
        cut_off="cut-off",
        better={
            Better.LOWER: "the lower the better",
            Better.HIGHER: "the higher the better",
        },
        better_end="better",
        prorated="{answered} of {expected} questions were answered,"
        " the missing part is estimated.",
    ),
}
