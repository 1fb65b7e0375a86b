"""Relays the child's records to standard output, with as little work per record as possible."""
import json

from ..protocol.messages import batch_event, with_output

SUCCEEDED = b'{"status":"s'
AFTER_NEWLINE = b'\n' + SUCCEEDED


class RecordRelay:
    """Counts records for `batches`, which then know which task the child is executing."""

    def __init__(self, batches, writer, keep_output, log):
        self.batches = batches
        self.writer = writer
        self.keep_output = keep_output
        self.log = log

    def take(self, child, block):
        """Relays complete lines of a child; returns how many."""
        count = block.count(b'\n')
        if not self.keep_output and block.count(AFTER_NEWLINE) + block.startswith(SUCCEEDED) == count:
            # Only successes. (JSON escapes newlines and quotes: neither pattern occurs inside a record.)
            child.answered += count
            self.batches.sent[0].lines += count
            child.capture.forget(child.answered)
            self.writer.write(block)
            return count
        lines = block.split(b'\n')
        lines.pop()
        self.writer.write(b''.join([self._line(child, line + b'\n') for line in lines]))
        return count

    def _line(self, child, line):
        if line.startswith(b'{"event":"batch"'):
            return self._batch_ended(child, line)
        batch = self.batches.sent[0]
        batch.lines += 1
        child.answered += 1
        if line.startswith(SUCCEEDED):
            if not self.keep_output:
                return line
        elif line.startswith(b'{"status"'):
            batch.failures += 1
        else:
            batch.repeated[batch.lines - 1] = json.loads(line.decode())['attempt']
            return line
        return with_output(line, child.capture.take(child.answered))

    def _batch_ended(self, child, line):
        # While the tasks of the batch are known.
        self.log.write(child)
        batch = self.batches.finish()
        if not batch.succeeded and not batch.failed:
            return line
        counts = json.loads(line.decode())
        return batch_event(
            counts['batch'],
            counts['succeeded'] + batch.succeeded,
            counts['failed'] + batch.failed,
            counts['not_run'],
        )
