"""How many cases there are, for who reads no single one."""
