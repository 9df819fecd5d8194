"""What ends a command with one sentence for a person, and no traceback."""


class Failure(RuntimeError):
    """Something cannot be done as asked; the text says why and, where possible, what to do."""
