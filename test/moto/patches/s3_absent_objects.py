"""Who may not list a bucket is not told that an object is not there: S3 answers 403, and 404 only to who may list it
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, Permissions). A permission to list that is bounded by
`s3:prefix` holds for the keys with that prefix: S3 takes the key for it (seen on AWS:
https://github.com/kopia/kopia/pull/3072, and https://github.com/ceph/ceph/pull/68577). moto always says 404.
"""
from moto.s3.exceptions import BucketAccessDeniedError
from moto.s3.responses import S3Response
from s3_policies import allows, caller, is_judged

authorize = S3Response._authenticate_and_authorize_s3_action


def authorized(self, bucket_name=None, key_name=None):
    authorize(self, bucket_name=bucket_name, key_name=key_name)
    if not key_name or self.method not in ("GET", "HEAD") or not is_judged():
        return
    access_key = caller(self)
    if access_key is None or self.backend.get_object(bucket_name, key_name) is not None:
        return
    arn = f"arn:aws:s3:::{bucket_name}"
    if not allows(access_key, "s3:ListBucket", arn, {"s3:prefix": key_name}):
        raise BucketAccessDeniedError(bucket=bucket_name)


S3Response._authenticate_and_authorize_s3_action = authorized
