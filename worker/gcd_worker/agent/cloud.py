"""The agent's calls of AWS: the run's bucket and the data's, the queue, the task tokens."""
import importlib
import json
import os
import sys

CHUNK = 1 << 20
# Bytes; larger objects are uploaded in parts.
MULTIPART_ABOVE = 64 << 20


class CloudError(Exception):
    """AWS cannot be reached, or refuses: a retry may help. `code` is AWS's error code."""

    def __init__(self, code, message):
        super().__init__('%s: %s' % (code, message) if message else code)
        self.code = code


class AccessDenied(CloudError):
    """Not allowed. Permissions may take effect later."""


class NotFound(CloudError):
    """The object, the queue or the message does not exist."""


class Fenced(CloudError):
    """The task token is no longer valid: the batch is over, or another pod's."""


# Error name by which the state machine recognises that the run is over.
STOPPED = 'Stopped'
FENCED = ('TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken')
NOT_FOUND = (
    'NoSuchKey',
    'NoSuchBucket',
    'NotFound',
    '404',
    'AWS.SimpleQueueService.NonExistentQueue',
    'QueueDoesNotExist',
    'ReceiptHandleIsInvalid',
    'MessageNotInflight',
    'AWS.SimpleQueueService.MessageNotInflight',
    'InvalidParameterValue',
)
DENIED = ('AccessDenied', 'AccessDeniedException', 'AllAccessDisabled', '403', 'Forbidden', 'KMS.AccessDeniedException')
LIBRARIES = ('boto', 'urllib3', 's3transfer')


def translated(error):
    """The CloudError for an exception of boto3; None for exceptions that are bugs."""
    answer = getattr(error, 'response', None)
    if isinstance(answer, dict):
        said = answer.get('Error', {})
        code = str(said.get('Code', 'Unknown')).rpartition('#')[2]
        kind = Fenced if code in FENCED else NotFound if code in NOT_FOUND else AccessDenied if code in DENIED else CloudError
        return kind(code, said.get('Message', ''))
    library = type(error).__module__.startswith(LIBRARIES)
    return CloudError(type(error).__name__, str(error)) if library or isinstance(error, OSError) else None


class Cloud:
    """Methods raise CloudError for whatever AWS answers. Thread-safe once connected."""

    def __init__(self, environment):
        self._environment = environment
        self._session, self._settings, self._no_signature = _load(environment)
        self._payer = {}

    def connect(self):
        """Creates the clients, which needs the pod's credentials: on a new node, the Pod Identity agent may not be up yet."""
        environment = self._environment
        path_style = {'addressing_style': 'path'} if environment.endpoint else None

        def client(service, read_timeout, **more):
            config = self._settings(
                region_name=environment.region,
                connect_timeout=5,
                read_timeout=read_timeout,
                retries={'mode': 'standard', 'max_attempts': 3},
                max_pool_connections=16,
                **more
            )
            return self._send(self._session.client, service_name=service, config=config)

        self._bucket, self._queue_url = environment.bucket, environment.queue_url
        s3 = {'s3': path_style} if path_style else {}
        self._s3 = self._data = client('s3', 60, **s3)
        self._unsigned = lambda: client('s3', 60, signature_version=self._no_signature, **s3)
        self._sqs = client('sqs', environment.pace['poll'] + 20)
        self._states = client('stepfunctions', 20)

    def _send(self, method, **arguments):
        try:
            return method(**arguments)
        except Exception as error:
            known = translated(error)
            if known is None:
                raise
            raise known from None

    def read(self, key, start=0, end=None):
        """An object of the run's bucket, or its bytes [start, end)."""
        ranged = {} if end is None else {'Range': 'bytes=%d-%d' % (start, end - 1)}
        answer = self._send(self._s3.get_object, Bucket=self._bucket, Key=key, **ranged)
        return self._send(answer['Body'].read)

    def keys(self, prefix):
        """Keys of the run's bucket with this prefix."""
        found, more = [], {}
        while True:
            page = self._send(self._s3.list_objects_v2, Bucket=self._bucket, Prefix=prefix, **more)
            found += [each['Key'] for each in page.get('Contents', [])]
            if not page.get('IsTruncated'):
                return found
            more = {'ContinuationToken': page['NextContinuationToken']}

    def write(self, key, data):
        """Writes an object of the run's bucket: bytes, or an open file."""
        self._send(self._s3.put_object, Bucket=self._bucket, Key=key, Body=data)

    def upload(self, key, path):
        """Uploads a file of any size. @raises FileNotFoundError when it does not exist"""
        size = os.stat(path).st_size
        with open(path, 'rb') as file:
            if size <= MULTIPART_ABOVE:
                self.write(key, file)
            else:
                self._send(self._s3.upload_fileobj, Fileobj=file, Bucket=self._bucket, Key=key)

    def read_data_as(self, requester_pays=False, unsigned=False):
        """How data files are requested: as the one who pays, or unsigned, which some public buckets require.

        Their bucket may be in another region: S3 says so, and boto3 follows.
        """
        self._payer = {'RequestPayer': 'requester'} if requester_pays else {}
        self._data = self._unsigned() if unsigned else self._s3

    def size(self, bucket, key):
        """Bytes of a data file."""
        return self._send(self._data.head_object, Bucket=bucket, Key=key, **self._payer)['ContentLength']

    def download(self, bucket, key, file):
        """Writes a data file to an open file. Errors of the disk are OSErrors."""
        body = self._send(self._data.get_object, Bucket=bucket, Key=key, **self._payer)['Body']
        while True:
            data = self._send(body.read, amt=CHUNK)
            if not data:
                return
            file.write(data)

    def receive(self, seconds, visibility):
        """A message as (body, receipt handle), waiting for it for so long; None without one."""
        answer = self._send(
            self._sqs.receive_message,
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=1,
            WaitTimeSeconds=seconds,
            VisibilityTimeout=visibility,
        )
        for message in answer.get('Messages') or []:
            return message['Body'], message['ReceiptHandle']
        return None

    def renew(self, receipt, seconds):
        """Hides a message for so many seconds from now; 0 returns it to the queue."""
        visible = self._sqs.change_message_visibility
        self._send(visible, QueueUrl=self._queue_url, ReceiptHandle=receipt, VisibilityTimeout=seconds)

    def delete(self, receipt):
        """Deletes a message from the queue."""
        self._send(self._sqs.delete_message, QueueUrl=self._queue_url, ReceiptHandle=receipt)

    def heartbeat(self, token):
        """Sends a heartbeat for a batch."""
        self._send(self._states.send_task_heartbeat, taskToken=token)

    def succeed(self, token, output):
        """Answers a batch."""
        self._send(self._states.send_task_success, taskToken=token, output=json.dumps(output))

    def stop(self, token, cause):
        """Answers a batch so that the run ends."""
        self._send(self._states.send_task_failure, taskToken=token, error=STOPPED, cause=cause)


def _load(environment):
    """(boto3, its Config, its constant for no signature), from a folder of their own, apart from the user's packages."""
    sys.path.insert(0, environment.packages)
    boto3 = importlib.import_module('boto3')
    settings = importlib.import_module('botocore.config').Config
    no_signature = importlib.import_module('botocore').UNSIGNED
    if not environment.has_own_identity:
        return boto3, settings, no_signature
    for name in environment.profiles:
        os.environ.pop(name, None)
    core = importlib.import_module('botocore.session').Session()
    # By default boto3 prefers the keys of the user's code.
    providers = core.get_component('credential_provider').providers
    providers[:] = [each for each in providers if each.METHOD == 'container-role']
    return boto3.Session(botocore_session=core), settings, no_signature
