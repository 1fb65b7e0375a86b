"""The working directory of tasks, and the files that they leave there."""
