"""What supervisor, child and agent use of the operating system."""
