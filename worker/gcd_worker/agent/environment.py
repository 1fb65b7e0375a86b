"""What a pod's agent is told by its environment (PROTOCOL.md)."""
import json
import os


class Unusable(Exception):
    """The agent cannot work here; the message is what a person should read."""


PROFILES = ('AWS_PROFILE', 'AWS_DEFAULT_PROFILE')

# Seconds: how often, and how long. A test's agent is told shorter ones in GCD_PACE, as JSON.
PACE = {
    # A message that is not renewed comes back to the queue after `visibility`.
    'visibility': 120,
    'renew': 40,
    'heartbeat': 300,
    # Of a long poll: short, so that a pod that is told to end while it polls leaves soon.
    'poll': 5,
    # So long a worker works on a batch before others may have what is left of it.
    'slice': 600,
    # SQS hides a message for 12 hours at most, counted from when it was taken.
    'keep': 11 * 3600,
    # Records are worth a write to the bucket once so much work is in them, or they have waited so long.
    'flush': 300,
    # State and log are written so often at first, later less often, up to `calm`.
    'state': 30,
    'calm': 120,
    'control': 40,
    # After its deadline, a run's last tasks may go on for so long.
    'late': 900,
    # From SIGTERM until Kubernetes kills, and what of it is kept for writing down what there is.
    'grace': 120,
    'margin': 25,
    # The first pause after error, and the longest.
    'pause': 0.5,
    'longest_pause': 30,
    # The request, and a queue that is said not to be there, may need some time to be seen.
    'patience': 60,
    # What gives pods their identity starts on a new node at the same time as they.
    'identity': 300,
}


class Environment:
    """Attributes are named after the variables: `bucket` is GCD_BUCKET."""

    def __init__(self, variables):
        # Whatever keys the user's code is given: the agent works as its pod.
        self.has_own_identity = bool(variables.get('AWS_CONTAINER_CREDENTIALS_FULL_URI'))
        if not self.has_own_identity and not _is_imitated(variables):
            raise Unusable(
                'This pod has no identity of its own (AWS_CONTAINER_CREDENTIALS_FULL_URI is not set): it would work with '
                "the permissions of its node. The cluster's Pod Identity agent or the service account's association is missing."
            )

        # Of the user's code: one that is not in this container would keep boto3 from starting.
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
        self.pace = dict(PACE, **json.loads(variables.get('GCD_PACE') or '{}'))

    def key(self, name):
        """A key of the run's store as a key of the bucket."""
        return 'runs/%s/%s' % (self.run, name)

    def path(self, name):
        """A path on the pod's own disk, which outlives its container."""
        return os.path.join(self.scratch, name)


def termination_log(variables):
    """Where Kubernetes looks for a container's last words."""
    return variables.get('GCD_TERMINATION_LOG') or '/dev/termination-log'


def _is_imitated(variables):
    """Only where AWS is imitated, what is in the environment will do."""
    return bool(variables.get('AWS_ENDPOINT_URL')) and variables.get('GCD_CREDENTIALS') == 'environment'
