"""Who validates the outcomes of a group: somebody who does not train it."""
