"""The table reader: observed cells aligned to the form, and arithmetic that places but never rewrites."""
