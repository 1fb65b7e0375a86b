"""Service Quotas knows the quotas of EC2, EKS, Lambda and CodeBuild that gcd-sfn looks at; moto knows those of VPC.

An account has AWS's defaults, but what it was given: `POST /moto-api/quotas?service=ec2&code=L-1216C47A&value=5`, which is
forgotten when moto is reset; `real=0` makes another value hold than is shown, as accounts have been seen to have. Values are those of accounts that have been there for some time.
"""
import json
from urllib.parse import parse_qs, urlsplit

from moto.moto_api._internal.urls import url_paths
from moto.servicequotas.exceptions import NoSuchResource
from moto.servicequotas.models import ServiceQuotasBackend, servicequotas_backends
from moto.servicequotas.responses import ServiceQuotasResponse

of_vpc = ServiceQuotasBackend.list_aws_default_service_quotas
defaults = {
    "ec2": {
        "L-1216C47A": ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 640),
        "L-34B43A08": ("All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", 640),
        "L-DB2E81BA": ("Running On-Demand G and VT instances", 64),
        "L-3819A6DF": ("All G and VT Spot Instance Requests", 64),
    },
    "eks": {"L-1194D53C": ("Clusters", 100)},
    "lambda": {"L-B99A9384": ("Concurrent executions", 1000)},
    "codebuild": {
        "L-9D07B6EF": ("Concurrently running builds for Linux/Small environment", 60),
        "L-2DC20C30": ("Concurrently running builds for Linux/Medium environment", 60),
        # The code is made up: AWS's is not public.
        "L-A0000001": ("Concurrently running builds for ARM/Medium environment", 60),
    },
}


def list_aws_default_service_quotas(self, service_code):
    if service_code == "vpc":
        return of_vpc(self, service_code)
    if service_code not in defaults:
        raise NoSuchResource
    return [
        {
            "ServiceCode": service_code,
            "QuotaCode": code,
            "QuotaName": name,
            "Value": float(value),
            "Adjustable": True,
            "GlobalQuota": False,
        }
        for code, (name, value) in defaults[service_code].items()
    ]


def default_of(self, service_code, quota_code):
    for quota in self.list_aws_default_service_quotas(service_code):
        if quota["QuotaCode"] == quota_code:
            return quota
    raise NoSuchResource


def get_service_quota(self, service_code, quota_code):
    given = self.__dict__.setdefault("given", {}).get((service_code, quota_code))
    quota = default_of(self, service_code, quota_code)
    return quota if given is None else {**quota, "Value": given}


def get_aws_default_service_quota(self):
    asked = json.loads(self.body)
    quota = default_of(self.backend, asked.get("ServiceCode"), asked.get("QuotaCode"))
    return json.dumps({"Quota": quota})


def real_limit(account_id, region, service_code, quota_code):
    """What holds, whatever is shown."""
    backend = servicequotas_backends[account_id][region]
    real = backend.__dict__.setdefault("real", {}).get((service_code, quota_code))
    return backend.get_service_quota(service_code, quota_code)["Value"] if real is None else real


def give(request, full_url, headers):
    asked = {name: values[0] for name, values in parse_qs(urlsplit(full_url).query).items()}
    backend = servicequotas_backends["123456789012"][asked.get("region", "us-east-1")]
    given = backend.__dict__.setdefault("given", {})
    quota = asked["service"], asked["code"]
    given[quota] = float(asked["value"])
    backend.__dict__.setdefault("real", {})[quota] = float(asked.get("real", asked["value"]))
    return 200, {}, "{}"


ServiceQuotasBackend.list_aws_default_service_quotas = list_aws_default_service_quotas
ServiceQuotasBackend.get_service_quota = get_service_quota
ServiceQuotasResponse.get_aws_default_service_quota = get_aws_default_service_quota
url_paths["{0}/moto-api/quotas$"] = give
