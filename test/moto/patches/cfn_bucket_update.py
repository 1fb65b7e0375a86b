"""A bucket that CloudFormation named gets other tags when its template says so; moto asks for a name that it was not given."""
from moto.s3.models import FakeBucket

update = FakeBucket.update_from_cloudformation_json.__func__


def update_bucket(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    cloudformation_json["Properties"].setdefault("BucketName", original_resource.name)
    return update(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name)


FakeBucket.update_from_cloudformation_json = classmethod(update_bucket)
