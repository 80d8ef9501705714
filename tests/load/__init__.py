"""Measurements of the service, run by hand: ``python -m tests.load.lists`` and ``python -m tests.load.extract``."""
