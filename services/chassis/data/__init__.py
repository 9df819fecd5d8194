"""PostgreSQL: connections, units of work, tables, outbox, kept answers, rows' JSON."""
