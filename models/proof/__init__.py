"""The proof that fine-tuning learns: two families that ordinary synthesis never writes, taught by annotated reports."""
