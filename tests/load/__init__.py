"""Measurements of the service, run by hand on a quiet machine; each prints one table and fails where a bound is missed.

python -m tests.load             # all of them, one after the other; --quick for a small round
python -m tests.load.extract     # reports a second and p95 under 20 clients, beside the batch figure
python -m tests.load.memory      # memory over 10,000 requests
python -m tests.load.kill        # kill -9 at random moments while people upload, decide and correct
python -m tests.load.lists       # lists, filters and searches over 10,000 stored reports
"""
