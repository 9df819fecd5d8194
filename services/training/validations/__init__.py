"""Whether a trainee has achieved a learning outcome, as somebody found who does not train the group."""
