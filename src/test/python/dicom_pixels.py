"""Goldens for PixelReaderTest: frames as pydicom's decoders see them.

Run in the repository root, with pydicom, numpy, pillow, pylibjpeg, pylibjpeg-libjpeg, pylibjpeg-openjpeg:
    python src/test/python/dicom_pixels.py > src/test/resources/dicom/pixels.json
"""
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pydicom
from pydicom.pixels import get_decoder

LOSSY = {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.91"}
FOLDER = Path("src/test/resources/dicom")


def golden(path):
    ds = pydicom.dcmread(path)
    if "PixelData" not in ds:
        return None
    try:
        syntax = ds.file_meta.TransferSyntaxUID
        frames = []
        decoder = get_decoder(syntax)
        for n in range(int(ds.get("NumberOfFrames", 1) or 1)):
            array, meta = decoder.as_array(ds, index=n, raw=True)
            values = array.astype(np.int64).reshape(-1)
            at = np.linspace(0, values.size - 1, 64).astype(int)
            frames.append({
                "photometric": str(meta["photometric_interpretation"]),
                "shape": list(array.shape),
                "min": int(values.min()), "max": int(values.max()), "sum": int(values.sum()),
                "sha256": hashlib.sha256(values.astype("<i4").tobytes()).hexdigest(),
                "at": at.tolist(), "samples": values[at].tolist(),
            })
    except Exception as e:  # what pydicom cannot read has no golden
        print(path.name, e, file=sys.stderr)
        return None
    return {"lossy": syntax in LOSSY, "frames": frames}


goldens = {}
for path in sorted(FOLDER.glob("**/*.dcm")):
    result = golden(path)
    if result:
        goldens[str(path.relative_to(FOLDER))] = result
print("{\n" + ",\n".join(json.dumps(k) + ": " + json.dumps(v) for k, v in goldens.items()) + "\n}")
