"""The statistics of a validation study: pure, in vectors."""
