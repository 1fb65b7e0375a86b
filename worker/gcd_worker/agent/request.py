"""The run's request, as settings of a supervisor; and the licence file of its solver."""
import json
import os
import shutil

from ..child.workdir import output_files
from .environment import Unusable

# Memory of the agent and the supervisor, out of the container's.
OWN_MEMORY = 96 << 20
# Bytes of data files, unless config.yaml sets it: more is rarely used twice.
MAX_DATA = 10 << 30


def read_request(cloud, environment, retry):
    """The run's request. `retry` is a Retry."""
    key = environment.key('request.json')
    return json.loads(retry(lambda: cloud.read(key), 'the request of the run').decode())


def fetch_licence(cloud, environment, config, retry):
    """Writes the licence file to the folder where the project expects it; its path, or None."""
    source, target = config.get('solverLicenceFile'), environment.licence_target
    if not source or not target:
        return None
    key = 'licences/%s' % environment.run
    content = retry(lambda: cloud.read(key), 'the licence file of the solver')
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


def supervisor_settings(environment, request, licence, data_root, shared_memory, log_path):
    """The first line for a supervisor (PROTOCOL.md)."""
    config = request['config']
    variables = dict(environment.profiles, **config['env'])
    # By default MOSEK reads a file of another user's home.
    if licence is not None and os.path.basename(licence) == 'mosek.lic':
        variables.setdefault('MOSEKLM_LICENSE_FILE', licence)
    max_bytes = config.get('maxOutputBytes') or output_files.MAX_BYTES
    room = None if environment.disk is None else environment.disk // 8
    return {
        'project': environment.project,
        'working_directory': environment.path('working-directory'),
        'outputs': environment.path('outputs'),
        # Kubernetes evicts a pod above its share of the disk: data files, a task's files and pending uploads get parts of it.
        'max_output_bytes': max_bytes if room is None else min(max_bytes, room),
        'output_room': room,
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
        'log': log_path,
        'shared_memory': shared_memory,
        'environment': variables,
        'threads': max(1, (os.cpu_count() or 1) // _workers(request)),
    }


def _memory(limit):
    """Below the container's limit: the supervisor then ends a task that uses too much, and can report it."""
    return None if limit is None else max(limit - OWN_MEMORY, limit // 2)


def _workers(request):
    """Workers that share a node."""
    return max(1, request['target'].get('workersPerNode') or 1)


def data_limit(request, folder, disk):
    """Maximum bytes of data files: the pod's share of what config.yaml allows a node, or of half the free disk.

    At most half of `disk`, all that the pod may write (bytes; None: no limit): Kubernetes evicts it above that.
    """
    workers = _workers(request)
    allowed = request['config'].get('dataCacheBytes')
    limit = allowed // workers if allowed is not None else min(MAX_DATA, shutil.disk_usage(folder).free // 2 // workers)
    return limit if disk is None else min(limit, disk // 2)
