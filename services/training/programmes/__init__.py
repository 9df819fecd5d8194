"""Programmes of training, with their enrolment rules."""
