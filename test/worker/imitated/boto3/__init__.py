"""Stands in for boto3 in tests of the agent: a bucket, a queue and tokens in a folder that processes share.

Faults are told by files: `faults/<method>` holds error codes, a line a call; `*` at the end of a line means every call.
"""
import fcntl
import hashlib
import io
import json
import os
import time
import uuid


class ClientError(Exception):
    """As botocore's."""

    def __init__(self, code):
        super().__init__(code)
        self.response = {'Error': {'Code': code, 'Message': 'imitated'}}


class Account:
    """What there is."""

    def __init__(self, root):
        self.root = root
        for name in ('objects', 'messages', 'tokens', 'faults'):
            os.makedirs(os.path.join(root, name), exist_ok=True)

    def path(self, *names):
        """A place in the folder."""
        return os.path.join(self.root, *names)

    def locked(self):
        """One process at a time."""
        file = open(self.path('lock'), 'w')
        fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def called(self, method, **arguments):
        """Writes a call down, and fails it where it is to fail."""
        with self.locked():
            with open(self.path('calls'), 'a') as file:
                file.write(json.dumps(dict(arguments, method=method, pid=os.getpid())) + '\n')
            try:
                with open(self.path('faults', method)) as file:
                    first, *rest = file.read().split('\n')
            except FileNotFoundError:
                return
            if not first.endswith('*'):
                with open(self.path('faults', method), 'w') as file:
                    file.write('\n'.join(rest))
        code = first.rstrip('*')
        if code == 'network':
            raise OSError('the network is down')
        if code:
            raise ClientError(code)

    def calls(self, method):
        """The calls of a method so far."""
        try:
            with open(self.path('calls')) as file:
                return [call for call in map(json.loads, file) if call['method'] == method]
        except FileNotFoundError:
            return []

    def fail(self, method, *codes):
        """Has the next calls fail with these codes; `code*`: all of them; none: no more."""
        with self.locked():
            with open(self.path('faults', method), 'w') as file:
                file.write('\n'.join(codes))

    def hide(self, *keys):
        """Of these, nobody is told that they are not there: they are denied, as to who may not list them."""
        self.write(('hidden',), keys)

    def is_hidden(self, key):
        """Whether hide() was told of it."""
        try:
            with open(self.path('hidden')) as file:
                return key in json.load(file)
        except FileNotFoundError:
            return False

    def place(self, bucket, key):
        """Where an object lies; its key is beside it."""
        return self.path('objects', hashlib.sha256((bucket + '/' + key).encode()).hexdigest())

    def put(self, bucket, key, data):
        """Writes an object."""
        path = self.place(bucket, key)
        with open(path + '.new' + uuid.uuid4().hex, 'wb') as file:
            file.write(data.encode() if isinstance(data, str) else data)
        os.replace(file.name, path)
        with open(path + '.key', 'w', encoding='utf-8') as file:
            file.write(bucket + '/' + key)

    def get(self, bucket, key):
        """An object; None when it is not there."""
        try:
            with open(self.place(bucket, key), 'rb') as file:
                return file.read()
        except FileNotFoundError:
            return None

    def keys(self, bucket, prefix):
        """Keys that begin so."""
        names = []
        for name in os.listdir(self.path('objects')):
            if name.endswith('.key'):
                with open(self.path('objects', name), encoding='utf-8') as file:
                    names.append(file.read())
        keys = sorted(name[len(bucket) + 1 :] for name in names if name.startswith(bucket + '/'))
        return [key for key in keys if key.startswith(prefix)]

    def send(self, body):
        """Puts a message into the queue; its name."""
        name = '%020d-%s' % (time.time_ns(), uuid.uuid4().hex)
        self.write(('messages', name), {'body': body, 'visible': 0, 'receipt': ''})
        return name

    def write(self, place, value):
        """A JSON file, whole or not at all."""
        with open(self.path('new' + uuid.uuid4().hex), 'w') as file:
            json.dump(value, file)
        os.replace(file.name, self.path(*place))

    def messages(self):
        """What is in the queue, by name."""
        found = {}
        for name in sorted(os.listdir(self.path('messages'))):
            with open(self.path('messages', name)) as file:
                found[name] = json.load(file)
        return found

    def token(self, name):
        """Makes a token; of no use when the Map has failed meanwhile, which would make no more of them."""
        with self.locked():
            outputs = [self.told(other)['output'] for other in os.listdir(self.path('tokens'))]
            failed = any(isinstance(output, dict) and output.get('error') == 'Stopped' for output in outputs)
            self.write(('tokens', name), {'beats': 0, 'output': None, 'expired': failed})
        return name

    def told(self, name):
        """What is known of a token."""
        with open(self.path('tokens', name)) as file:
            return json.load(file)


