"""Who goes on to stage two, by a rule that can be read, and run again with the same result. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from math import floor
from typing import Any, NamedTuple

from services.screening.instruments.rules.outcomes import Outcome


class RuleKind(StrEnum):
    """The kinds of selection rule."""

    OUTCOME_IN = "outcome_in"
    BAND_AT_LEAST = "band_at_least"
    ALL_POSITIVE = "all_positive"
    SHARE_PER_COUNTY = "share_per_county"
    NUMBER_PER_COUNTY = "number_per_county"
    BY_HAND = "by_hand"


class Candidate(NamedTuple):
    """A subject with a complete battery of stage one."""

    subject_ref: str
    county_terc: str
    outcome: Outcome
    outcomes: Mapping[str, str | None]
    bands: Mapping[str, Mapping[str, str]]


Rule = Mapping[str, Any]
"""A rule as it is kept: `kind` and what that kind needs."""

_NEEDS: Mapping[RuleKind, tuple[str, ...]] = {
    RuleKind.OUTCOME_IN: ("outcomes",),
    RuleKind.BAND_AT_LEAST: ("instrument_code", "scale", "bands", "at_least"),
    RuleKind.ALL_POSITIVE: (),
    RuleKind.SHARE_PER_COUNTY: ("share",),
    RuleKind.NUMBER_PER_COUNTY: ("number",),
    RuleKind.BY_HAND: (),
}
_MAY_HAVE = {
    RuleKind.SHARE_PER_COUNTY: ("first",),
    RuleKind.NUMBER_PER_COUNTY: ("first",),
}


def wrong_rule(rule: Rule, instruments: Iterable[str]) -> tuple[str, str] | None:
    """What is wrong with a rule over these deciding instruments of stage one: field and code; None when nothing."""
    kind, given = (
        RuleKind(rule["kind"]),
        {name for name, value in rule.items() if value is not None} - {"kind"},
    )
    for name in _NEEDS[kind]:
        if name not in given:
            return name, "missing"
    surplus = sorted(given - {*_NEEDS[kind], *_MAY_HAVE.get(kind, ())})
    if surplus:
        return surplus[0], "not_allowed"
    if kind is RuleKind.BAND_AT_LEAST:
        if rule["instrument_code"] not in {*instruments}:
            return "instrument_code", "not_in_battery"
        if rule["at_least"] not in rule["bands"]:
            return "at_least", "not_listed"
    return None


def choose(
    rule: Rule, candidates: Sequence[Candidate], deciding: Sequence[str], salt: str
) -> list[str]:
    """The subjects that the rule takes, in an order that anybody gets who runs it again.

    Shares and numbers are taken county by county: first those whose outcome comes first in `first`, among equals by a
    hash of salt and reference, which is as good as a lot and cannot be drawn twice.
    """
    kind = RuleKind(rule["kind"])
    if kind in (RuleKind.SHARE_PER_COUNTY, RuleKind.NUMBER_PER_COUNTY):
        return _per_county(rule, candidates, salt)
    if kind is RuleKind.BY_HAND:
        return []
    return sorted(
        one.subject_ref for one in candidates if _fits(rule, kind, one, deciding)
    )


def _fits(rule: Rule, kind: RuleKind, one: Candidate, deciding: Sequence[str]) -> bool:
    if kind is RuleKind.OUTCOME_IN:
        return one.outcome in rule["outcomes"]
    if kind is RuleKind.ALL_POSITIVE:
        return all(one.outcomes.get(code) == Outcome.POSITIVE for code in deciding)
    bands: Sequence[str] = rule["bands"]
    band = one.bands.get(rule["instrument_code"], {}).get(rule["scale"])
    return band in bands[bands.index(rule["at_least"]) :]


def _per_county(rule: Rule, candidates: Sequence[Candidate], salt: str) -> list[str]:
    first = rule.get("first") or []
    rank = {outcome: place for place, outcome in enumerate(first)}

    def lot(one: Candidate) -> tuple[str, int, bytes]:
        drawn = hashlib.sha256(f"{salt}:{one.subject_ref}".encode()).digest()
        return one.county_terc, rank.get(one.outcome, len(rank)), drawn

    found: list[str] = []
    for _, county in groupby(
        sorted(candidates, key=lot), key=lambda one: one.county_terc
    ):
        there = list(county)
        wanted = (
            rule["number"]
            if rule.get("number") is not None
            else floor(len(there) * rule["share"] + 0.5)
        )
        found += [one.subject_ref for one in there[:wanted]]
    return found


_OUTCOMES = {
    "positive": ("positive", "dodatni"),
    "negative": ("negative", "ujemny"),
    "undetermined": ("undetermined", "nierozstrzygnięty"),
}


def explain_rule(rule: Rule) -> dict[str, str]:
    """The rule as a sentence, Polish and English."""
    kind = RuleKind(rule["kind"])
    listed = [
        _OUTCOMES[outcome]
        for outcome in rule.get("outcomes") or rule.get("first") or ()
    ]
    english, polish = (
        " or ".join(word[0] for word in listed),
        " lub ".join(word[1] for word in listed),
    )
    first = {
        "en": f", {english} first" if listed else "",
        "pl": f", najpierw: {polish}" if listed else "",
    }
    share = f"{(rule.get('share') or 0) * 100:g} %"
    scale = f"{rule.get('scale')} ({rule.get('instrument_code')})"
    return {
        RuleKind.OUTCOME_IN: {
            "en": f"Everybody whose stage one is {english}.",
            "pl": f"Każdy, kogo wynik etapu 1 jest {polish}.",
        },
        RuleKind.BAND_AT_LEAST: {
            "en": f"Everybody whose band on scale {scale} is at least {rule.get('at_least')}.",
            "pl": f"Każdy, kogo przedział na skali {scale} to co najmniej {rule.get('at_least')}.",
        },
        RuleKind.ALL_POSITIVE: {
            "en": "Everybody in whom each deciding form of stage one is positive.",
            "pl": "Każdy, u kogo wszystkie rozstrzygające formularze etapu 1 są dodatnie.",
        },
        RuleKind.SHARE_PER_COUNTY: {
            "en": f"{share} of the complete of each county{first['en']}, otherwise by lot.",
            "pl": f"{share} badań pełnych w każdym powiecie{first['pl']}, poza tym losowo.",
        },
        RuleKind.NUMBER_PER_COUNTY: {
            "en": f"{rule.get('number')} of each county{first['en']}, otherwise by lot.",
            "pl": f"{rule.get('number')} z każdego powiatu{first['pl']}, poza tym losowo.",
        },
        RuleKind.BY_HAND: {
            "en": "A person chooses, and says why.",
            "pl": "Wybiera osoba i podaje powód.",
        },
    }[kind]
