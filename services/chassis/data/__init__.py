"""PostgreSQL: connections, the unit of work, tables, outbox, kept answers, rows as JSON."""
