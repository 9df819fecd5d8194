"""The error that ends a command with one sentence for a person, and no traceback."""


class Failure(RuntimeError):
    """A command cannot be carried out; the text says why and, where possible, what to do."""
