"""What the command line does, one file a command. ``extractor.cli`` holds their names and options only."""
