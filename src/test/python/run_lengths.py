"""Made-up masks as pycocotools encodes them, in CheXlocalize's form: the golden of RunLengthMask.

    pip install -r src/test/python/requirements.txt
    python src/test/python/run_lengths.py > src/test/resources/org/m2ib/lab/datasets/golden-run-lengths.json

For each image and pathology: `size` and `counts` as published, the same runs as numbers, and the mask as rows of 0 and 1.
"""

import json
import sys

import numpy as np
from pycocotools import mask

RANDOM = np.random.default_rng(20221010)


def runs(pixels):
    """Lengths of the runs outside and inside, column by column."""
    flat = pixels.flatten(order="F")
    ends = np.flatnonzero(np.diff(flat)) + 1
    lengths = np.diff(np.concatenate([[0], ends, [flat.size]]))
    return ([0] if flat[0] else []) + lengths.tolist()


def encoded(pixels):
    pixels = np.asarray(pixels, dtype=np.uint8)
    code = mask.encode(np.asfortranarray(pixels))
    assert mask.area(code) == pixels.sum()
    return {
        "size": list(code["size"]),
        "counts": code["counts"].decode(),
        "runs": runs(pixels),
        "rows": ["".join(map(str, row)) for row in pixels],
    }


def ellipse(rows, columns):
    y, x = np.ogrid[:rows, :columns]
    return ((y - rows * 0.4) / (rows * 0.3)) ** 2 + ((x - columns * 0.6) / (columns * 0.2)) ** 2 < 1


MASKS = {
    "Cardiomegaly": ellipse(40, 50),
    "Edema": np.zeros((40, 50)),
    "Lung Lesion": np.pad(np.ones((1, 1)), ((0, 39), (0, 49))),
    "Consolidation": RANDOM.random((40, 50)) < 0.5,
    "Atelectasis": np.ones((40, 50)),
    "Airspace Opacity": np.pad(ellipse(30, 20), ((5, 5), (28, 2))),
    "Support Devices": np.eye(40, 50),
}

json.dump({name: encoded(pixels) for name, pixels in MASKS.items()}, sys.stdout)
print()
