"""The token classifier: characters → headings, cells in glue, and claims with what they are about."""
