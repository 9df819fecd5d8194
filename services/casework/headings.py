"""The Polish names of the columns and sheets in casework's files."""

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
