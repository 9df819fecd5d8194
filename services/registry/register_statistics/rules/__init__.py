"""How two registers are counted, and how the table is printed."""
