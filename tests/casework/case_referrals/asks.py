"""Requests to refer the child of a case to a support service. Where no registry is set, whoever may is told so."""

from tests.casework.cases import asks as cases
from tests.casework.cases.asks import prepare as prepare
from tests.casework.referrals.registries import SERVICE_ID
from tests.support.asks import Ask, Asks

ASKS: Asks = {
    "send_referral": lambda target: Ask(
        "POST",
        f"{cases.path(target)}/referrals",
        {"support_service_id": SERVICE_ID, "categories": ["identity"]},
        out_of_reach="case-not-found",
        lacks="registry-silent",
    ),
}
