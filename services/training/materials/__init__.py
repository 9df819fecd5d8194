"""Training materials: their licence, their use outside the test, their files."""
