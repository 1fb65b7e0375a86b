"""How the agent's real boto3 asks for data files, before S3 as its answers are told here.

`data_access.py PACKAGES CONFIG`: the bucket is in eu-west-1, the pod in us-west-2; prints each request of S3 as a line of JSON.
"""
import io
import json
import os
import sys

from urllib.parse import urlsplit

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'worker'))
from gcd_worker.agent.cloud import Cloud  # noqa: E402
from gcd_worker.agent.environment import Environment  # noqa: E402

HOME = 'eu-west-1'


def main(packages, access):
    os.environ.update(AWS_ACCESS_KEY_ID='testing', AWS_SECRET_ACCESS_KEY='testing')
    names = ('BUCKET', 'RUN', 'EXECUTION', 'QUEUE_URL', 'POD', 'NODE', 'SCRATCH', 'PROJECT')
    given = dict({'GCD_' + name: 'x' for name in names}, GCD_PACKAGES=packages, AWS_REGION='us-west-2')
    # An endpoint, so that it takes the keys of the environment; the clients are then made without.
    environment = Environment(dict(given, AWS_ENDPOINT_URL='http://imitated', GCD_CREDENTIALS='environment'))
    environment.endpoint = None
    cloud = Cloud(environment)
    cloud.connect()
    cloud.read_data_as(**access)
    from botocore.awsrequest import AWSResponse

    class Raw(io.BytesIO):
        def stream(self, **_):
            data = self.read()
            while data:
                yield data
                data = self.read()

    def answer(request, **_):
        host = urlsplit(request.url).netloc
        headers = {name.lower(): value for name, value in request.headers.items()}
        signed = headers.get('authorization')
        payer = headers.get('x-amz-request-payer')
        text = [value.decode() if isinstance(value, bytes) else value for value in (signed, payer)]
        is_home = HOME in host
        print(json.dumps({'method': request.method, 'home': is_home, 'signed': bool(text[0]), 'payer': text[1]}))
        body = b'data' if is_home else b'<Error><Code>PermanentRedirect</Code></Error>'
        said = {'x-amz-bucket-region': HOME, 'content-length': str(len(body))}
        return AWSResponse(request.url, 200 if is_home else 301, said, Raw(b'' if request.method == 'HEAD' else body))

    cloud._data.meta.events.register('before-send.s3', answer)
    assert cloud.size('data', 'a.csv') == 4
    taken = io.BytesIO()
    cloud.download('data', 'a.csv', taken)
    assert taken.getvalue() == b'data', taken.getvalue()


main(sys.argv[1], json.loads(sys.argv[2]))
