"""Files in and out: read in a process of their own, merged, streamed; the audit trail is read as one."""
