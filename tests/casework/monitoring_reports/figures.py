"""Every figure of a report, computed in Python from a county's records."""

import statistics
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.casework.monitoring_reports.seeded import END, ENDED, START, County, Rows


def places(value: Decimal | float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)


class Expected(dict[tuple[str, str, str], Decimal]):
    """Figures by table, category and measure."""

    def put(self, table: str, rows: Rows, category: str = "all", measures: Any = ()) -> None:
        values = {
            "records": len(rows),
            "children": len({row["person_id"] for row in rows}),
            **dict(measures),
        }
        for measure, value in values.items():
            if value is not None:
                self[table, category, measure] = Decimal(value)

    def part(self, table: str, rows: Rows, by: Iterable[str]) -> None:
        """Put the rows into the table, each in its category."""
        categories = [*by]
        for category in Counter(categories):
            self.put(
                table,
                [row for row, own in zip(rows, categories, strict=True) if own == category],
                category,
            )


def within(day: date | None) -> bool:
    return day is not None and START <= day <= END


def expected(county: County, today: date) -> Expected:
    """Every figure of the county's report on the period, from its rows."""
    found = Expected()
    worked = _put_cases(found, county)
    _put_recommendations(found, county, today)
    found.put("plans_activated", [plan for plan in county["plans"] if within(plan["activated"])])
    _put_reviews(found, county)
    sent = [one for one in county["referrals"] if within(one["sent_on"])]
    found.put("referrals", sent)
    for state in {one["state"] for one in sent}:
        rows = [one for one in sent if one["state"] == state]
        days = [(one["closed"] - one["sent_on"]).days for one in rows if one["closed"]]
        median = {"median_days": places(statistics.median(days)) if days else None}
        found.put("referrals_by_outcome", rows, state, median)
    given = [one for one in county["support_events"] if within(one["occurred_on"]) and not one["annulled_by"]]
    found.put("support_events", given, measures={"minutes": sum(one["minutes"] for one in given)})
    for kind in {one["kind"] for one in given}:
        rows = [one for one in given if one["kind"] == kind]
        found.put("support_by_kind", rows, kind, {"minutes": sum(one["minutes"] for one in rows)})
    begun = [case for case in county["cases"] if within(case["first_support_on"])]
    waits = [(case["first_support_on"] - case["first_contact_on"]).days for case in begun]
    quartiles = statistics.quantiles(waits, n=4, method="inclusive")
    names = ("lower_quartile_days", "median_days", "upper_quartile_days")
    waited = {name: places(each) for name, each in zip(names, quartiles, strict=True)}
    found.put("first_support", begun, measures=waited)
    loads = {
        "documents_per_case": [
            [d for d in county["documents"] if d["person_id"] == c["person_id"] and within(d["issued_on"])]
            for c in worked
        ],
        "referrals_per_case": [[r for r in sent if r["case_id"] == c["id"]] for c in worked],
        "visits_per_case": [[e for e in given if e["case_id"] == c["id"]] for c in worked],
    }
    means = {name: places(Decimal(sum(map(len, lists))) / len(worked)) for name, lists in loads.items()}
    found.put("load", worked, measures=means)
    found.put("documents", [one for one in county["documents"] if within(one["issued_on"])])
    found.put("cases", worked)
    return found


def _put_cases(found: Expected, county: County) -> Rows:
    """The cases worked on in the period, and the tables of them."""
    worked, states, opened = [], [], []
    for case in county["cases"]:
        steps = [step for step in county["case_steps"] if step["case_id"] == case["id"]]
        before = [step["state"] for step in steps if step["day"] < START]
        until = [step for step in steps if step["day"] <= END]
        is_over = bool(before) and before[-1] in ENDED and not any(step["day"] >= START for step in until)
        if until and not is_over:
            worked.append(case)
            states.append(until[-1]["state"])
            opened.append("before" if before else "in_period")
    found.part("cases_opened", worked, opened)
    found.part("cases_ended", worked, ["ended" if state in ENDED else "open" for state in states])
    for table, is_ended in (("open_by_state", False), ("ended_by_state", True)):
        chosen = [(case, state) for case, state in zip(worked, states, strict=True) if (state in ENDED) is is_ended]
        found.part(table, [case for case, _ in chosen], [state for _, state in chosen])
    found.part("cases_by_track", worked, [case["track"] for case in worked])
    plans = {plan["case_id"]: plan["state"] for plan in county["plans"]}
    named = {"active": "active", "draft": "in_preparation"}
    found.part("cases_by_plan", worked, [named.get(plans.get(case["id"], ""), "none") for case in worked])
    return worked


def _put_recommendations(found: Expected, county: County, today: date) -> None:
    carried_out = {
        plan["id"] for plan in county["plans"] if plan["state"] in {"active", "completed"} and plan["activated"] <= END
    }
    rows, statuses = [], []
    for one in county["plan_recommendations"]:
        if one["plan_id"] not in carried_out or (one["ended"] and one["ended"] < START):
            continue
        has_ended = one["ended"] is not None and one["ended"] <= END
        is_overdue = one["due_on"] <= END and one["due_on"] < today
        rows.append(one)
        statuses.append(one["state"] if has_ended else "overdue" if is_overdue else "open")
    found.put("recommendations", rows)
    found.part("recommendations_by_status", rows, statuses)
    for table, status, name in (
        ("not_done_by_reason", "not_done", "reason"),
        ("done_by_effect", "done", "effect"),
    ):
        chosen = [row for row, own in zip(rows, statuses, strict=True) if own == status]
        found.part(table, chosen, [row[name] or "not_told" for row in chosen])


def _put_reviews(found: Expected, county: County) -> None:
    firsts, lasts, cases = [], [], []
    for case in county["cases"]:
        held = [one for one in county["plan_reviews"] if one["case_id"] == case["id"] and one["held_on"] <= END]
        held.sort(key=lambda one: (one["held_on"], one["id"]))
        if len(held) > 1 and held[-1]["held_on"] >= START:
            cases.append(case)
            firsts.append(Decimal(held[0]["t_score"]))
            lasts.append(Decimal(held[-1]["t_score"]))
    means = {
        "mean_first_t_score": places(statistics.mean(firsts)) if firsts else None,
        "mean_last_t_score": places(statistics.mean(lasts)) if lasts else None,
    }
    found.put("cases_reviewed", cases, measures=means)
