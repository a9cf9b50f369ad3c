"""Goldens for imaging: display values by pydicom, resizing by Pillow with Hugging Face's rules.

Run in the repository root, with pydicom, numpy, pillow, pylibjpeg, pylibjpeg-openjpeg:
    python src/test/python/preprocessing.py
"""
import json
import warnings
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image
from pydicom.pixels import apply_modality_lut, apply_voi_lut, pixel_array

warnings.simplefilter("ignore")
OUT = Path("src/test/resources/imaging")
DICOM = Path("src/test/resources/dicom")


def display(ds):
    """8-bit display image: modality LUT, VOI LUT or window or full range, MONOCHROME1."""
    x = apply_modality_lut(pixel_array(ds, index=0), ds).astype(np.float64)
    if "VOILUTSequence" in ds:
        v = apply_voi_lut(x.astype(int), ds) / (2 ** int(ds.VOILUTSequence[0].LUTDescriptor[2]) - 1)
    elif "WindowCenter" in ds:
        c = np.atleast_1d(ds.WindowCenter)[0]
        w = np.atleast_1d(ds.WindowWidth)[0]
        v = np.clip((x - (c - 0.5)) / (w - 1) + 0.5, 0, 1)
    else:
        v = (x - x.min()) / (x.max() - x.min())
    if ds.PhotometricInterpretation == "MONOCHROME1":
        v = 1 - v
    return np.floor(v * 255 + 0.5).astype(np.uint8)


def shortest(image, edge, resample):
    w, h = image.size
    size = (edge, int(edge * h / w)) if w <= h else (int(edge * w / h), edge)
    return image.resize(size, resample)


def center_crop(array, n):
    """As transformers.image_transforms.center_crop has it, in effect: zeros outside."""
    h, w = array.shape[:2]
    top, left = (h - n) // 2, (w - n) // 2
    out = np.zeros((n, n) + array.shape[2:], array.dtype)
    y0, x0, y1, x1 = max(0, top), max(0, left), min(h, top + n), min(w, left + n)
    out[y0 - top:y1 - top, x0 - left:x1 - left] = array[y0:y1, x0:x1]
    return out


# small pictures, all filters, up and down
rng = np.random.default_rng(7)
cases = []
for h, w, nh, nw in [(7, 5, 3, 4), (5, 7, 11, 13), (16, 16, 5, 5), (9, 4, 9, 2), (3, 3, 3, 3), (1, 6, 4, 2), (40, 33, 8, 7)]:
    for number in (1, 2, 3, 4, 5):
        a = rng.integers(0, 256, (h, w), dtype=np.uint8)
        b = np.asarray(Image.fromarray(a).resize((nw, nh), number))
        cases.append({"filter": number, "rows": h, "columns": w, "in": a.reshape(-1).tolist(),
                      "newRows": nh, "newColumns": nw, "out": b.reshape(-1).tolist()})
(OUT / "resize.json").write_text("[\n" + ",\n".join(map(json.dumps, cases)) + "\n]\n")

# the radiograph as CLIP's and as SigLIP's processor take it
radiograph = Image.fromarray(display(pydicom.dcmread(DICOM / "RG1_J2KI.dcm")))
Image.fromarray(center_crop(np.asarray(shortest(radiograph, 224, 3)), 224)).save(OUT / "RG1-clip-224.png")
radiograph.resize((96, 96), 2).save(OUT / "RG1-square-96.png")

# display values at 64 places, and their mean
shown = {}
for name in ["vlut_04", "RG1_J2KI", "CT_small", "MR2_J2KI", "bad_sequence", "JPEG-LL", "explicit_VR-UN"]:
    v = display(pydicom.dcmread(DICOM / f"{name}.dcm")).reshape(-1)
    at = np.linspace(0, v.size - 1, 64).astype(int)
    shown[name + ".dcm"] = {"mean": float(v.mean()), "at": at.tolist(), "values": v[at].tolist()}
for name in ["OBXXXX1A_rle", "SC_ybr_full_422_uncompressed", "ExplVR_BigEnd", "pixels/SC_rgb_jpeg_dcmtk"]:
    ds = pydicom.dcmread(DICOM / f"{name}.dcm")
    a = pixel_array(ds)
    if ds.PhotometricInterpretation == "PALETTE COLOR":
        from pydicom.pixels import apply_color_lut
        a = apply_color_lut(a, ds) // 257
    v = a.reshape(-1)
    at = np.linspace(0, v.size - 1, 64).astype(int)
    shown[name + ".dcm"] = {"mean": float(v.mean()), "at": at.tolist(), "values": v[at].tolist()}
(OUT / "display.json").write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in shown.items()) + "\n}\n")
