"""An export keeps apart what is apart: reasons for no answer, options, names, institutions, measures."""

import csv as csv_of_python
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.screening.studies.population import Facts, definition, screened, words
from tests.screening.study_exports.test_rules import exported, sav, table

PSPP = shutil.which("pspp")
SKIPPING = {"code": "WHY", "type": "ordinal", "asked_when": {"item": "I01", "at_least": 2}}
OPTIONS = [
    {"code": "often", "label": words("często"), "value": 2},
    {"code": "never", "label": words("nigdy"), "value": 0},
    {"code": "unsure", "label": words("nie wiem")},
]
ALIKE = ("q-1", "q_1", "sex", "ALL", "q1", "Q1")


def document() -> Facts:
    """The made-up instrument with every kind of answer, and with codes that SPSS would take for one."""
    made = definition()
    asked: list[Facts] = [
        SKIPPING | {"text": words("dlaczego"), "options": OPTIONS, "no_answers": ["not_observed", "refused"]},
        {"code": "MANY", "type": "multi_select", "text": words("co"), "options": OPTIONS[:2]},
        {"code": "KIND", "type": "ordinal", "options": [{"code": "a", "label": words("a")}, {"code": "b"}]},
        {"code": "WEIGHT", "type": "number", "text": words("masa"), "minimum": -200, "maximum": 200},
    ]
    asked += [{"code": code, "type": "ordinal", "options": OPTIONS} for code in ALIKE]
    made["items"] += asked
    made["forms"][0]["items"] += [item["code"] for item in asked]
    made["scales"][0]["items"][2]["is_reversed"] = True
    return made


def answered() -> list[Facts]:
    rows = screened(60)
    # Each reason for no answer once: not asked, blank, not observed, refused, an option that does not score.
    given: list[Facts] = [{"I01": "0"}, {}, {"WHY": "not_observed"}, {"WHY": "refused"}, {"WHY": "unsure"}]
    given += [{"WHY": "never", "MANY": ["often", "never"], "KIND": "b", "WEIGHT": -99, "sex": "often", "q1": "never"}]
    for row, answers in zip(rows, given, strict=False):
        row["answers"] = row["answers"] | {"I01": "3"} | answers
    for number, row in enumerate(rows):
        row["institution"] = [None, "few", "many"][0 if number < 20 else 1 if number < 25 else 2]
    return rows


def row_of(rows: list[dict[str, str]], **facts: str) -> list[dict[str, str]]:
    return [row for row in rows if all(row[name] == value for name, value in facts.items())]


def test_why_there_is_no_answer_is_a_value_with_a_name_that_counts_as_missing() -> None:
    files = exported(answered(), document())
    book = {(one["variable"], one["value"]): one for one in table(files["codebook.csv"])}
    why = {value: one for (name, value), one in book.items() if name == "WHY"}
    assert {value: one["meaning"] for value, one in why.items() if one["is_missing"] == "yes"} == {
        "-99": "brak odpowiedzi / no answer",
        "-98": "nie pytano / not asked",
        "-97": "nie zaobserwowano / not observed",
        "-96": "odmowa odpowiedzi / refused",
        "-95": "nie wiem / nie wiem",
    }
    frame, _ = sav(files["data.sav"])
    # What is missing is no number to whoever computes: 2 x "never" answered, once.
    assert frame["WHY"].dropna().tolist() == [0.0]
    _, meta = sav(files["data.sav"], user_missing=True)
    assert meta.missing_ranges["WHY"] == [{"lo": -99.0, "hi": -95.0}]
    # A weight of -99 was measured: its codes lie below all that can be.
    assert [row["WEIGHT"] for row in table(files["data.csv"]) if row["WEIGHT"] != "-999"] == ["-99"]
    assert book["WEIGHT", "-999"]["meaning"] == "brak odpowiedzi / no answer"


def test_codes_that_spss_takes_for_one_name_have_names_of_their_own() -> None:
    files = exported(answered(), document())
    labels = sav(files["data.sav"])[1].column_names_to_labels
    assert len({name.lower() for name in labels}) == len(labels)
    assert {name: labels[name].partition(":")[0] for name in ("q_1", "q_1_2", "sex_2", "ALL_2", "q1", "Q1_2")} == {
        "q_1": "q-1", "q_1_2": "q_1", "sex_2": "sex", "ALL_2": "ALL", "q1": "q1", "Q1_2": "Q1",
    }  # fmt: skip
    assert labels["sex"] == "Płeć / Sex"
    [row] = row_of(table(files["data.csv"]), WEIGHT="-99")
    assert (row["sex_2"], row["q1"], row["Q1_2"]) == ("2", "0", "-99")


def test_options_keying_clusters_and_measures_are_told() -> None:
    files = exported(answered(), document(), group_size=10)
    [row] = row_of(table(files["data.csv"]), WEIGHT="-99")
    assert (row["MANY"], row["MANY_often"], row["MANY_never"], row["KIND"]) == ("2", "1", "1", "2")
    clusters = [one["cluster"] for one in table(files["data.csv"])]
    assert {value: clusters.count(value) for value in clusters} == {"1": 35, "-99": 5, "-98": 20}
    frame, meta = sav(files["data.sav"])
    assert meta.column_names_to_labels["I03"] == "I03 [odwrócona / reversed]: treść I03 / treść I03"
    assert {one["keying"] for one in table(files["codebook.csv"]) if one["variable"] == "I03"} == {"total (reversed)"}
    names = ("sex", "I01", "KIND", "WEIGHT", "raw_total", "band_total")
    measures = ["nominal", "ordinal", "nominal", "scale", "scale", "ordinal"]
    assert [meta.variable_measure[name] for name in names] == measures
    assert meta.variable_value_labels["informant"]["parent"] == "rodzic / parent"
    assert meta.variable_value_labels["form"]["F"] == "formularz / formularz (36-71 mies. / months)"
    assert len(frame) == 60


def test_a_long_text_is_cut_with_a_sign_and_stands_whole_in_the_codebook() -> None:
    made = document()
    made["items"][0]["text"] = words("ż" * 300)
    files = exported(answered(), made)
    label = sav(files["data.sav"])[1].column_names_to_labels["I01"]
    assert label.endswith("…")
    assert len(label.encode()) <= 256
    assert {one["label"] for one in table(files["codebook.csv"]) if one["variable"] == "I01"} == {
        f"I01: {'ż' * 300} / {'ż' * 300}"
    }


@pytest.mark.skipif(PSPP is None, reason="PSPP is not installed")
def test_pspp_opens_the_file_with_all_labels(tmp_path: Path) -> None:
    files = exported(answered(), document())
    (tmp_path / "data.sav").write_bytes(files["data.sav"])
    orders = "GET FILE='data.sav'.\nDISPLAY DICTIONARY.\nFREQUENCIES /VARIABLES=WHY role.\n"
    (tmp_path / "orders.sps").write_text(orders, encoding="utf-8")
    asked = [str(PSPP), "-o", "said.csv", "orders.sps"]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    said = [*csv_of_python.reader((tmp_path / "said.csv").read_text("utf-8").splitlines())]
    cells: set[Any] = {cell for line in said for cell in line}
    labels = sav(files["data.sav"])[1].column_names_to_labels
    assert {*labels} <= cells
    assert {label.strip() for label in labels.values()} <= {cell.strip() for cell in cells}
    assert {"odmowa odpowiedzi / refused", "nie wiem / nie wiem", "rodzic / parent"} <= cells
    assert {"-99 THRU -95"} & cells or [cell for cell in cells if "-99" in cell and "-95" in cell]
