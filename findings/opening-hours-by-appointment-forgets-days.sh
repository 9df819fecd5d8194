#!/usr/bin/env bash
# opening_hours_py: "otherwise by appointment" takes days out of a week and opens the office at night.
# Expected: in OpenStreetMap's notation what stands after "||" holds whenever the rules before it say
#   closed, and a comment alone means "unknown": `Mo-Fr 08:00-16:00 || "po umówieniu"` is open on weekdays,
#   and at all other times nobody knows until one rings.
# Happens: after hours on a weekday it is closed, without the comment; on a Saturday at 3 in the morning it
#   is open. `intervals` from Monday to Friday has Monday's hours and no others, though `state` finds
#   each of the days open, and `next_change` on a weekday evening is None, "no change any more".
#   With "|| unknown" that night is unknown, and the rest is the same. `warnings` is empty.
# Seen in: opening_hours_py 2.1.4.
# So: write the rule for appointments first, with its "unknown", and the hours after a comma:
#   `unknown "po umówieniu", Mo-Fr 08:00-16:00`. That gives what is expected, as the last lines show.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check opening_hours_py==2.1.4
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime
from importlib.metadata import version

from opening_hours import OpeningHours

MONDAY, SATURDAY = datetime(2026, 7, 13), datetime(2026, 7, 18)
EVENING, NIGHT = datetime(2026, 7, 13, 18), datetime(2026, 7, 18, 3)
MORNINGS = [datetime(2026, 7, day, 10) for day in range(13, 18)]
WITHOUT_COMMENT = ("closed", "")


def told(hours: OpeningHours, moment: datetime) -> tuple[str, str]:
    state, comment = hours.state(moment)
    return str(state), comment


def seen(written: str) -> tuple[OpeningHours, list[str]]:
    hours = OpeningHours(written, country="PL")
    opened = [f"{start:%a %H:%M}" for start, _, state, _ in hours.intervals(MONDAY, SATURDAY) if str(state) == "open"]
    print(written, "warnings:", hours.warnings)
    print("  weekdays at 10:", [told(hours, morning)[0] for morning in MORNINGS])
    print("  opens, by intervals:", opened)
    print("  Mon 18:00:", told(hours, EVENING), "changes:", hours.next_change(EVENING), "  Sat 03:00:", told(hours, NIGHT))
    assert [told(hours, morning)[0] for morning in MORNINGS] == ["open"] * 5 and not hours.warnings
    return hours, opened


print("opening_hours_py", version("opening_hours_py"))
fallback, opened = seen('Mo-Fr 08:00-16:00 || "po umówieniu"')
unknown, opened_or_unknown = seen('Mo-Fr 08:00-16:00 || unknown "po umówieniu"')
first, opened_every_day = seen('unknown "po umówieniu", Mo-Fr 08:00-16:00')
assert told(fallback, EVENING) == told(unknown, EVENING) == WITHOUT_COMMENT, "the evening is by appointment now"
assert told(fallback, NIGHT) == ("open", "po umówieniu"), "Saturday night is not open now"
assert told(unknown, NIGHT) == ("unknown", "po umówieniu")
assert opened == opened_or_unknown == ["Mon 08:00"], "the other days are there now"
assert fallback.next_change(EVENING) is unknown.next_change(EVENING) is None, "the next day comes now"
assert told(first, EVENING) == told(first, NIGHT) == ("unknown", "po umówieniu")
assert opened_every_day == [f"{day} 08:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri")]
assert first.next_change(EVENING) == datetime(2026, 7, 14, 8)
PYTHON
