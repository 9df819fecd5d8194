#!/usr/bin/env bash
# num2words: an integer amount is taken for hundredths, a Decimal or float for whole units.
# Expected: 5000 and Decimal("5000") are the same amount of money in words.
# Happens: the type decides. The integer 5000 is fifty złoty, Decimal("5000") five thousand.
#   A column that drops its two empty places on the way (a NUMERIC without scale, a JSON
#   number 5000, a total summed from integers) changes the amount in words in an agreement by
#   a factor of a hundred; the figure printed beside it stays right. A Decimal's own zeros are
#   read aloud too: 12.30 outside money is "trzydzieści", 12.3 is "trzy".
# Seen in: num2words 0.5.14.
# So: quantize money to Decimal with two places before it is spelled out, and test a round
#   amount, because amounts with grosze can never be integers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check num2words==0.5.14
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal
from importlib.metadata import version

from num2words import num2words


def money(amount: int | float | Decimal) -> str:
    return num2words(amount, lang="pl", to="currency", currency="PLN")


print("num2words", version("num2words"))
amounts = 5000, 5000.0, Decimal(5000), Decimal("5000.00"), sum([2500, 2500])
for amount in amounts:
    print(f"{amount!r}: {money(amount)}")
FIFTY, FIVE_THOUSAND = "pięćdziesiąt złotych, zero groszy", "pięć tysięcy złotych, zero groszy"
assert [money(amount) for amount in amounts] == [FIFTY, FIVE_THOUSAND, FIVE_THOUSAND, FIVE_THOUSAND, FIFTY]
plain = [num2words(Decimal(text), lang="pl") for text in ("12.3", "12.30")]
print("outside money, 12.3 and 12.30:", *plain, sep="\n  ")
assert plain == ["dwanaście przecinek trzy", "dwanaście przecinek trzydzieści"]
PYTHON
