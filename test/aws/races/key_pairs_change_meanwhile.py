"""Key pairs change while they are listed, twice: what moto's threads do to each other, at a moment that is certain."""
from moto.ec2.models import EC2Backend

describe_key_pairs = EC2Backend.describe_key_pairs
times = iter(range(2))


def changing(self, *args, **named):
    if next(times, None) is not None:
        raise RuntimeError("dictionary changed size during iteration")
    return describe_key_pairs(self, *args, **named)


EC2Backend.describe_key_pairs = changing
