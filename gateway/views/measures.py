"""The figures that a map of counties shows, and what they are called."""

from collections.abc import Mapping
from enum import StrEnum

from services.chassis.ground.problems import Language


class Measure(StrEnum):
    """A figure of a county."""

    INSTITUTIONS = "institutions"
    SERVICES = "services"
    FREE_PLACES = "free_places"
    SITES = "sites"
    SCREENED = "screened"
    POSITIVE = "positive"
    TRAINING_HOURS = "training_hours"


_TITLES: Mapping[Measure, Mapping[Language, str]] = {
    Measure.INSTITUTIONS: {"pl": "Instytucje w powiatach", "en": "Institutions"},
    Measure.SERVICES: {"pl": "Usługi wsparcia", "en": "Support services"},
    Measure.FREE_PLACES: {
        "pl": "Wolne miejsca w usługach wsparcia",
        "en": "Free places of support services",
    },
    Measure.SITES: {
        "pl": "Działający uczestnicy programów",
        "en": "Active sites of programmes",
    },
    Measure.SCREENED: {
        "pl": "Dzieci, które ukończyły pierwszy etap badań",
        "en": "Children who completed stage one of screening",
    },
    Measure.POSITIVE: {
        "pl": "Dzieci z wynikiem dodatnim",
        "en": "Children found positive",
    },
    Measure.TRAINING_HOURS: {"pl": "Godziny szkoleń", "en": "Hours of training"},
}


def title_of(measure: Measure, language: Language) -> str:
    """What a map of this figure is called."""
    return _TITLES[measure][language]
