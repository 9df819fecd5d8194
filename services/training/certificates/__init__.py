"""Certificates: earned by attendance and outcomes, records of the day of issue."""
