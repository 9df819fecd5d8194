"""The permissions of casework, and the reach of each for every role."""

from enum import StrEnum

from services.chassis.trust.callers import Grants, Reach, Related


class Permission(StrEnum):
    """One thing that an endpoint demands."""

    READ_PEOPLE = "casework:people:read"
    SEARCH_PEOPLE = "casework:people:search"
    EDIT_PEOPLE = "casework:people:edit"
    RESOLVE_SUBJECTS = "casework:people:resolve-subjects"
    MERGE_PEOPLE = "casework:people:merge"
    READ_HOUSEHOLDS = "casework:households:read"
    EDIT_HOUSEHOLDS = "casework:households:edit"
    READ_GUARDIANSHIPS = "casework:guardianships:read"
    EDIT_GUARDIANSHIPS = "casework:guardianships:edit"
    ISSUE_ACCOUNT_CODES = "casework:accounts:issue-codes"
    JOIN_ACCOUNTS = "casework:accounts:join"
    READ_CONSENTS = "casework:consents:read"
    RECORD_CONSENTS = "casework:consents:record"
    WITHDRAW_CONSENTS = "casework:consents:withdraw"
    READ_DISCLOSURES = "casework:disclosures:read"
    READ_REFERRALS = "casework:referrals:read"
    SEND_REFERRALS = "casework:referrals:send"
    HAND_IN_REFERRALS = "casework:referrals:hand-in"
    HANDLE_REFERRALS = "casework:referrals:handle"
    WITHDRAW_REFERRALS = "casework:referrals:withdraw"
    READ_CASES = "casework:cases:read"
    OPEN_CASES = "casework:cases:open"
    MOVE_CASES = "casework:cases:move"
    EDIT_TEAMS = "casework:teams:edit"
    TRANSFER_CASES = "casework:cases:transfer"
    READ_DOCUMENTS = "casework:documents:read"
    EDIT_DOCUMENTS = "casework:documents:edit"
    READ_ASSESSMENTS = "casework:assessments:read"
    EDIT_ASSESSMENTS = "casework:assessments:edit"
    READ_PATHWAYS = "casework:pathways:read"
    EDIT_PATHWAYS = "casework:pathways:edit"
    READ_PLANS = "casework:plans:read"
    EDIT_PLANS = "casework:plans:edit"
    APPROVE_PLANS = "casework:plans:approve"
    ACTIVATE_PLANS = "casework:plans:activate"
    RECORD_REVIEWS = "casework:reviews:record"
    READ_SUPPORT_EVENTS = "casework:support-events:read"
    RECORD_SUPPORT_EVENTS = "casework:support-events:record"
    READ_MONITORING_REPORTS = "casework:monitoring-reports:read"
    WRITE_MONITORING_REPORTS = "casework:monitoring-reports:write"
    DECIDE_MONITORING_REPORTS = "casework:monitoring-reports:decide"
    READ_TASKS = "casework:tasks:read"
    BREAK_GLASS = "casework:break-glass:open"
    REVIEW_BREAK_GLASS = "casework:break-glass:review"
    READ_ACCESS_LOG = "casework:access-log:read"
    MAKE_REQUESTS = "casework:data-subject-requests:make"
    DECIDE_REQUESTS = "casework:data-subject-requests:decide"
    RETAIN = "casework:retention:decide"
    READ_EVENTS = "casework:events:read"
    OPERATE_JOBS = "casework:jobs:operate"
    READ_AUDIT = "casework:audit-records:read"


P = Permission
Granted = dict[Permission, Reach | Related]

# Kinds of relation. `guardian`: to a child for whom the caller acts, and to the caller
# once of age. `team`: to a case in whose team the caller is, and to its child. `party`:
# of an institution, to a referral that it sent or received. `break_glass`: to a child,
# for an hour.
_SEEN_BY_TEAM = (
    P.READ_PEOPLE,
    P.READ_HOUSEHOLDS,
    P.READ_GUARDIANSHIPS,
    P.READ_CONSENTS,
    P.READ_REFERRALS,
    P.READ_CASES,
    P.READ_DOCUMENTS,
    P.READ_ASSESSMENTS,
    P.READ_PLANS,
    P.READ_SUPPORT_EVENTS,
)
_DONE_BY_TEAM = (
    P.EDIT_DOCUMENTS,
    P.EDIT_ASSESSMENTS,
    P.EDIT_PLANS,
    P.APPROVE_PLANS,
    P.RECORD_REVIEWS,
    P.RECORD_SUPPORT_EVENTS,
)
_COUNTY_WORK = (
    P.SEARCH_PEOPLE,
    P.EDIT_PEOPLE,
    P.RESOLVE_SUBJECTS,
    P.EDIT_HOUSEHOLDS,
    P.EDIT_GUARDIANSHIPS,
    P.ISSUE_ACCOUNT_CODES,
    P.RECORD_CONSENTS,
    P.WITHDRAW_CONSENTS,
    P.READ_DISCLOSURES,
    P.SEND_REFERRALS,
    P.HAND_IN_REFERRALS,
    P.HANDLE_REFERRALS,
    P.WITHDRAW_REFERRALS,
    P.OPEN_CASES,
    P.MOVE_CASES,
    P.EDIT_TEAMS,
    P.EDIT_DOCUMENTS,
    P.EDIT_ASSESSMENTS,
    P.EDIT_PLANS,
    P.APPROVE_PLANS,
    P.ACTIVATE_PLANS,
    P.RECORD_REVIEWS,
    P.RECORD_SUPPORT_EVENTS,
    P.READ_MONITORING_REPORTS,
    P.READ_ACCESS_LOG,
    P.MAKE_REQUESTS,
)
"""What the coordinators of the county and of its coordinating institution may do for
every child of the county.
"""
_COUNTY_DECISIONS = (
    P.MERGE_PEOPLE,
    P.TRANSFER_CASES,
    P.WRITE_MONITORING_REPORTS,
    P.REVIEW_BREAK_GLASS,
    P.DECIDE_REQUESTS,
    P.RETAIN,
)
"""What the county's coordinator may do, but not the coordinator of an institution."""

