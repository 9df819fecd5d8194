#!/usr/bin/env bash
# OpenFisca: a month that differs from its year.
# Expected: a monthly variable with `set_input_dispatch_by_period` takes the value of a year for each month
#   of it. So {"2026": false, "2026-06": true} (a child that is in hospital in June) is true in June alone.
# Happens: the month lasts to the end of the year: true from June to December, whatever the order in the
#   situation. Given by `set_input`, the year first, the month is dropped without a word: it is true
#   in no month.
# Seen in: OpenFisca-Core 46.0.1 with numpy 2.0.2.
# So: give either the year or all twelve months.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check OpenFisca-Core==46.0.1 numpy==2.0.2
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from openfisca_core.entities import Entity
from openfisca_core.holders import set_input_dispatch_by_period
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

CHILD = Entity("child", "children", "", "")


class in_hospital(Variable):
    value_type = bool
    entity = CHILD
    definition_period = DateUnit.MONTH
    set_input = set_input_dispatch_by_period


system = TaxBenefitSystem([CHILD])
system.add_variable(in_hospital)


def situation(values: dict[str, object]) -> Simulation:
    return SimulationBuilder().build_from_entities(system, {"children": {"Ola": values}})


def months(simulation: Simulation) -> list[int]:
    return [month for month in range(1, 13) if simulation.calculate("in_hospital", f"2026-{month:02}")[0]]


print("OpenFisca-Core", version("OpenFisca-Core"))
for values in ({"2026": False, "2026-06": True}, {"2026-06": True, "2026": False}):
    print(values, "is true in the months", told := months(situation({"in_hospital": values})))
    assert told == [6, 7, 8, 9, 10, 11, 12], "a month no longer lasts"

one_by_one = SimulationBuilder().build_default_simulation(system, 1)
one_by_one.set_input("in_hospital", "2026", [False])
one_by_one.set_input("in_hospital", "2026-06", [True])
print("the year set first, then June, is true in the months", months(one_by_one))
assert months(one_by_one) == [], "a month after its year is heard now"
PYTHON
