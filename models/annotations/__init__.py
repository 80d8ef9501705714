"""Annotated reports: the record, the formats that people annotate in, what is checked on the way in, the dataset.

A record is one whole text with everything that is said of it. Formats read drafts (labels as they stand in a file) and
write records; ``verify`` is the only way from a draft to a record; ``dataset`` keeps records and their splits.
"""
