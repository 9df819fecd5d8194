"""What the columns and sheets of casework's files are called in Polish."""

from collections.abc import Mapping

HEADINGS: Mapping[str, str] = {
    "monitoring-report": "Sprawozdanie",
    "monitoring-totals": "Sumy ze sprawozdań",
    "table": "Tabela",
    "category": "Kategoria",
    "measure": "Miara",
    "value": "Wartość",
    "is_suppressed": "Ukryto",
    "counties": "Liczba powiatów",
}
