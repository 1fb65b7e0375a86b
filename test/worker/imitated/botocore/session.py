"""Stands in for botocore's Session: it asks the container's provider for credentials, and no other."""
import json
import os
import urllib.request

from .exceptions import CredentialRetrievalError

# botocore waits two seconds, three times.
TIMEOUT = 0.3
TRIES = 2


class Provider:
    """As botocore's providers of credentials."""

    def __init__(self, method):
        self.METHOD = method


class Providers:
    """As the component `credential_provider`."""

    def __init__(self):
        self.providers = [Provider('env'), Provider('container-role'), Provider('iam-role')]


class Session:
    """Credentials are fetched once, when somebody asks for them."""

    def __init__(self):
        self._providers, self._credentials = Providers(), None

    def get_component(self, name):
        """The providers of credentials."""
        assert name == 'credential_provider'
        return self._providers

    def get_credentials(self):
        """What the server of AWS_CONTAINER_CREDENTIALS_FULL_URI gives."""
        assert [each.METHOD for each in self._providers.providers] == ['container-role']
        error = None
        for _ in range(TRIES if self._credentials is None else 0):
            try:
                with urllib.request.urlopen(os.environ['AWS_CONTAINER_CREDENTIALS_FULL_URI'], timeout=TIMEOUT) as answer:
                    self._credentials = json.loads(answer.read().decode())
                    break
            except Exception as failed:
                error = failed
        if self._credentials is None:
            raise CredentialRetrievalError('Error when retrieving credentials from container-role: %s' % error)
        return self._credentials
