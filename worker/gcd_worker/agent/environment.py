"""The agent's environment variables (PROTOCOL.md)."""
import json
import os


class Unusable(Exception):
    """The agent cannot work here; the message is for people."""


PROFILES = ('AWS_PROFILE', 'AWS_DEFAULT_PROFILE')

# Intervals and timeouts in seconds. Tests set shorter ones in GCD_PACE, as JSON.
PACE = {
    # Visibility timeout of a message, and how often it is renewed.
    'visibility': 120,
    'renew': 40,
    'heartbeat': 300,
    # Of a long poll: short, so that a pod exits soon after SIGTERM.
    'poll': 5,
    # After so long, what is left of a batch goes back to the queue.
    'slice': 600,
    # SQS hides a message for at most 12 hours after it was received.
    'keep': 11 * 3600,
    # A part is uploaded once it has so much work, or its first record is so old.
    'flush': 300,
    # State and log are uploaded so often at first, and less often later, down to `calm`.
    'state': 30,
    'calm': 120,
    'control': 40,
    # After the run's deadline, running tasks are killed after so long.
    'late': 900,
    # From SIGTERM until Kubernetes kills the pod, and the part of it that is kept for uploads.
    'grace': 120,
    'margin': 25,
    # The first pause after error, and the longest.
    'pause': 0.5,
    'longest_pause': 30,
    # The request and the queue may not be visible at once.
    'patience': 60,
    # On a new node, the Pod Identity agent starts at the same time as the pod.
    'identity': 300,
}


class Environment:
    """Attributes have the variables' names: `bucket` is GCD_BUCKET."""

    def __init__(self, variables):
        # The agent uses its pod's identity, whatever keys the user's code has.
        self.has_own_identity = bool(variables.get('AWS_CONTAINER_CREDENTIALS_FULL_URI'))
        if not self.has_own_identity and not _is_imitated(variables):
            raise Unusable(
                'This pod has no identity of its own (AWS_CONTAINER_CREDENTIALS_FULL_URI is not set): it would work with '
                "the permissions of its node. The cluster's Pod Identity agent or the service account's association is missing."
            )

        # For the user's code. A profile that does not exist here would keep boto3 from starting.
        self.profiles = {name: variables[name] for name in PROFILES if name in variables}

        def needed(name):
            if not variables.get(name):
                raise Unusable('%s is not set: this pod was not made by gcd-sfn.' % name)
            return variables[name]

        self.bucket = needed('GCD_BUCKET')
        self.run = needed('GCD_RUN')
        self.execution = needed('GCD_EXECUTION')
        self.queue_url = needed('GCD_QUEUE_URL')
        self.region = needed('AWS_REGION')
        self.pod = needed('GCD_POD')
        self.node = needed('GCD_NODE')
        self.scratch = needed('GCD_SCRATCH')
        self.packages = needed('GCD_PACKAGES')
        self.project = needed('GCD_PROJECT')
        memory = variables.get('GCD_MEMORY_BYTES')
        self.memory = int(memory) if memory else None
        disk = variables.get('GCD_DISK_BYTES')
        self.disk = int(disk) if disk else None
        self.licence_target = variables.get('GCD_LICENCE_TARGET') or None
        self.termination_log = termination_log(variables)
        self.endpoint = variables.get('AWS_ENDPOINT_URL') or None
        grace = variables.get('GCD_GRACE_SECONDS')
        paces = dict(PACE, grace=int(grace)) if grace else PACE
        self.pace = dict(paces, **json.loads(variables.get('GCD_PACE') or '{}'))

    def key(self, name):
        """A key of the run's store as a key of the bucket."""
        return 'runs/%s/%s' % (self.run, name)

    def path(self, name):
        """A path on the pod's own disk, which outlives its container."""
        return os.path.join(self.scratch, name)


def termination_log(variables):
    """The file from which Kubernetes reads a container's termination message."""
    return variables.get('GCD_TERMINATION_LOG') or '/dev/termination-log'


def _is_imitated(variables):
    """Whether AWS is imitated: then credentials may come from the environment."""
    return bool(variables.get('AWS_ENDPOINT_URL')) and variables.get('GCD_CREDENTIALS') == 'environment'