_FOR_ALL_STAFF: Granted = {
    P.READ_PATHWAYS: Reach.EVERYWHERE,
    P.READ_TASKS: Reach.EVERYWHERE,
}
"""A template contains no personal data, and a list
of tasks shows only the caller's own.
"""
_EMERGENCY: Granted = {P.BREAK_GLASS: Reach.EVERYWHERE}
# Added only to permissions to read: emergency access changes nothing.
_BROKEN_GLASS = ("break_glass",)

_COORDINATION: Granted = (
    _FOR_ALL_STAFF
    | _EMERGENCY
    | dict.fromkeys(_SEEN_BY_TEAM, Related(_BROKEN_GLASS, Reach.OWN_COUNTIES))
    | dict.fromkeys(_COUNTY_WORK, Reach.OWN_COUNTIES)
)
_TEAM: Granted = (
    _FOR_ALL_STAFF
    | _EMERGENCY
    | dict.fromkeys(_SEEN_BY_TEAM, Related(("team", *_BROKEN_GLASS)))
    | dict.fromkeys(_DONE_BY_TEAM, Related(("team",)))
)
_REFERRER: Granted = {
    P.HAND_IN_REFERRALS: Reach.OWN_COUNTIES,
    P.READ_REFERRALS: Related(("party",)),
    P.WITHDRAW_REFERRALS: Related(("party",)),
}
_GUARDIAN = dict.fromkeys(
    (
        P.READ_PEOPLE,
        P.READ_GUARDIANSHIPS,
        P.READ_CONSENTS,
        P.WITHDRAW_CONSENTS,
        P.READ_DISCLOSURES,
        P.READ_REFERRALS,
        P.WITHDRAW_REFERRALS,
        P.READ_CASES,
        P.READ_DOCUMENTS,
        P.READ_ASSESSMENTS,
        P.READ_PLANS,
        P.APPROVE_PLANS,
        P.READ_SUPPORT_EVENTS,
        P.READ_ACCESS_LOG,
        P.MAKE_REQUESTS,
    ),
    Related(("guardian",)),
)

GRANTS: Grants = {
    "county_coordinator": _COORDINATION
    | dict.fromkeys(_COUNTY_DECISIONS, Reach.OWN_COUNTIES),
    "institution_coordinator": _COORDINATION,
    "early_screening_coordinator": _FOR_ALL_STAFF
    | _REFERRER
    | {P.RESOLVE_SUBJECTS: Reach.OWN_COUNTIES},
    "pupil_screening_coordinator": _FOR_ALL_STAFF
    | _REFERRER
    | {P.RESOLVE_SUBJECTS: Reach.OWN_COUNTIES},
    "screener": _FOR_ALL_STAFF | _REFERRER,
    "specialist": _TEAM
    | _REFERRER
    | {P.READ_REFERRALS: Related(("team", "party", *_BROKEN_GLASS))},
    "service_provider": _FOR_ALL_STAFF
    | _REFERRER
    | {
        P.HANDLE_REFERRALS: Related(("party",)),
        P.RECORD_SUPPORT_EVENTS: Related(("party",)),
        P.READ_SUPPORT_EVENTS: Related(("party",)),
    },
    "guardian": {
        # The code determines the record and its county, so no county is known before.
        P.JOIN_ACCOUNTS: Reach.EVERYWHERE,
        P.READ_TASKS: Reach.EVERYWHERE,
        P.HAND_IN_REFERRALS: Related(("guardian",)),
        **_GUARDIAN,
    },
    # All counties, but no personal data: only tables and templates.
    "programme_manager": {
        P.READ_PATHWAYS: Reach.EVERYWHERE,
        P.EDIT_PATHWAYS: Reach.EVERYWHERE,
        P.READ_MONITORING_REPORTS: Reach.EVERYWHERE,
        P.DECIDE_MONITORING_REPORTS: Reach.EVERYWHERE,
        P.READ_TASKS: Reach.EVERYWHERE,
    },
    # Audit records only, and no data of children.
    "auditor": {P.READ_AUDIT: Reach.OWN_COUNTIES},
    # Jobs, and the events of the feed that other permissions allow.
    "operator": {P.OPERATE_JOBS: Reach.EVERYWHERE, P.READ_EVENTS: Reach.EVERYWHERE},
    "casework:read": dict.fromkeys(_SEEN_BY_TEAM, Reach.OWN_COUNTIES)
    | _FOR_ALL_STAFF
    | {P.READ_MONITORING_REPORTS: Reach.OWN_COUNTIES},
    "casework:write": dict.fromkeys(
        (*_SEEN_BY_TEAM, *_COUNTY_WORK, *_COUNTY_DECISIONS, P.EDIT_PATHWAYS),
        Reach.OWN_COUNTIES,
    )
    | _FOR_ALL_STAFF
    # A template belongs to no county.
    | {P.EDIT_PATHWAYS: Reach.EVERYWHERE},
    "events:read": {P.READ_EVENTS: Reach.EVERYWHERE},
}
