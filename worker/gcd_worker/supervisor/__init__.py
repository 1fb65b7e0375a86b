"""The supervisor: one slot, its child process, and what the child writes."""
