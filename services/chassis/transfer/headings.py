"""Polish headings of columns that all services have."""

from collections.abc import Mapping

COMMON_HEADINGS: Mapping[str, str] = {
    "id": "Identyfikator",
    "version": "Wersja",
    "created_at": "Wpisano",
    "changed_at": "Zmieniono",
    "county_terc": "Kod TERYT powiatu",
    "institution_id": "Identyfikator instytucji",
    "audit-records": "Dziennik zdarzeń",
    "recorded_at": "Zapisano",
    "actor": "Kto",
    "action": "Czynność",
    "subject": "Czego dotyczy",
    "outcome": "Wynik",
    "trace_id": "Identyfikator śladu",
}
