"""Small plans of the experiment."""
