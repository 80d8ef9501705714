"""The stages of the pipeline: each file makes the layer it is named after."""
