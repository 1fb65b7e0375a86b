"""IAM's actions have names of their own: lambda:InvokeFunction is what Invoke asks for. moto takes the operations' names."""
from moto.iam.access_control import IAMRequest, IAMRequestBase, S3IAMRequest

names = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:UploadPart": "s3:PutObject",
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "s3:HeadObject": "s3:GetObject",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:ListParts": "s3:ListMultipartUploadParts",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
}
init = IAMRequestBase.__init__


def named(self, *args, **named_args):
    init(self, *args, **named_args)
    self._action = names.get(self._action, self._action)


IAMRequest.__init__ = S3IAMRequest.__init__ = named
