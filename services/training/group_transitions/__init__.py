"""The states of a group, and the effect of each step on its enrolments."""
