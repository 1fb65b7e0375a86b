"""The agent of a pod: takes batches from the run's queue, has a supervisor work them off, and keeps what it writes."""
