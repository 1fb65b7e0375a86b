"""S3 is strict about the checksums of uploads in parts; moto puts together what S3 refuses.

- An upload that was created with a checksum algorithm takes only parts with a checksum of that algorithm:
  `InvalidRequest: Checksum Type mismatch occurred, expected checksum Type: crc32, actual checksum Type: null`
  (https://github.com/aws/aws-sdk-js-v3/issues/6922, https://github.com/apache/arrow-rs/issues/6793).
- Whoever completes such an upload must list each part's checksum: `InvalidRequest: The upload was created using a crc32
  checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request.`
  (https://github.com/apache/opendal/pull/4580,
  https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html)
- Whoever completes an upload that was created without an algorithm, whose parts came with a checksum nevertheless, as the
  SDKs send it by themselves, and lists ETags alone, gets `InvalidPart`
  (https://github.com/aws/aws-sdk-go-v2/issues/3005, https://github.com/aws/aws-sdk-java-v2/issues/6518,
  https://github.com/transloadit/uppy/pull/6180).
- A listed checksum that is not that of the part is `InvalidPart`; one that does not match the body is `BadDigest`.
"""
from xml.dom import minidom

from moto.s3.exceptions import InvalidPart, S3ClientError
from moto.s3.responses import S3Response
from moto.s3.utils import compute_checksum

algorithms = ("crc32", "crc32c", "crc64nvme", "sha1", "sha256")
# moto has no code for the others.
computable = ("crc32", "sha1", "sha256")


def checksum_of_part(headers):
    """(algorithm, value) of a request with a part; (None, None) without one. The value may follow the body: then None."""
    for algorithm in algorithms:
        value = headers.get("x-amz-checksum-" + algorithm)
        if value:
            return algorithm, value
    trailer = headers.get("x-amz-trailer", "").lower()
    for algorithm in algorithms:
        if trailer == "x-amz-checksum-" + algorithm:
            return algorithm, None
    return None, None


def computed(body, algorithm):
    value = compute_checksum(body, algorithm=algorithm.upper())
    return value.decode() if isinstance(value, bytes) else value


upload_part = S3Response.upload_part


def upload_part_strictly(self):
    upload = self.backend.get_bucket(self.bucket_name).multiparts.get(self._get_param("uploadId"))
    if upload is None:
        return upload_part(self)
    algorithm, value = checksum_of_part(self.headers)
    expected = (upload.metadata.get("x-amz-checksum-algorithm") or "").lower() or None
    if expected and algorithm != expected:
        raise S3ClientError(
            "InvalidRequest",
            "Checksum Type mismatch occurred, "
            f"expected checksum Type: {expected}, actual checksum Type: {algorithm or 'null'}",
        )
    if algorithm in computable:
        right = computed(self.body, algorithm)
        if value not in (None, right):
            raise S3ClientError("BadDigest", f"The {algorithm.upper()} you specified did not match the calculated checksum.")
        value = right
    if not hasattr(upload, "part_checksums"):
        upload.part_checksums = {}
    upload.part_checksums[self._get_int_param("partNumber")] = (algorithm, value)
    return upload_part(self)


complete_body = S3Response._complete_multipart_body


def complete_body_strictly(self, body):
    upload = self.backend.get_bucket(self.bucket_name).multiparts.get(self._get_param("uploadId"))
    known = getattr(upload, "part_checksums", {})
    created_with = (upload.metadata.get("x-amz-checksum-algorithm") or "").lower() if upload else ""
    for part in minidom.parseString(body).getElementsByTagName("Part"):
        number = int(part.getElementsByTagName("PartNumber")[0].firstChild.wholeText)
        algorithm, value = known.get(number, (None, None))
        if algorithm is None:
            continue
        listed = part.getElementsByTagName("Checksum" + algorithm.upper())
        if not listed and created_with:
            raise S3ClientError(
                "InvalidRequest",
                f"The upload was created using a {created_with} checksum. The complete request must include the checksum "
                f"for each part. It was missing for part {number} in the request.",
            )
        if not listed or (value and listed[0].firstChild.wholeText != value):
            raise InvalidPart()
    return complete_body(self, body)


S3Response.upload_part = upload_part_strictly
S3Response._complete_multipart_body = complete_body_strictly
