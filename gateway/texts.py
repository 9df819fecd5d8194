"""The texts of the gateway's own pages, in Polish and English."""

from services.chassis.ground.problems import Language

TEXTS: dict[str, tuple[str, str]] = {
    "tagline": (
        "One open platform for health, education, social assistance and family support",
        "Jedna otwarta platforma zdrowia, edukacji, pomocy społecznej i wsparcia rodziny",
    ),
    "skip": ("Skip to the content", "Przejdź do treści"),
    "home": ("Start", "Start"),
    "docs": ("API documentation", "Dokumentacja API"),
    "document": ("OpenAPI document", "Dokument OpenAPI"),
    "problems": ("Problems", "Problemy"),
    "problems_intro": (
        (
            "Every refusal is an application/problem+json body (RFC 9457) whose type is one of"
            " these pages."
        ),
        (
            "Każda odmowa to treść application/problem+json (RFC 9457), a jej typ wskazuje jedną z"
            " tych stron."
        ),
    ),
    "home_intro": (
        (
            "This is the gateway: every request of a program reaches the services through it,"
            " with an access token."
        ),
        "To brama platformy: przez nią każde żądanie z tokenem dostępu trafia do usług.",
    ),
    "services": ("Services", "Usługi"),
    "events": ("Events (AsyncAPI)", "Zdarzenia (AsyncAPI)"),
    "demo_caller": ("Demo caller", "Osoba z danych pokazowych"),
    "take_token": ("Take a development token", "Pobierz token deweloperski"),
    "problem": ("Problem", "Problem"),
    "status": ("HTTP status", "Status HTTP"),
    "code": ("Code", "Kod"),
    "type": ("Type", "Typ"),
    "meaning": ("Meaning", "Znaczenie"),
    "try_again": (
        "Trying again later may help; see the Retry-After header.",
        "Spróbuj ponownie później; zob. nagłówek Retry-After.",
    ),
    "change_first": (
        "The same request will be refused again; change it first.",
        "To samo żądanie znów zostanie odrzucone; najpierw je zmień.",
    ),
    "without_scripts": (
        "The interactive page needs JavaScript; the same is in the OpenAPI document.",
        "Strona interaktywna wymaga JavaScriptu; te same informacje zawiera dokument OpenAPI.",
    ),
    "footer": (
        "No request leaves this server.",
        "Żadne żądanie nie opuszcza tego serwera.",
    ),
}


def text(key: str, language: Language) -> str:
    """The sentence in the reader's language."""
    english, polish = TEXTS[key]
    return polish if language == "pl" else english
