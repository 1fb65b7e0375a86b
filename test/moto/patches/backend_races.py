"""moto serves each request in a thread of its own, and its backends hold plain dictionaries without a lock.

A request that walks through one while another adds to it ends with "dictionary changed size during iteration" and 500,
which AWS does not do. EC2's requests are therefore answered one after the other (none of them waits for anything), and
any service's request that only reads is answered again when a dictionary changed under it.
"""
import re
import threading

from moto.core.responses import BaseResponse

ec2 = threading.RLock()
reads = re.compile(r"(Describe|List|Get|BatchGet|Search|Filter)[A-Z]")
changed = re.compile(r"(changed size|changed|mutated) during iteration")
attempts = 20
call_action = BaseResponse.call_action


def steady(self):
    action = self._get_action() or ""
    for attempt in range(1, attempts + 1):
        try:
            if self.service_name == "ec2":
                with ec2:
                    return call_action(self)
            return call_action(self)
        except RuntimeError as error:
            if attempt == attempts or not reads.match(action) or not changed.search(str(error)):
                raise


BaseResponse.call_action = steady
