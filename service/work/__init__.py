"""Long work: bulk imports, reading everything again, large exports. Each goes on where it was after a restart."""
