"""Rules that set for how many months registrations of a conference are kept."""
