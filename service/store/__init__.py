"""The store: reports as they were given, what was read in them, and what people decided. SQLite or PostgreSQL."""
