"""Writes annotated reports in our own words: gold by construction for every layer."""
