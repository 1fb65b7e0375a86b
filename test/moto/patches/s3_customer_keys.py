"""What is encrypted with a key of KMS is read and written only by who may use that key; moto asks nobody.

S3 asks KMS on the caller's behalf: `kms:Decrypt` to read an object, `kms:GenerateDataKey` to write one, and both to upload
one in parts, with `kms:ViaService` being `s3.<region>.amazonaws.com` in the conditions
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html,
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service). The key of AWS itself,
`aws/s3`, is for everybody of the account. The key's own policy is taken for the usual one, which leaves it to IAM.
"""
from moto.s3.exceptions import S3ClientError
from moto.s3.responses import S3Response
from s3_policies import allows, caller, is_judged

authorize = S3Response._authenticate_and_authorize_s3_action


def key_of(encryption, key):
    """The ARN of the customer's key; None: another kind of encryption, or AWS's own key."""
    return key if encryption == "aws:kms" and key and not key.endswith("alias/aws/s3") else None


def default_key(bucket):
    rule = (bucket.encryption or {}).get("Rule", {}).get("ApplyServerSideEncryptionByDefault", {})
    return key_of(rule.get("SSEAlgorithm"), rule.get("KMSMasterKeyID"))


def wanted(self, bucket_name, key_name):
    """The key, and the actions on it that S3 asks KMS for."""
    bucket = self.backend.get_bucket(bucket_name)
    if self.method in ("GET", "HEAD"):
        found = self.backend.get_object(bucket_name, key_name)
        return (key_of(found.encryption, found.kms_key_id) if found else None), ["kms:Decrypt"]
    if self.method == "DELETE":
        return None, []
    given = self.headers.get("x-amz-server-side-encryption")
    key = key_of(given, self.headers.get("x-amz-server-side-encryption-aws-kms-key-id")) if given else default_key(bucket)
    in_parts = "uploads" in self.querystring or "uploadId" in self.querystring
    return key, ["kms:GenerateDataKey"] + (["kms:Decrypt"] if in_parts else [])


def authorized(self, bucket_name=None, key_name=None):
    authorize(self, bucket_name=bucket_name, key_name=key_name)
    if not key_name or not is_judged():
        return
    access_key = caller(self)
    key, actions = wanted(self, bucket_name, key_name)
    if access_key is None or key is None:
        return
    context = {"kms:viaservice": f"s3.{self.region}.amazonaws.com"}
    for action in actions:
        if not allows(access_key, action, key, context):
            raise S3ClientError(
                "AccessDenied",
                f"User: {access_key.arn} is not authorized to perform: {action} on resource: {key} "
                f"because no identity-based policy allows the {action} action",
            )


S3Response._authenticate_and_authorize_s3_action = authorized
