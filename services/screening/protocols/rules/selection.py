"""Which children go on to stage two, by a rule with reproducible results. Pure."""

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
    """A subject with a complete battery of stage one: its outcome, and the outcomes of its forms.

    `outcomes` are by instrument, `bands` by instrument and scale.
    """

    subject_ref: str
    county_terc: str
    outcome: Outcome
    outcomes: Mapping[str, str | None]
    bands: Mapping[str, Mapping[str, str]]


Rule = Mapping[str, Any]
"""A stored rule: `kind` and the fields that this kind needs."""

_NEEDS: Mapping[RuleKind, tuple[str, ...]] = {
    RuleKind.OUTCOME_IN: ("outcomes",),
    RuleKind.BAND_AT_LEAST: ("instrument_code", "scale", "bands", "at_least"),
    RuleKind.ALL_POSITIVE: (),
    RuleKind.SHARE_PER_COUNTY: ("share",),
    RuleKind.NUMBER_PER_COUNTY: ("number",),
    RuleKind.BY_HAND: (),
}
_MAY_HAVE: Mapping[RuleKind, tuple[str, ...]] = {
    RuleKind.SHARE_PER_COUNTY: ("first",),
    RuleKind.NUMBER_PER_COUNTY: ("first",),
}


def wrong_rule(rule: Rule, instruments: Iterable[str]) -> tuple[str, str] | None:
    """A fault of a rule, as its field and a code; None without a fault.

    `instruments` are the instruments that decide stage one.
    """
    kind = RuleKind(rule["kind"])
    fields = {name for name, value in rule.items() if value is not None} - {"kind"}
    for name in _NEEDS[kind]:
        if name not in fields:
            return name, "missing"
    surplus = sorted(fields - {*_NEEDS[kind], *_MAY_HAVE.get(kind, ())})
    # Refused and not ignored: a surplus field shows that another kind of
    # rule was meant.
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
    """The references of the subjects that the rule selects.

    Shares and numbers are taken county by county, ordered by the place of the outcome
    in `first`, then by a hash of salt and reference. The hash is as good as a random
    draw, and running the rule again gives the same subjects in the same order.
    """
    kind = RuleKind(rule["kind"])
    if kind in (RuleKind.SHARE_PER_COUNTY, RuleKind.NUMBER_PER_COUNTY):
        return _per_county(rule, candidates, salt)
    if kind is RuleKind.BY_HAND:
        return []
    return sorted(
        candidate.subject_ref
        for candidate in candidates
        if _fits(rule, kind, candidate, deciding)
    )


def _fits(
    rule: Rule, kind: RuleKind, candidate: Candidate, deciding: Sequence[str]
) -> bool:
    if kind is RuleKind.OUTCOME_IN:
        return candidate.outcome in rule["outcomes"]
    if kind is RuleKind.ALL_POSITIVE:
        return all(
            candidate.outcomes.get(code) == Outcome.POSITIVE for code in deciding
        )
    bands: Sequence[str] = rule["bands"]
    band = candidate.bands.get(rule["instrument_code"], {}).get(rule["scale"])
    return band in bands[bands.index(rule["at_least"]) :]


def _per_county(rule: Rule, candidates: Sequence[Candidate], salt: str) -> list[str]:
    rank = {outcome: place for place, outcome in enumerate(rule.get("first") or [])}

    def order(candidate: Candidate) -> tuple[str, int, bytes]:
        # A hash and no random generator: its result does not depend on the order of the
        # children, on the other children, or on the version of Python.
        lot = hashlib.sha256(f"{salt}:{candidate.subject_ref}".encode()).digest()
        return candidate.county_terc, rank.get(candidate.outcome, len(rank)), lot

    selected: list[str] = []
    candidates_in_order = sorted(candidates, key=order)
    for _, group in groupby(
        candidates_in_order, key=lambda candidate: candidate.county_terc
    ):
        of_county = list(group)
        number = _number_of(rule, len(of_county))
        selected += [candidate.subject_ref for candidate in of_county[:number]]
    return selected


def _number_of(rule: Rule, candidates: int) -> int:
    """How many of a county's candidates the rule takes; a share is rounded half up."""
    number: int | None = rule.get("number")
    # Not `round`, which rounds half to even: 2.5 would become 2, and 3.5 would become 4.
    return floor(candidates * rule["share"] + 0.5) if number is None else number


_OUTCOME_WORDS = {
    "positive": ("positive", "dodatni"),
    "negative": ("negative", "ujemny"),
    "undetermined": ("undetermined", "nierozstrzygnięty"),
}
_SENTENCES = {
    RuleKind.OUTCOME_IN: (
        "Everybody whose stage one is {outcomes}.",
        "Każdy, kto ma w etapie 1 wynik {outcomes}.",
    ),
    RuleKind.BAND_AT_LEAST: (
        "Everybody whose band on scale {scale} is at least {at_least}.",
        "Każdy, kto ma na skali {scale} co najmniej przedział {at_least}.",
    ),
    RuleKind.ALL_POSITIVE: (
        "Everybody in whom each deciding form of stage one is positive.",
        "Każdy, kto ma wynik dodatni w każdym rozstrzygającym formularzu etapu 1.",
    ),
    RuleKind.SHARE_PER_COUNTY: (
        "{share} of the complete of each county{first}, otherwise by lot.",
        "{share} dzieci z pełnym etapem 1 w każdym powiecie{first}, poza tym losowo.",
    ),
    RuleKind.NUMBER_PER_COUNTY: (
        "{number} of each county{first}, otherwise by lot.",
        "Po {number} z każdego powiatu{first}, poza tym losowo.",
    ),
    RuleKind.BY_HAND: (
        "A person chooses, and says why.",
        "Wybiera człowiek i podaje powód.",
    ),
}


def explain_rule(rule: Rule) -> dict[str, str]:
    """The rule as a sentence, Polish (`pl`) and English (`en`)."""
    english, polish = _SENTENCES[RuleKind(rule["kind"])]
    rule_outcomes = rule.get("outcomes") or rule.get("first") or ()
    words = [_OUTCOME_WORDS[outcome] for outcome in rule_outcomes]
    in_english = " or ".join(word for word, _ in words)
    in_polish = " lub ".join(word for _, word in words)
    parts = {
        "number": rule.get("number"),
        "scale": f"{rule.get('scale')} ({rule.get('instrument_code')})",
        "at_least": rule.get("at_least"),
    }
    share = f"{(rule.get('share') or 0) * 100:g}%"
    first_english = f", {in_english} first" if words else ""
    first_polish = f", najpierw wynik {in_polish}" if words else ""
    return {
        "en": english.format(
            **parts, share=share, outcomes=in_english, first=first_english
        ),
        # Polish uses a decimal comma.
        "pl": polish.format(
            **parts,
            share=share.replace(".", ","),
            outcomes=in_polish,
            first=first_polish,
        ),
    }
