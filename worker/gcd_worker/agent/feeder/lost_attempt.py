"""The attempt that a task loses when its supervisor, or the whole container, dies."""
import time

from ...protocol.messages import Failure, attempt_event, failed_record


def count_lost_attempt(task, max_attempts, kind, type_name, message, memory=0):
    """(line of an attempt event, or of the task's record if the attempt was its last; whether it was the last)."""
    index, name, _, _, *before = task
    attempt = before[0] + 1 if before else 1
    failure = Failure(kind, type_name, message)
    if attempt < max_attempts:
        return attempt_event(index, name, attempt, failure), False
    now = time.time()
    return failed_record(index, name, attempt, now, now, 0, memory, failure), True
