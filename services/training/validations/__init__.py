"""Whether a learning outcome is achieved, by somebody who does not train there."""
