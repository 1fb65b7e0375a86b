"""The API server of every cluster is where GCD_MOTO_EKS_ENDPOINT says (`https://…`), with the authority in the file
GCD_MOTO_EKS_CA (PEM). moto's clusters have a server that nobody has ever reached.

`set_endpoint(endpoint, pem)` changes both from now on, for other patches.
"""
import base64
import os
from pathlib import Path

from moto.eks.models import Cluster

place = {"endpoint": os.environ.get("GCD_MOTO_EKS_ENDPOINT"), "ca": b""}
if os.environ.get("GCD_MOTO_EKS_CA"):
    place["ca"] = Path(os.environ["GCD_MOTO_EKS_CA"]).read_bytes()


def set_endpoint(endpoint, pem):
    place.update(endpoint=endpoint, ca=pem)


make = Cluster.__init__


def init(self, *args, **kwargs):
    make(self, *args, **kwargs)
    if place["endpoint"]:
        self.endpoint = place["endpoint"]
        self.certificate_authority = {"data": base64.b64encode(place["ca"]).decode()}


Cluster.__init__ = init
