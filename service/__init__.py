"""The HTTP service: a thin way in to ``extractor``. It reads requests, answers results and says what went wrong."""
