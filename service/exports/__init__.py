"""What is stored, as files for other programs: JSON, NDJSON, CSV, XLSX, Parquet."""
