"""What the run was asked to do, as settings of a supervisor; and the licence file of its solver."""
import json
import os
import time

from .cloud import Missing, Trouble
from .environment import Unusable
from .patience import Pauses
from .say import say

# What the agent and the supervisor themselves need of the container's memory.
OWN_MEMORY = 160 << 20


def insistent(ask, pace, what, patience=None):
    """Asks till there is an answer. @raises Unusable when what should be there is not, for so long"""
    pauses, until = Pauses(pace), time.monotonic() + (pace['patience'] if patience is None else patience)
    while True:
        try:
            return ask()
        except Missing as trouble:
            if time.monotonic() > until:
                raise Unusable('%s is not there: %s' % (what, trouble)) from None
            pause = pauses.next()
        except Trouble as trouble:
            pause = pauses.next()
            say('%s cannot be read, trying again in %.0f s: %s', what, pause, trouble)
        time.sleep(pause)


def read_request(cloud, environment):
    """The run's request."""
    key = environment.key('request.json')
    return json.loads(insistent(lambda: cloud.read(key), environment.pace, 'the request of the run').decode())


def fetch_licence(cloud, environment, config):
    """Puts the licence file where the project expects it; its path, None when the run has none."""
    source, target = config.get('solverLicenceFile'), environment.licence_target
    if not source or not target:
        return None
    key = 'licences/%s' % environment.run
    content = insistent(lambda: cloud.read(key), environment.pace, 'the licence file of the solver')
    path = os.path.join(target, os.path.basename(source.replace('\\', '/')))
    try:
        os.makedirs(target, exist_ok=True)
        if os.path.exists(path):
            os.remove(path)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, 'wb') as file:
            file.write(content)
    except OSError as error:
        raise Unusable('The licence file cannot be written to %s: %s' % (target, error)) from None
    return path


def supervisor_settings(environment, config, licence, data_root, page, log):
    """The first line that a supervisor gets (PROTOCOL.md)."""
    variables = dict(environment.profiles, **config['env'])
    # Where MOSEK looks by itself is another user's home.
    if licence is not None and os.path.basename(licence) == 'mosek.lic':
        variables.setdefault('MOSEKLM_LICENSE_FILE', licence)
    return {
        'project': environment.project,
        'worker': environment.pod,
        'node': environment.node,
        'data_root': data_root,
        'arguments': {
            'data_bucket': config['dataBucket']['bucket'],
            # boto3 finds the pod's own identity.
            'aws_access_key': None,
            'aws_secret_access_key': None,
            'aws_region': config['region'] or environment.region,
            'solver_name': config['solverName'],
            'solver_file': licence,
        },
        'task_timeout': config['taskTimeoutSeconds'],
        'max_attempts': config['maxAttempts'],
        'retry_exceptions': config['exceptionAttempts'],
        'memory': _memory(environment.memory),
        'keep_output': config['keepOutput'],
        'log': log,
        'page': page,
        'environment': variables,
    }


def _memory(limit):
    """Below the container's limit: a task that takes too much is ended by its supervisor, which can say so."""
    return None if limit is None else max(limit - OWN_MEMORY, limit // 2)


def data_limit(request):
    """Bytes of data files that this pod may keep: its share of the node's; None: as the disk allows."""
    most = request['config'].get('dataCacheBytes')
    return None if most is None else most // max(1, request['target'].get('workersPerNode') or 1)