class Client:
    """Methods as boto3 names them."""

    def __init__(self, account, is_signed=True):
        self._account, self._is_signed = account, is_signed

    def get_object(self, Bucket, Key, Range=None, RequestPayer=None):
        self._account.called('get_object', bucket=Bucket, key=Key, payer=RequestPayer, signed=self._is_signed)
        data = self._account.get(Bucket, Key)
        if data is None:
            raise ClientError('AccessDenied' if self._account.is_hidden(Key) else 'NoSuchKey')
        if Range:
            start, end = Range[len('bytes=') :].split('-')
            data = data[int(start) : int(end) + 1]
        return {'Body': Body(data), 'ContentLength': len(data)}

    def head_object(self, Bucket, Key, RequestPayer=None):
        self._account.called('head_object', bucket=Bucket, key=Key, payer=RequestPayer, signed=self._is_signed)
        data = self._account.get(Bucket, Key)
        if data is None:
            raise ClientError('404')
        return {'ContentLength': len(data)}

    def put_object(self, Bucket, Key, Body):
        self._account.called('put_object', key=Key)
        self._account.put(Bucket, Key, Body if isinstance(Body, bytes) else Body.read())

    def list_objects_v2(self, Bucket, Prefix):
        self._account.called('list_objects_v2', prefix=Prefix)
        return {'Contents': [{'Key': key} for key in self._account.keys(Bucket, Prefix)], 'IsTruncated': False}

    def receive_message(self, QueueUrl, MaxNumberOfMessages, WaitTimeSeconds, VisibilityTimeout):
        self._account.called('receive_message')
        until = time.monotonic() + WaitTimeSeconds
        while True:
            with self._account.locked():
                for name, message in self._account.messages().items():
                    if message['visible'] <= time.time():
                        receipt = '%s/%s' % (name, uuid.uuid4().hex)
                        message.update(visible=time.time() + VisibilityTimeout, receipt=receipt)
                        self._account.write(('messages', name), message)
                        return {'Messages': [{'Body': message['body'], 'ReceiptHandle': receipt}]}
            if time.monotonic() > until:
                return {}
            time.sleep(0.02)

    def change_message_visibility(self, QueueUrl, ReceiptHandle, VisibilityTimeout):
        self._account.called('change_message_visibility', seconds=VisibilityTimeout)
        with self._account.locked():
            name = ReceiptHandle.split('/')[0]
            message = self._account.messages().get(name)
            if message is None or message['receipt'] != ReceiptHandle:
                raise ClientError('InvalidParameterValue')
            message['visible'] = time.time() + VisibilityTimeout
            self._account.write(('messages', name), message)

    def delete_message(self, QueueUrl, ReceiptHandle):
        self._account.called('delete_message')
        with self._account.locked():
            name = ReceiptHandle.split('/')[0]
            message = self._account.messages().get(name)
            if message and message['receipt'] == ReceiptHandle:
                os.remove(self._account.path('messages', name))

    def send_task_heartbeat(self, taskToken):
        self._account.called('send_task_heartbeat', token=taskToken)
        self._change(taskToken, lambda token: token.update(beats=token['beats'] + 1))

    def send_task_success(self, taskToken, output):
        self._account.called('send_task_success', token=taskToken)
        self._change(taskToken, lambda token: token.update(output=json.loads(output)))

    def send_task_failure(self, taskToken, error, cause):
        self._account.called('send_task_failure', token=taskToken)
        # The Map fails at once, and with it every other batch: nobody's answer comes in between.
        then = self._expire_all if error == 'Stopped' else None
        self._change(taskToken, lambda token: token.update(output={'error': error, 'cause': cause}), then)

    def _expire_all(self):
        for other in os.listdir(self._account.path('tokens')):
            token = self._account.told(other)
            if token['output'] is None:
                self._account.write(('tokens', other), dict(token, expired=True))

    def _change(self, name, change, then=None):
        with self._account.locked():
            if not os.path.exists(self._account.path('tokens', name)):
                raise ClientError('InvalidToken')
            token = self._account.told(name)
            if token['expired'] or token['output'] is not None:
                raise ClientError('TaskTimedOut')
            change(token)
            self._account.write(('tokens', name), token)
            if then is not None:
                then()


class Body(io.BytesIO):
    """As botocore's StreamingBody."""

    def read(self, amt=None):
        return super().read(-1 if amt is None else amt)


def client(service_name, config):
    """As boto3.client."""
    from botocore import UNSIGNED

    is_signed = config.settings.get('signature_version') is not UNSIGNED
    return Client(Account(os.environ['AWS_ENDPOINT_URL']), is_signed)


class Session:
    """As boto3's: a client is made with credentials at hand, or not at all."""

    def __init__(self, botocore_session):
        self._session = botocore_session

    def client(self, service_name, config):
        """A client."""
        self._session.get_credentials()
        return client(service_name, config)
