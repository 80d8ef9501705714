"""The layout model: blocks on a character grid → block types."""
