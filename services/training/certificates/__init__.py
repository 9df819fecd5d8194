"""Certificates: earned by attendance and outcomes, records of the day on which they were issued."""
