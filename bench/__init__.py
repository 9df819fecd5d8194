"""Every workload beside its physical limit and its peers, in one run. No tests: nothing timed decides those."""
