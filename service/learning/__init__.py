"""The service learns: annotations in, training runs, and which version of a model serves."""
