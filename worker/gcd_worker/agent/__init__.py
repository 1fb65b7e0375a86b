"""The agent of a pod: receives batches from the run's queue, has a supervisor run them, and uploads what it writes."""
