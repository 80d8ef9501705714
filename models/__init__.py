"""What is learned, and what both training and reading stand on: form, text views, grid. Never knows a Document."""
