"""What the extractor does for annotation: its own answers as a first annotation, and which report to annotate next."""
