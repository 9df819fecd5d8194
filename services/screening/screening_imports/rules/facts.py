"""The facts of a file's rows beside their answers.

Each distinct cell of a column is read once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from services.chassis.tabular.cells import (
    CellError,
    count,
    flag,
    identifier,
    line,
    remembered,
)
from services.chassis.transfer.files import Row, RowProblem
from services.screening.instruments.rules.outcomes import Sex
from services.screening.screening_imports.rules import cells
from services.screening.screening_imports.rules.columns import texts_of

READERS: Mapping[str, Callable[[str], Any]] = {
    "external_id": line(200),
    "subject_ref": identifier,
    "born_on": cells.day,
    "birth_month": cells.month,
    "age_months": remembered(count),
    "gestation_weeks": cells.weeks,
    "sex": cells.sex,
    "county_terc": cells.county,
    "institution_id": identifier,
    "implementer": remembered(line(64)),
    "form_code": remembered(line(200)),
    "informant": cells.informant,
    "administered_on": cells.day,
    "consent_to_refer": remembered(flag),
    "answers": cells.answers,
}
REQUIRED = (
    "external_id",
    "subject_ref",
    "sex",
    "county_terc",
    "informant",
    "administered_on",
)


class Facts(NamedTuple):
    """The facts of a row beside its answers, in the order of READERS.

    None for an empty cell.
    """

    external_id: str
    subject_ref: str
    born_on: date | None
    birth_month: date | None
    age_months: int | None
    gestation_weeks: int | None
    sex: str
    county_terc: str
    institution_id: str | None
    implementer: str | None
    form_code: str | None
    informant: str
    administered_on: date
    consent_to_refer: bool | None
    answers: dict[str, Any] | None


def read_facts(rows: Sequence[Row]) -> tuple[list[Facts], dict[int, list[RowProblem]]]:
    """The facts of every row, and their problems by index of the row.

    The facts of a row with problems are not to be used.
    """
    problems: dict[int, list[RowProblem]] = {}
    columns = []
    for name, reader in READERS.items():
        texts = texts_of(rows, name)
        values: dict[str, Any] = {}
        faults: dict[str, RowProblem] = {}
        for text in {*texts}:
            try:
                values[text] = _fact(name, reader, text.strip())
            except CellError as error:
                faults[text] = RowProblem(f"/{name}", str(error))
        for number, text in enumerate(texts if faults else ()):
            if text in faults:
                # Reported by row, although read by cell: people correct a file
                # line by line.
                problems.setdefault(number, []).append(faults[text])
        columns.append(map(values.get, texts))
    return [*map(Facts._make, zip(*columns, strict=True))], problems


def _fact(name: str, reader: Callable[[str], Any], cell: str) -> Any:
    if cell:
        return reader(cell)
    # The column is required even if the source does not know the sex: an empty
    # cell is "unknown".
    if name == "sex":
        return Sex.UNKNOWN.value
    if name in REQUIRED:
        raise CellError("missing")
    return None
