"""What an example of the API document builds on, where the demo has nothing that it could be sent about."""

_DRAFTED = ("create_instrument", "draft_instrument_version")
_AGREED = ("create_agreement", "add_signatory", "add_signatory#1", "add_agreement_version")

BEFORE: dict[str, tuple[str, ...]] = {
    "activate_site": (*_AGREED, "sign_agreement", "create_site", "sign_site"),
    "add_agreement_version": ("create_agreement",),
    "add_signatory": ("create_agreement",),
    "amend_agreement": ("create_agreement",),
    "amend_campaign": ("create_campaign",),
    "amend_instrument_version": _DRAFTED,
    "amend_norm_set": (*_DRAFTED, "create_norm_set"),
    "amend_study": ("create_study",),
    "bring_norm_set_into_force": (*_DRAFTED, "create_norm_set", "publish_instrument_version"),
    "cancel_registry_job": ("import_territories",),
    "cancel_screening_job": ("import_screenings",),
    "create_norm_set": _DRAFTED,
    "discard_rescoring": ("create_rescoring",),
    "draft_instrument_version": ("create_instrument",),
    "get_observation": ("create_questionnaire_response",),
    "get_questionnaire_response": ("create_questionnaire_response",),
    "get_registry_job": ("import_territories",),
    "get_rescoring": ("create_rescoring",),
    "get_screening_job": ("import_screenings",),
    "list_registry_row_problems": ("import_territories",),
    "list_rescoring_decisions": ("create_rescoring",),
    "list_screening_row_problems": ("import_screenings",),
    "open_campaign": ("create_campaign", "add_campaign_implementer"),
    "publish_instrument_version": _DRAFTED,
    "record_body_step": ("found_body",),
    "sign_agreement": _AGREED,
    "sign_scope_for_coalition": ("decide_scope",),
    "sign_scope_for_project": ("decide_scope",),
    "sign_site": (*_AGREED, "sign_agreement", "create_site"),
    "take_back_body_step": ("found_body", "record_body_step"),
    "take_back_site_step": ("record_site_step",),
    "watch_registry_job": ("import_territories", "cancel_registry_job"),
    "watch_screening_job": ("import_screenings", "cancel_screening_job"),
    "withdraw_signatory": ("create_agreement", "add_signatory"),
}
"""The examples that are sent before, in this order. `#1`: the second example of that body."""
NOT_SENT = {
    "accept_rescoring": "the background job has to compute it first",
    "get_study_file": "the background job has to write it first",
    "list_screening_row_problems": "the demo's jobs were asked for by an account that reads nothing else",
    "load_instrument_package": "a package is signed by a publisher whom the operator of a platform trusts",
}
"""Operations whose example cannot succeed in one request, and why."""
