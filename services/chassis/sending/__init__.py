"""Events sent to receivers: which, by whose rights, where to, with what outcome."""
