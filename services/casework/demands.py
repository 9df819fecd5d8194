"""What an endpoint demands of its caller, as the type of a parameter."""

from typing import Annotated

from services.casework.permissions import Permission
from services.chassis.trust.callers import Caller
from services.chassis.trust.identity import requires

# Separate from `permissions`: actions import that module, and must not import HTTP code.
CanReadPeople = Annotated[Caller, requires(Permission.READ_PEOPLE)]
CanSearchPeople = Annotated[Caller, requires(Permission.SEARCH_PEOPLE)]
CanEditPeople = Annotated[Caller, requires(Permission.EDIT_PEOPLE)]
CanResolveSubjects = Annotated[Caller, requires(Permission.RESOLVE_SUBJECTS)]
CanMergePeople = Annotated[Caller, requires(Permission.MERGE_PEOPLE)]
CanReadHouseholds = Annotated[Caller, requires(Permission.READ_HOUSEHOLDS)]
CanEditHouseholds = Annotated[Caller, requires(Permission.EDIT_HOUSEHOLDS)]
CanReadGuardianships = Annotated[Caller, requires(Permission.READ_GUARDIANSHIPS)]
CanEditGuardianships = Annotated[Caller, requires(Permission.EDIT_GUARDIANSHIPS)]
CanIssueAccountCodes = Annotated[Caller, requires(Permission.ISSUE_ACCOUNT_CODES)]
CanJoinAccounts = Annotated[Caller, requires(Permission.JOIN_ACCOUNTS)]
CanReadConsents = Annotated[Caller, requires(Permission.READ_CONSENTS)]
CanRecordConsents = Annotated[Caller, requires(Permission.RECORD_CONSENTS)]
CanWithdrawConsents = Annotated[Caller, requires(Permission.WITHDRAW_CONSENTS)]
CanReadDisclosures = Annotated[Caller, requires(Permission.READ_DISCLOSURES)]
CanReadReferrals = Annotated[Caller, requires(Permission.READ_REFERRALS)]
CanSendReferrals = Annotated[Caller, requires(Permission.SEND_REFERRALS)]
CanHandInReferrals = Annotated[Caller, requires(Permission.HAND_IN_REFERRALS)]
CanHandleReferrals = Annotated[Caller, requires(Permission.HANDLE_REFERRALS)]
CanWithdrawReferrals = Annotated[Caller, requires(Permission.WITHDRAW_REFERRALS)]
CanReadCases = Annotated[Caller, requires(Permission.READ_CASES)]
CanOpenCases = Annotated[Caller, requires(Permission.OPEN_CASES)]
CanMoveCases = Annotated[Caller, requires(Permission.MOVE_CASES)]
CanEditTeams = Annotated[Caller, requires(Permission.EDIT_TEAMS)]
CanTransferCases = Annotated[Caller, requires(Permission.TRANSFER_CASES)]
CanReadDocuments = Annotated[Caller, requires(Permission.READ_DOCUMENTS)]
CanEditDocuments = Annotated[Caller, requires(Permission.EDIT_DOCUMENTS)]
CanReadAssessments = Annotated[Caller, requires(Permission.READ_ASSESSMENTS)]
CanEditAssessments = Annotated[Caller, requires(Permission.EDIT_ASSESSMENTS)]
CanReadPathways = Annotated[Caller, requires(Permission.READ_PATHWAYS)]
CanEditPathways = Annotated[Caller, requires(Permission.EDIT_PATHWAYS)]
CanReadPlans = Annotated[Caller, requires(Permission.READ_PLANS)]
CanEditPlans = Annotated[Caller, requires(Permission.EDIT_PLANS)]
CanApprovePlans = Annotated[Caller, requires(Permission.APPROVE_PLANS)]
CanActivatePlans = Annotated[Caller, requires(Permission.ACTIVATE_PLANS)]
CanRecordReviews = Annotated[Caller, requires(Permission.RECORD_REVIEWS)]
CanReadSupportEvents = Annotated[Caller, requires(Permission.READ_SUPPORT_EVENTS)]
CanRecordSupportEvents = Annotated[Caller, requires(Permission.RECORD_SUPPORT_EVENTS)]
CanReadMonitoringReports = Annotated[
    Caller, requires(Permission.READ_MONITORING_REPORTS)
]
CanWriteMonitoringReports = Annotated[
    Caller, requires(Permission.WRITE_MONITORING_REPORTS)
]
CanDecideMonitoringReports = Annotated[
    Caller, requires(Permission.DECIDE_MONITORING_REPORTS)
]
CanReadTasks = Annotated[Caller, requires(Permission.READ_TASKS)]
CanBreakGlass = Annotated[Caller, requires(Permission.BREAK_GLASS)]
CanReviewBreakGlass = Annotated[Caller, requires(Permission.REVIEW_BREAK_GLASS)]
CanReadAccessLog = Annotated[Caller, requires(Permission.READ_ACCESS_LOG)]
CanMakeRequests = Annotated[Caller, requires(Permission.MAKE_REQUESTS)]
CanDecideRequests = Annotated[Caller, requires(Permission.DECIDE_REQUESTS)]
CanRetain = Annotated[Caller, requires(Permission.RETAIN)]
