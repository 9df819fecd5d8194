"""The figures that a map of counties can show, and their titles."""

from collections.abc import Mapping
from enum import StrEnum

from services.chassis.ground.problems import Language


class CountyMeasure(StrEnum):
    """A figure of a county."""

    INSTITUTIONS = "institutions"
    SERVICES = "services"
    FREE_PLACES = "free_places"
    SITES = "sites"
    SCREENED = "screened"
    POSITIVE = "positive"
    TRAINING_HOURS = "training_hours"


_TITLES: Mapping[CountyMeasure, Mapping[Language, str]] = {
    CountyMeasure.INSTITUTIONS: {"pl": "Instytucje w powiatach", "en": "Institutions"},
    CountyMeasure.SERVICES: {"pl": "Usługi wsparcia", "en": "Support services"},
    CountyMeasure.FREE_PLACES: {
        "pl": "Wolne miejsca w usługach wsparcia",
        "en": "Free places of support services",
    },
    CountyMeasure.SITES: {
        "pl": "Czynne miejsca realizacji programów",
        "en": "Active sites of programmes",
    },
    CountyMeasure.SCREENED: {
        "pl": "Dzieci, które ukończyły pierwszy etap badań",
        "en": "Children who completed stage one of screening",
    },
    CountyMeasure.POSITIVE: {
        "pl": "Dzieci z wynikiem dodatnim",
        "en": "Children found positive",
    },
    CountyMeasure.TRAINING_HOURS: {"pl": "Godziny szkoleń", "en": "Hours of training"},
}


def title_of(measure: CountyMeasure, language: Language) -> str:
    """The title of a map of this figure."""
    return _TITLES[measure][language]
