"""Reading reports in processes of their own, which can be stopped: a thread cannot be."""
