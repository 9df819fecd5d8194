"""The files of an export: complete, labelled, and without a way back to a child."""

import csv
import io
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pyreadstat

from services.screening.instruments.rules.licences import public_definition
from services.screening.study_exports.rules.formats import export_study
from tests.screening.studies.population import ITEMS, Facts, again, definition, screened, stream, task

NAMES = ("data.csv", "codebook.csv", "data.sav")


def exported(rows: list[Facts], document: Facts | None = None, **changes: Any) -> dict[str, bytes]:
    asked = task(document or definition(), group_size=10, seed=7) | changes
    found = export_study(stream(asked, rows))
    head, _, rest = found.partition(b"\n")
    sizes, files = json.loads(head)["sizes"], {}
    for name in NAMES:
        files[name], rest = rest[: sizes[name]], rest[sizes[name] :]
    assert rest == b""
    return files


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def sav(content: bytes, **options: Any) -> tuple[Any, Any]:
    with tempfile.NamedTemporaryFile(suffix=".sav") as file:
        Path(file.name).write_bytes(content)
        found: tuple[Any, Any] = pyreadstat.read_sav(file.name, **options)
        return found


def population() -> list[Facts]:
    rows = screened(60)
    for one in rows[:4]:
        one["county"] = "2401"
    return [*rows, again(rows[0], 1)]


def test_an_export_holds_the_sample_and_its_pairs_and_says_what_each_row_is() -> None:
    document = definition()
    form = document["forms"][0]
    document["items"].append(document["items"][0] | {"code": "ONLY_G"})
    document["forms"].append(form | {"code": "G", "items": ["I01", "ONLY_G"], "informants": ["specialist"]})
    document["forms"].append(form | {"code": "H", "age_from": 6, "age_to": 36})
    rows = screened(40)
    other = again(rows[2], 3, form="G", informant="specialist", on="2026-03-02")
    elsewhere = [one | {"form": "H", "subject": f"{number:032x}"} for number, one in enumerate(screened(5, seed=2))]
    thrice = [again(rows[0], 1), again(rows[0], 2, on="2026-04-15")]
    files = exported([*rows, *thrice, other, *elsewhere], document)
    told = table(files["data.csv"])
    assert Counter(one["role"] for one in told) == {"sample": 40, "retest": 1, "other_informant": 1}
    assert Counter(one["form"] for one in told) == {"F": 41, "G": 1}
    assert {one["subject"] for one in told if one["role"] != "sample"} <= {
        one["subject"] for one in told if one["role"] == "sample"
    }
    book = {one["value"]: one["meaning"] for one in table(files["codebook.csv"]) if one["variable"] == "role"}
    assert {role: meaning.rpartition("(")[2] for role, meaning in book.items()} == {
        "sample": "n = 40)",
        "retest": "n = 1)",
        "other_informant": "n = 1)",
    }
    assert sav(files["data.sav"])[1].variable_value_labels["role"]["sample"] == book["sample"]


def test_what_no_row_was_asked_is_no_column() -> None:
    document = definition()
    document["items"].append(document["items"][0] | {"code": "ONLY_G"})
    document["forms"].append(document["forms"][0] | {"code": "G", "items": ["ONLY_G"], "scales": [], "outcome": None})
    assert "ONLY_G" not in table(exported(population(), document)["data.csv"])[0]


def test_a_spss_file_opens_with_labels_of_variables_and_values() -> None:
    frame, meta = sav(exported(population())["data.sav"])
    assert len(frame) == 61
    assert meta.column_names_to_labels["age_months"] == "Wiek w ukończonych miesiącach / Age in months"
    assert meta.column_names_to_labels["I01"] == "I01: treść I01 / treść I01"
    assert meta.variable_value_labels["I01"][2.0] == "odpowiedź 2 / odpowiedź 2"
    assert meta.variable_value_labels["outcome"][1.0] == "dodatni / positive"
    assert meta.variable_value_labels["sex"]["female"] == "dziewczynka / female"


def test_answers_that_begin_alike_stay_several_in_spss() -> None:
    document = definition()
    for number, option in enumerate(document["items"][0]["options"]):
        option["label"] = {"pl": f"{'W domu i w przedszkolu, ' * 6}{number}", "en": str(number)}
    content = exported(population(), document)["data.sav"]
    labels = sav(content)[1].variable_value_labels["I01"]
    assert [label[:7] for label in labels.values()] == ["0: W do", "1: W do", "2: W do", "3: W do"]
    assert all(label.endswith("\u2026") and len(label.encode()) <= 120 for label in labels.values())
    named, _ = sav(content, apply_value_formats=True)
    assert named["I01"].nunique() == 4


def test_csv_and_spss_say_the_same() -> None:
    files = exported(population())
    rows, (frame, _) = table(files["data.csv"]), sav(files["data.sav"])
    assert [int(one["raw_total"]) for one in rows] == frame["raw_total"].astype(int).tolist()
    assert [one["county"] for one in rows] == frame["county"].tolist()


def test_the_codebook_explains_every_column_and_every_value() -> None:
    files = exported(population())
    book = table(files["codebook.csv"])
    assert {one["variable"] for one in book} == {*table(files["data.csv"])[0]}
    assert [one["meaning"] for one in book if one["variable"] == "I03"] == [
        f"odpowiedź {n} / odpowiedź {n}" for n in range(4)
    ]


def test_nobody_is_found_again_by_a_reference_a_day_or_a_free_text() -> None:
    rows = population()
    for one in rows:
        one["answers"] = one["answers"] | {"NOTE": "Staś z przedszkola nr 7"}
    files = exported(rows)
    written = files["data.csv"] + files["codebook.csv"]
    for secret in ("Staś", "2026-03", rows[0]["subject"]):
        assert secret.encode() not in written
    assert not [name for name in table(files["data.csv"])[0] if name in {"NOTE", "birth_month", "institution"}]


def test_a_county_of_few_children_is_not_named() -> None:
    named = [one["county"] for one in table(exported(population())["data.csv"])]
    assert (named.count(""), named.count("2469"), named.count("2401")) == (5, 56, 0)


def test_each_export_numbers_the_children_anew_and_keeps_a_child_together() -> None:
    rows = population()
    first, second = (table(exported(rows, seed=seed)["data.csv"]) for seed in (1, 2))
    raw = {one["subject"]: one["raw_total"] for one in first}
    assert raw != {one["subject"]: one["raw_total"] for one in second}
    assert sorted(int(one["subject"]) for one in first if one["occasion"] == "1") == list(range(1, 61))
    assert [one["occasion"] for one in first].count("2") == 1


def test_the_text_of_a_non_redistributable_item_is_in_no_file() -> None:
    document = public_definition(definition(redistributable=False))
    files = exported(population(), document)
    assert not [
        name for name, content in files.items() if "treść".encode() in content or "odpowiedź".encode() in content
    ]
    assert sav(files["data.sav"])[1].column_names_to_labels["I01"] == "I01"
    assert {*ITEMS} <= {*table(files["data.csv"])[0]}


def test_a_cell_that_a_spreadsheet_would_run_is_text() -> None:
    rows = population()
    for one in rows:
        one["informant"] = "=1+1"
    assert {one["informant"] for one in table(exported(rows)["data.csv"])} == {"'=1+1"}
