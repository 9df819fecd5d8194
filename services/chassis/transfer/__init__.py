"""Files in and out: read in a process of their own, merged, streamed."""
