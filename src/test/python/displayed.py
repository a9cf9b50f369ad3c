"""Makes src/test/resources/imaging/dcmtk.json: test files as dcmtk displays them, every so many grey levels or colour values.

The display is that of PS3.4 N.2: modality LUT, then the VOI LUT, else the first window, else the range of the values. What dcmj2pnm
does not decompress, pydicom does before. MEANT has the files that dcmtk refuses or takes otherwise than they are meant, and what is
changed in them before. Run in the repository root with dcmtk, and pydicom, numpy, pylibjpeg, pylibjpeg-libjpeg, pylibjpeg-openjpeg:
    python src/test/python/displayed.py
"""
import base64
import json
import re
import subprocess
import tempfile
import warnings
import zlib
from pathlib import Path

import numpy as np
import pydicom

FILES = Path("src/test/resources/dicom")
FOLDERS = (".", "display", "identity", "cases", "objects", "codecs")
OUT = Path("src/test/resources/imaging/dcmtk.json")
MOST = 1200
BY_DCMTK = {"1.2.840.10008.1.2" + end for end in ("", ".1", ".2", ".1.99", ".4.50", ".4.51", ".4.53", ".4.55", ".4.57", ".4.70")}

JPEG_LS = {"1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"}


def without_nan(ds):  # not a DS (PS3.5 6.2): as if absent
    for keyword in ("WindowCenter", "WindowWidth", "RescaleSlope"):
        if keyword in ds and "nan" in str(ds[keyword].value).lower():
            del ds[keyword]


def frame_as_whole(ds):  # dcmtk does not look into functional groups (PS3.3 C.7.6.16.2.9, C.7.6.16.2.10)
    groups = [g for name in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence") for g in list(ds.get(name) or [])[:1]]
    for group in groups:
        for macro in ("PixelValueTransformationSequence", "FrameVOILUTSequence"):
            for item in group.get(macro) or []:
                ds.update({element.tag: element for element in item})


MEANT = {
    "window_function_lower_case.dcm": lambda ds: setattr(ds, "VOILUTFunction", ds.VOILUTFunction.upper()),
    "high_bit_wrong_11_for_16.dcm": lambda ds: setattr(ds, "HighBit", 15),
    # has the bytes of 4:4:4, as pydicom reads them
    "ybr_full_422_short_as_if_444.dcm": lambda ds: setattr(ds, "PhotometricInterpretation", "YBR_FULL"),
    "rescale_nan.dcm": without_nan, "window_nan.dcm": without_nan, "enhanced_sc_per_frame_voi.dcm": frame_as_whole,
    "enhanced_ct.dcm": frame_as_whole, "enhanced_mr.dcm": frame_as_whole, "enhanced_xa.dcm": frame_as_whole}


def pnm(data):
    head = re.match(rb"P([56])\s+(?:#[^\n]*\n)*(\d+)\s+(\d+)\s+255\s", data)
    columns, rows = int(head[2]), int(head[3])
    return rows, columns, 1 if head[1] == b"5" else 3, np.frombuffer(data[head.end():], "u1")


def voi(ds):
    if not str(ds.get("PhotometricInterpretation", "")).upper().startswith("MONO"):
        return []
    if any(item.get("LUTData") is not None for item in ds.get("VOILUTSequence") or []):
        return ["+Wl", "1"]
    return ["+Wi", "1"] if ds.get("WindowCenter") not in (None, "") else ["+Wm"]


def displayed(path, folder):
    ds = pydicom.dcmread(path)
    source, out = path, folder / "out.pnm"
    out.unlink(missing_ok=True)
    meant = MEANT.get(path.name)
    if meant:
        meant(ds)
    if ds.file_meta.TransferSyntaxUID not in BY_DCMTK:
        ds.decompress(decoding_plugin="pylibjpeg" if ds.file_meta.TransferSyntaxUID in JPEG_LS else "")
    if meant or ds.file_meta.TransferSyntaxUID != pydicom.dcmread(path, stop_before_pixels=True).file_meta.TransferSyntaxUID:
        source = folder / "plain.dcm"
        ds.save_as(source)
    done = subprocess.run(["dcmj2pnm", "--write-raw-pnm", "--no-overlays", *voi(ds), source, out], capture_output=True)
    return None if done.returncode or not out.exists() else pnm(out.read_bytes())


if __name__ == "__main__":
    goldens = {}
    with tempfile.TemporaryDirectory() as temporary:
        for folder in FOLDERS:
            pattern = "*.dcm" if folder == "." else "**/*.dcm"
            for path in sorted((FILES / folder).glob(pattern)):
                if path.name.startswith("no_"):
                    continue
                try:
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        seen = displayed(path, Path(temporary))
                except Exception as e:  # a file that pydicom does not read
                    print(path, repr(e)[:100])
                    continue
                if seen is None:
                    print(path, "not displayed by dcmtk")
                    continue
                rows, columns, channels, levels = seen
                stride = max(1, levels.size // MOST) | 1
                goldens[str(path.relative_to(FILES))] = {
                    "rows": rows, "columns": columns, "channels": channels, "stride": stride,
                    "levels": base64.b64encode(zlib.compress(levels[::stride].tobytes(), 9)).decode()}
    lines = (json.dumps(name) + ": " + json.dumps(golden) for name, golden in sorted(goldens.items()))
    OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
