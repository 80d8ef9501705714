"""The statutory forms as YAML, and the quantities that prose can claim of them."""
