"""Outreach of a programme: values of metrics, each on a day."""
