"""Records and output files on their way to the bucket."""
