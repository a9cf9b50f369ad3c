"""Identifiers of results, derived independently of org.m2ib.results.ResultKey: the rows of ResultKeyTest.

    python src/test/python/result_key.py
"""

import hashlib
import uuid

NAMESPACE = uuid.UUID("6f1c1f4e-92c3-4a5e-8f0b-0a2d5f9c7e31").bytes
STUDY, REPORT, IMAGE, PIXELS, MODEL = "1.2.3", "R1", "1.2.3.4", "cd" * 32, "ab" * 32
M2IB = "v1;layer=9;steps=10;beta=%s;samples=10;learningRate=0x1.0p0;tolerance=0x0.0p0%s;seed=m2ib"
SETTINGS = {
    "m2ib": M2IB % ((0.1).hex(), ""),
    "nib": "v1;layer=9;steps=10",
    "rollout": "v1",
    "rise": "v1;seed=m2ib",
}

# the same with another precision or kind of noise
OTHERS = [";precision=bfloat16", ";noise=antithetic", ";precision=bfloat16;noise=common"]


def derive(kind, *parts):
    """RFC 9562 5.5 over parts that each end with a zero byte."""
    data = b"".join((part + "\0").encode() for part in (kind, *parts))
    digest = bytearray(hashlib.sha1(NAMESPACE + data).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return uuid.UUID(bytes=bytes(digest))


for method, settings in SETTINGS.items():
    name = [] if method == "m2ib" else [method]
    result = (STUDY, REPORT, IMAGE, PIXELS, "1", "No effusion.", "1", MODEL, settings, *name)
    print(
        method,
        derive("result", *result),
        "2.25.%d" % derive("capture", *result).int,
        "2.25.%d" % derive("series", STUDY, REPORT, MODEL, settings, *name).int,
        sep=", ",
    )

for other in OTHERS:
    settings = M2IB % ((0.1).hex(), other)
    print(other, derive("result", STUDY, REPORT, IMAGE, PIXELS, "1", "No effusion.", "1", MODEL, settings))
