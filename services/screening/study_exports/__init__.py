"""Exports of the data of validation studies: pseudonymised files."""
