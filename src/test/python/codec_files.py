"""Makes src/test/resources/dicom/codecs: small compressed files of drawn pictures, and goldens.json.

What is lossless is expected as drawn, after a second decoder agreed; what is lossy as pydicom's decoders read it. Run in the
repository root, with opj_compress (Debian: libopenjp2-tools), dcmcjpeg (dcmtk), and pydicom, numpy, pylibjpeg,
pylibjpeg-libjpeg, pylibjpeg-openjpeg, pyjpegls:
    python src/test/python/codec_files.py
"""
import base64
import hashlib
import json
import shutil
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

import jpeg_lossless
import jpeg_ls
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import get_decoder

OUT = Path("src/test/resources/dicom/codecs")
J2K_LOSSLESS, J2K = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"
BASELINE, EXTENDED = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"
LOSSLESS, SV1 = "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"
JLS, JLS_NEAR, RLE = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.5"
goldens = {}


def picture(rows, columns, bits, signed=False, colours=1, seed=7):
    """A slope, a disc, a bar at the border and noise, over the whole range."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:rows, 0:columns]
    planes = []
    for c in range(colours):
        p = 0.6 * (x + c * 9) / (columns + 20) + 0.2 * np.sin(y / (5 + c)) ** 2
        p += 0.2 * ((x - columns / 2) ** 2 + (y - rows / 3) ** 2 < (rows / 4) ** 2)
        p += rng.normal(0, 0.01, p.shape)
        p[:, -3:] = 1
        p[-2:, :5] = 0
        planes.append(np.clip(p, 0, 1))
    values = np.round(np.stack(planes, -1) * (2 ** bits - 1)).astype(np.int64)
    values -= 2 ** (bits - 1) if signed else 0
    return values if colours > 1 else values[..., 0]


def dataset(frames, syntax, values, bits, signed, photometric, allocated=None, number=1):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = "1.2.3.4.5"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.3", "1.2.3.4"
    ds.Modality = "OT"
    ds.SamplesPerPixel = 3 if values.ndim == 3 else 1
    ds.PhotometricInterpretation = photometric
    ds.Rows, ds.Columns = values.shape[:2]
    ds.BitsAllocated = allocated or (8 if bits <= 8 else 16)
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, bits - 1, int(signed)
    if ds.SamplesPerPixel == 3:
        ds.PlanarConfiguration = 0
    if number > 1:
        ds.NumberOfFrames = number
    ds.PixelData = encapsulate(frames)
    ds["PixelData"].VR = "OB"
    return ds


def add(name, stream, syntax, values, bits, signed=False, photometric="MONOCHROME2", lossy=False, by=None, now=None):
    """Writes the file, and its golden; by is the decoder that is asked."""
    ds = dataset([stream], syntax, values, bits, signed, photometric)
    path = OUT / (name + ".dcm")
    pydicom.dcmwrite(path, ds, enforce_file_format=True)
    read, meta = get_decoder(ds.file_meta.TransferSyntaxUID).as_array(
        pydicom.dcmread(path), raw=True, decoding_plugin=by or "")
    read = read.astype(np.int64)
    assert lossy or (read == values).all(), (name, np.abs(read - values).max())
    golden = {"bits": bits, "photometric": now or str(meta["photometric_interpretation"]), "lossy": lossy,
              "sha256": hashlib.sha256(read.astype("<i4").tobytes()).hexdigest()}
    if lossy:
        golden["values"] = base64.b64encode(zlib.compress(read.astype("<i4").tobytes(), 9)).decode()
    goldens[name + ".dcm"] = golden


# --- JPEG 2000

def opj(values, bits, signed, *options):
    with tempfile.TemporaryDirectory() as folder:
        planes = [values] if values.ndim == 2 else [values[..., c] for c in range(3)]
        kind = np.dtype("u1" if bits <= 8 else "<u2")
        raw = b"".join((p & (2 ** bits - 1 if not signed else -1)).astype("<i8").astype(kind).tobytes() for p in planes)
        Path(folder, "in.rawl").write_bytes(raw)
        form = f"{values.shape[1]},{values.shape[0]},{len(planes)},{bits},{'s' if signed else 'u'}"
        subprocess.run(["opj_compress", "-i", f"{folder}/in.rawl", "-o", f"{folder}/out.j2k", "-F", form, *options],
                       check=True, stdout=subprocess.DEVNULL)
        return Path(folder, "out.j2k").read_bytes()


def tile_parts(stream):
    """Main header, tile-parts, end."""
    first = at = stream.index(b"\xff\x90")
    parts = []
    while stream[at:at + 2] == b"\xff\x90":
        length = struct.unpack(">I", stream[at + 6:at + 10])[0] or len(stream) - 2 - at
        parts.append(bytearray(stream[at:at + length]))
        at += length
    return stream[:first], parts, stream[at:]


def without_count(stream, which=lambda index: True):
    head, parts, end = tile_parts(stream)
    for part in parts:
        if which(part[10]):
            part[11] = 0
    return head + b"".join(parts) + end


def open_ended(stream):
    head, parts, end = tile_parts(stream)
    parts[-1][6:10] = bytes(4)
    return head + b"".join(parts) + end


def interleaved(stream):
    """The first part of every tile, then the second of every tile."""
    head, parts, end = tile_parts(stream)
    return head + b"".join(sorted(parts, key=lambda p: (p[10], p[5]))) + end


def packed_headers(stream):
    """Packet headers, told by SOP and EPH, go to PPT (Annex A.7.5)."""
    head, parts, end = tile_parts(stream)
    out = []
    for part in parts:
        data = part.index(b"\xff\x93") + 2
        headers, bodies = b"", b""
        for packet in bytes(part[data:]).split(b"\xff\x91\x00\x04")[1:]:
            cut = packet.index(b"\xff\x92") + 2
            headers += packet[2:cut]
            bodies += packet[cut:]
        body = bytes(part[12:data - 2]) + b"\xff\x61" + struct.pack(">HB", len(headers) + 3, part[10]) + headers
        body += b"\xff\x93" + bodies
        out.append(bytes(part[:6]) + struct.pack(">I", 12 + len(body)) + bytes(part[10:12]) + body)
    scod = head.index(b"\xff\x52") + 4
    head = head[:scod] + bytes([head[scod] & ~2]) + head[scod + 1:]  # no SOP any more, EPH stays
    return head + b"".join(out) + end


def jpeg2000():
    grey = picture(90, 77, 12)
    by_resolution = ["-TP", "R"]
    plain = {
        "resolution_parts": by_resolution,
        "layer_parts": ["-TP", "L", "-r", "20,5,1"],
        "tiles_resolution_parts": ["-t", "40,40", "-TP", "R", "-n", "4"],
        "component_parts": ["-TP", "C", "-p", "CPRL"],
    }
    for key, options in plain.items():
        stream = opj(grey, 12, False, *options)
        add(f"j2k_{key}", stream, J2K_LOSSLESS, grey, 12)
        add(f"j2k_{key}_tnsot0", without_count(stream), J2K_LOSSLESS, grey, 12)
    stream = opj(grey, 12, False, *by_resolution)
    add("j2k_tnsot_in_last_part_only", without_count(stream, lambda i: i < 5), J2K_LOSSLESS, grey, 12)
    add("j2k_tnsot_in_first_part_only", without_count(stream, lambda i: i > 0), J2K_LOSSLESS, grey, 12)
    add("j2k_psot0_tnsot0", open_ended(without_count(stream)), J2K_LOSSLESS, grey, 12)
    add("j2k_zero_bytes_after_eoc", stream + bytes(3), J2K_LOSSLESS, grey, 12)
    tiles = opj(grey, 12, False, "-t", "40,40", "-TP", "R", "-n", "4")
    add("j2k_tiles_interleaved", interleaved(tiles), J2K_LOSSLESS, grey, 12)
    add("j2k_tiles_interleaved_tnsot0", interleaved(without_count(tiles)), J2K_LOSSLESS, grey, 12)
    for order in ("RLCP", "RPCL", "PCRL", "CPRL"):
        stream = opj(grey, 12, False, "-p", order, "-r", "9,1", "-c", "[32,32],[16,16]", "-b", "16,16", "-TP", "R")
        add(f"j2k_{order.lower()}_tnsot0", without_count(stream), J2K_LOSSLESS, grey, 12)
    marked = opj(grey, 12, False, "-SOP", "-EPH", "-PLT", "-TLM", "-TP", "R")
    add("j2k_sop_eph_plt_tlm_tnsot0", without_count(marked), J2K_LOSSLESS, grey, 12)
    marked = opj(grey, 12, False, "-SOP", "-EPH", "-TP", "R")
    add("j2k_ppt_tnsot0", without_count(packed_headers(marked)), J2K_LOSSLESS, grey, 12)
    for mode in (1, 2, 4, 8, 16, 32, 62):
        add(f"j2k_mode_{mode}", opj(grey, 12, False, "-M", str(mode)), J2K_LOSSLESS, grey, 12)
    add("j2k_roi", opj(grey, 12, False, "-ROI", "c=0,U=6"), J2K_LOSSLESS, grey, 12)
    add("j2k_poc", opj(grey, 12, False, "-r", "8,1", "-POC", "T1=0,0,2,3,1,RLCP/T1=3,0,2,6,1,LRCP"), J2K_LOSSLESS, grey, 12)
    add("j2k_offsets", opj(grey, 12, False, "-t", "33,29", "-n", "4"), J2K_LOSSLESS, grey, 12)
    add("j2k_one_resolution", opj(grey, 12, False, "-n", "1"), J2K_LOSSLESS, grey, 12)
    for bits, signed in ((1, False), (8, False), (8, True), (10, False), (12, True), (16, False), (16, True)):
        values = picture(64, 50, bits, signed)
        stream = opj(values, bits, signed, "-TP", "R")
        add(f"j2k_{bits}_{'signed' if signed else 'unsigned'}_tnsot0", without_count(stream), J2K_LOSSLESS, values, bits, signed)
    for bits, signed in ((8, False), (12, False), (16, True)):
        values = picture(64, 50, bits, signed)
        stream = opj(values, bits, signed, "-I", "-r", "20,6", "-TP", "R")
        add(f"j2k_lossy_{bits}_{'signed' if signed else 'unsigned'}_tnsot0", without_count(stream), J2K, values, bits, signed,
            lossy=True)
    colour = picture(64, 50, 8, colours=3)
    add("j2k_rct_tnsot0", without_count(opj(colour, 8, False, "-TP", "C")), J2K_LOSSLESS, colour, 8, photometric="YBR_RCT")
    add("j2k_rgb", opj(colour, 8, False, "-mct", "0"), J2K_LOSSLESS, colour, 8, photometric="RGB")
    add("j2k_ict", opj(colour, 8, False, "-I", "-r", "5"), J2K, colour, 8, photometric="YBR_ICT", lossy=True)


# --- JPEG

def jpeg_lossless_files():
    for bits in (8, 12, 16):
        values = picture(40, 37, bits)
        for predictor in range(1, 8):
            for point in (0, 1, 4) if predictor in (1, 6) else (2,):
                kept = values >> point << point
                restart = 37 * (5 if predictor % 2 else 0)
                stream = jpeg_lossless.encode(values, bits, predictor, point, restart)
                syntax = SV1 if predictor == 1 else LOSSLESS
                add(f"jpll_{bits}_p{predictor}_pt{point}", stream, syntax, kept, bits, by="gdcm")
    signed = picture(40, 37, 16, True)
    add("jpll_16_signed", jpeg_lossless.encode(signed & 0xFFFF, 16, 1, 0, 0), SV1, signed, 16, True, by="pylibjpeg")
    stored = picture(40, 37, 10)
    add("jpll_16_for_10_stored", jpeg_lossless.encode(stored, 16, 4, 0, 0), LOSSLESS, stored, 10, by="pylibjpeg")
    colour = picture(40, 37, 8, colours=3)
    for point in (0, 3):
        add(f"jpll_rgb_pt{point}", jpeg_lossless.encode(colour, 8, 1, point, 37 * 4), SV1, colour >> point << point, 8,
            photometric="RGB", by="gdcm")


def dcmtk(name, values, bits, syntax, *options, photometric="MONOCHROME2", now=None):
    with tempfile.TemporaryDirectory() as folder:
        ds = dataset([b"\0\0"], "1.2.840.10008.1.2.1", values, bits, False, photometric)
        ds.PixelData = values.astype("u1" if bits <= 8 else "<u2").tobytes()
        ds["PixelData"].VR = "OB" if bits <= 8 else "OW"
        ds["PixelData"].is_undefined_length = False
        pydicom.dcmwrite(f"{folder}/in.dcm", ds, enforce_file_format=True)
        subprocess.run(["dcmcjpeg", *options, f"{folder}/in.dcm", f"{folder}/out.dcm"], check=True)
        made = pydicom.dcmread(f"{folder}/out.dcm")
        assert made.file_meta.TransferSyntaxUID == syntax
        stream = next(pydicom.encaps.generate_frames(made.PixelData, number_of_frames=1))
        add(name, stream, syntax, values, bits, photometric=str(made.PhotometricInterpretation), lossy=True, by="pylibjpeg",
            now=now)


def jpeg_lossy_files():
    for bits in (8,):
        values = picture(50, 43, bits)
        dcmtk(f"jpeg_extended_{bits}", values, bits, EXTENDED, "+ee", "+q", "95", "+be" if bits == 8 else "+bt", "+sr")
    grey = picture(50, 43, 8)
    dcmtk("jpeg_baseline_grey", grey, 8, BASELINE, "+eb", "+q", "90", "+sr")
    colour = picture(50, 44, 8, colours=3)
    dcmtk("jpeg_baseline_422", colour, 8, BASELINE, "+eb", photometric="RGB", now="YBR_FULL")
    dcmtk("jpeg_baseline_444", colour, 8, BASELINE, "+eb", "+s4", photometric="RGB")
    dcmtk("jpeg_baseline_rgb", colour, 8, BASELINE, "+eb", "+cr", photometric="RGB")


# --- JPEG-LS and RLE

def jpeg_ls_files():
    for bits, signed in ((2, False), (8, False), (8, True), (10, False), (12, False), (16, False), (16, True)):
        values = picture(60, 51, bits, signed)
        ds = dataset([b"\0\0"], JLS, values, bits, signed, "MONOCHROME2")
        stream = jls(values, bits, signed)
        add(f"jls_{bits}_{'signed' if signed else 'unsigned'}", stream, JLS, values, bits, signed, by="pyjpegls")
    values = picture(60, 51, 12)
    for near in (1, 4):
        add(f"jls_near_{near}", jls(values, 12, False, near), JLS_NEAR, values, 12, lossy=True)
    colour = picture(30, 41, 8, colours=3)
    for mode, name in ((0, "none"), (2, "sample")):
        add(f"jls_rgb_{name}", jls(colour, 8, False, 0, mode), JLS, colour, 8, photometric="RGB")
    flat = np.full((40, 61), 77)
    flat[20:, 30:] = 900
    add("jls_runs", jls(flat, 10, False), JLS, flat, 10)


def jls(values, bits, signed, near=0, mode=0):
    data = (values & (1 << bits) - 1).astype("u1" if bits <= 8 else "<u2")
    if values.ndim == 3 and mode < 2:
        data = np.moveaxis(data, -1, mode)
    colours = 3 if values.ndim == 3 else 1
    return bytes(jpeg_ls.encode_buffer(data.tobytes(), *values.shape[:2], colours, bits, near, mode))


def rle_files():
    from pydicom.pixels.encoders import RLELosslessEncoder
    for bits, signed, colours in ((8, False, 1), (12, True, 1), (16, False, 1), (8, False, 3), (16, False, 3)):
        values = picture(30, 41, bits, signed, colours)
        kind = ("i" if signed else "u") + ("1" if bits <= 8 else "2")
        photometric = "RGB" if colours == 3 else "MONOCHROME2"
        stream = RLELosslessEncoder.encode(
            values.astype(kind), rows=30, columns=41, samples_per_pixel=colours, number_of_frames=1,
            bits_allocated=8 if bits <= 8 else 16, bits_stored=bits, photometric_interpretation=photometric,
            pixel_representation=int(signed), planar_configuration=0)
        add(f"rle_{bits}_{'signed' if signed else 'unsigned'}_{colours}", stream, RLE, values, bits, signed, photometric)


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    jpeg2000()
    jpeg_lossless_files()
    jpeg_lossy_files()
    # jpeg_ls_files()
    rle_files()
    lines = (json.dumps(name) + ": " + json.dumps(golden) for name, golden in sorted(goldens.items()))
    (OUT / "goldens.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
