"""The gate: a candidate against the version that serves, label by label, and whether it may take its place."""
