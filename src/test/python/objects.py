"""Makes src/test/resources/dicom/objects: a small drawn picture as an object of each kind of image, with what its kind does to grey levels.

Run in the repository root with pydicom, numpy and pillow:
    python src/test/python/objects.py
"""
import io
import shutil
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate

OUT = Path("src/test/resources/dicom/objects")
CLASS = "1.2.840.10008.5.1.4.1.1."
ROWS, COLUMNS = 60, 50
number = 0


def picture(bits, seed=3, shift=0):
    """A body with two dark lungs and a bright patch."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    x = x - shift
    p = 0.75 - 0.2 * y / ROWS
    for centre in (15, 35):
        p = np.where(((x - centre) / 9) ** 2 + ((y - 30) / 20) ** 2 < 1, 0.25 + 0.002 * y, p)
    p = np.where((x - 37) ** 2 + (y - 40) ** 2 < 16, 0.9, p) + rng.normal(0, 0.01, p.shape)
    return np.round(np.clip(p, 0, 1) * (2 ** bits - 1)).astype(np.int64)


def make(name, sop_class, modality, frames, bits, photometric="MONOCHROME2", signed=False, image_type="ORIGINAL\\PRIMARY", stream=None,
         syntax="1.2.840.10008.1.2.1", study=None, series=None, uid=None, **values):
    global number
    number += 1
    first = frames[0]
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = CLASS + sop_class
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = uid or f"2.25.16034.{number}.1"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = study or f"2.25.16034.{number}", series or f"2.25.16034.{number}.2"
    ds.PatientID, ds.PatientName, ds.Modality, ds.ImageType = f"OBJECTS-{number}", "Drawn^Picture", modality, image_type
    ds.StudyDate, ds.AccessionNumber = "20260101", ""
    ds.SamplesPerPixel = 1 if first.ndim == 2 else 3
    ds.PhotometricInterpretation = photometric
    ds.Rows, ds.Columns = ROWS, COLUMNS
    ds.BitsAllocated = 8 if bits <= 8 else 16
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, bits - 1, int(signed)
    if len(frames) > 1:
        ds.NumberOfFrames = len(frames)
    kind = ("i" if signed else "u") + ("1" if bits <= 8 else "2")
    if first.ndim == 3:
        ds.PlanarConfiguration = values.pop("PlanarConfiguration", 0)
    if stream:
        ds.PixelData = encapsulate([stream])
    else:
        planes = [np.moveaxis(f, -1, 0) if ds.get("PlanarConfiguration") == 1 else f for f in frames]
        ds.PixelData = b"".join(p.astype("<" + kind).tobytes() for p in planes)
    ds["PixelData"].VR = "OB" if stream or bits <= 8 else "OW"
    for keyword, value in values.items():
        setattr(ds, keyword, value)
    pydicom.dcmwrite(OUT / (name + ".dcm"), ds, enforce_file_format=True)
    return ds


def item(**values):
    ds = Dataset()
    for keyword, value in values.items():
        setattr(ds, keyword, value)
        if keyword.startswith("LUT"):
            ds[keyword].VR = "US"
    return ds


def table(first, entries, bits):
    return item(LUTDescriptor=[len(entries), first, bits], LUTData=[int(e) for e in entries])


def projections():
    make("dx_inverse", "1.1", "DX", [picture(14)], 14, "MONOCHROME1", image_type="DERIVED\\PRIMARY", PresentationLUTShape="INVERSE",
         RescaleSlope=1, RescaleIntercept=0, RescaleType="US", WindowCenter=[8000, 5000], WindowWidth=[12000, 3000], ViewPosition="PA")
    make("dx_for_processing", "1.1.1", "DX", [picture(14)], 14, "MONOCHROME1", ViewPosition="PA")
    curve = 255 / (1 + np.exp(-(np.arange(1024) - 500) / 120))
    make("cr_voi_lut", "1", "CR", [picture(10)], 10, VOILUTSequence=[table(0, curve, 8)], WindowCenter=512, WindowWidth=1024,
         ViewPosition="AP")
    make("mg_sigmoid", "1.2", "MG", [picture(12)], 12, "MONOCHROME1", image_type="DERIVED\\PRIMARY", PresentationLUTShape="INVERSE",
         WindowCenter=2000, WindowWidth=1500, VOILUTFunction="SIGMOID", ViewPosition="MLO")
    make("rf", "12.2", "RF", [picture(8, 3, s) for s in range(3)], 8, PixelIntensityRelationship="LIN")
    log = 65535 * np.log1p(np.arange(1024)) / np.log(1024)
    make("xa_modality_lut", "12.1", "XA", [picture(10)], 10, PixelIntensityRelationship="LOG", WindowCenter=512, WindowWidth=900,
         ModalityLUTSequence=[item(LUTDescriptor=[1024, 0, 16], ModalityLUTType="US", LUTData=[int(e) for e in log])])
    make("xa_lin", "12.1", "XA", [picture(10, 3, s) for s in range(2)], 10, PixelIntensityRelationship="DISP", WindowCenter=512,
         WindowWidth=900)


def slices():
    make("ct_signed", "2", "CT", [picture(11) - 1024], 16, signed=True, RescaleSlope=1, RescaleIntercept=0, WindowCenter=[40, -600],
         WindowWidth=[400, 1500])
    make("ct_rescaled", "2", "CT", [picture(12)], 12, RescaleSlope=1, RescaleIntercept=-1024, WindowCenter=1000, WindowWidth=3000)
    make("mr_slope", "4", "MR", [picture(12)], 12, RescaleSlope="2.5", RescaleIntercept="3.25", RescaleType="US")
    for name, sop_class, modality in (("enhanced_ct", "2.1", "CT"), ("enhanced_mr", "4.1", "MR"), ("enhanced_xa", "12.1.1", "XA")):
        per_frame = [item(FrameVOILUTSequence=[item(WindowCenter=500 + 100 * i, WindowWidth=1800)]) for i in range(3)]
        rescale = [item(RescaleSlope=1, RescaleIntercept=-1000 if modality == "CT" else 0, RescaleType="US")]
        make(name, sop_class, modality, [picture(12, 3, s) for s in range(3)], 12,
             SharedFunctionalGroupsSequence=[item(PixelValueTransformationSequence=rescale)], PerFrameFunctionalGroupsSequence=per_frame)


def colours():
    colour = np.stack([picture(8), picture(8, 4), picture(8, 5, 2)], -1)
    make("us_planar", "6.1", "US", [colour], 8, "RGB", PlanarConfiguration=1)
    make("us_grey", "6.1", "US", [picture(8)], 8)
    entries = [np.arange(256) * 257, np.arange(256)[::-1] * 257, np.arange(256) ** 2]
    make("us_palette", "6.1", "US", [picture(8)], 8, "PALETTE COLOR", **{
        f"{c}PaletteColorLookupTable{part}": [256, 0, 16] if part == "Descriptor" else e.astype("<u2").tobytes()
        for c, e in zip(("Red", "Green", "Blue"), entries) for part in ("Descriptor", "Data")})
    make("vl_endoscopic", "77.1.1", "ES", [colour], 8, "RGB")
    out = io.BytesIO()
    Image.fromarray(colour.astype("u1")).save(out, "JPEG", quality=92, subsampling="4:2:2")
    make("vl_photo", "77.1.4", "XC", [colour], 8, "YBR_FULL_422", stream=out.getvalue(), syntax="1.2.840.10008.1.2.4.50",
         LossyImageCompression="01")


def not_attributed():
    make("made_from_another", "7", "OT", [picture(8)], 8, image_type="DERIVED\\SECONDARY",
         SourceImageSequence=[item(ReferencedSOPClassUID=CLASS + "1", ReferencedSOPInstanceUID="2.25.16034.1.1")])
    make("dose_screen", "7", "OT", [picture(8)], 8, image_type="DERIVED\\SECONDARY\\SCREEN SAVE", BurnedInAnnotation="YES")
    make("burned_in", "7", "OT", [picture(8)], 8, image_type="DERIVED\\SECONDARY", BurnedInAnnotation="YES")


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    projections()
    slices()
    colours()
    not_attributed()
