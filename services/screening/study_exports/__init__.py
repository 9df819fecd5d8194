"""Exports of the data of validation studies: files from which no child is recognised."""
