"""Makes src/test/resources/dicom/codecs: small compressed files of drawn pictures, and goldens.json.

What is lossless is expected as drawn, after a second decoder agreed; what is lossy as pydicom's decoders read it; what is damaged
or of a kind that is not read, with words of its refusal. Run in the repository root, with opj_compress (Debian: libopenjp2-tools),
ojph_compress (openjph-tools), dcmcjpeg (dcmtk), and pydicom, numpy, pillow, python-gdcm, pylibjpeg, pylibjpeg-libjpeg,
pylibjpeg-openjpeg, pyjpegls:
    python src/test/python/codec_files.py
"""
import base64
import hashlib
import io
import json
import shutil
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

import jpeg_lossless
import jpeg_ls
import libjpeg
import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import get_decoder

OUT = Path("src/test/resources/dicom/codecs")
J2K_LOSSLESS, J2K = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"
BASELINE, EXTENDED = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"
LOSSLESS, SV1 = "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"
RLE = "1.2.840.10008.1.2.5"
UNCOMPRESSED, DEFLATED = "1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.8.1"
SPECTRAL, PROGRESSIVE = "1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.55"  # retired
JPEG_LS, NEAR_LOSSLESS = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"
HTJ2K_LOSSLESS, HTJ2K_RPCL, HTJ2K = ("1.2.840.10008.1.2.4." + end for end in ("201", "202", "203"))
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


def write(name, ds):
    path, syntax = OUT / (name + ".dcm"), ds.file_meta.TransferSyntaxUID
    if syntax == DEFLATED:  # pydicom 3.0 does not know it
        ds.file_meta.TransferSyntaxUID = UNCOMPRESSED
    pydicom.dcmwrite(path, ds, enforce_file_format=True)
    if syntax == DEFLATED:
        path.write_bytes(path.read_bytes().replace(UNCOMPRESSED.encode(), DEFLATED.encode() + b"\0"))


def add(name, stream, syntax, values, bits, signed=False, photometric="MONOCHROME2", lossy=False, by=None, now=None, program=None):
    """Writes the file, and its golden; by is the decoder that is asked, program what the service needs."""
    ds = dataset([stream], syntax, values, bits, signed, photometric)
    path = OUT / (name + ".dcm")
    pydicom.dcmwrite(path, ds, enforce_file_format=True)
    if syntax in (SPECTRAL, PROGRESSIVE):  # pydicom knows no decoder
        read, meta = libjpeg.decode(stream), {"photometric_interpretation": photometric}
    else:
        read, meta = get_decoder(ds.file_meta.TransferSyntaxUID).as_array(
            pydicom.dcmread(path), raw=True, decoding_plugin=by or "")
    read = read.astype(np.int64)
    assert lossy or (read == values).all(), (name, np.abs(read - values).max())
    golden = {"bits": bits, "photometric": now or str(meta["photometric_interpretation"]), "lossy": lossy,
              "sha256": hashlib.sha256(read.astype("<i4").tobytes()).hexdigest()}
    if program:
        golden["program"] = program
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


def dcmtk(name, values, bits, syntax, *options, photometric="MONOCHROME2", now=None, program=None):
    """Returns the stream."""
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
            now=now, program=program)
        return stream


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


# --- RLE

def rle(values, bits, signed=False):
    from pydicom.pixels.encoders import RLELosslessEncoder
    colours = 3 if values.ndim == 3 else 1
    kind = ("i" if signed else "u") + ("1" if bits <= 8 else "2")
    return RLELosslessEncoder.encode(
        values.astype(kind), rows=values.shape[0], columns=values.shape[1], samples_per_pixel=colours, number_of_frames=1,
        bits_allocated=8 if bits <= 8 else 16, bits_stored=bits, pixel_representation=int(signed), planar_configuration=0,
        photometric_interpretation="RGB" if colours == 3 else "MONOCHROME2")


def rle_files():
    for bits, signed, colours in ((8, False, 1), (12, True, 1), (16, False, 1), (8, False, 3), (16, False, 3)):
        values = picture(30, 41, bits, signed, colours)
        photometric = "RGB" if colours == 3 else "MONOCHROME2"
        add(f"rle_{bits}_{'signed' if signed else 'unsigned'}_{colours}", rle(values, bits, signed), RLE, values, bits, signed,
            photometric)


# --- Frames that are not compressed, or deflated

def plain_files():
    def deflate(data):
        packed = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packed.compress(data) + packed.flush()
    for bits, signed, colours in ((8, False, 1), (12, True, 1), (16, False, 1), (8, False, 3)):
        values = picture(31, 41, bits, signed, colours)
        name = f"{bits}_{'signed' if signed else 'unsigned'}_{colours}"
        raw = values.astype(("<i" if signed else "<u") + ("1" if bits <= 8 else "2")).tobytes()
        photometric = "RGB" if colours == 3 else "MONOCHROME2"
        for kind, syntax, stream in (("uncompressed", UNCOMPRESSED, raw + bytes(len(raw) % 2)), ("deflated", DEFLATED, deflate(raw))):
            write(f"{kind}_{name}", dataset([stream], syntax, values, bits, signed, photometric))
            goldens[f"{kind}_{name}.dcm"] = {"bits": bits, "photometric": photometric, "lossy": False,
                                             "sha256": hashlib.sha256(values.astype("<i4").tobytes()).hexdigest()}
    grey = picture(31, 41, 8)
    raw = grey.astype("u1").tobytes()
    refuse("no_deflated_long", deflate(bytes(1_000_000)), DEFLATED, grey, 8, "longer than its size")
    refuse("no_deflated_short", deflate(raw[:-41]), DEFLATED, grey, 8, "need 1271 bytes")
    refuse("no_deflated_cut", deflate(raw)[:-200], DEFLATED, grey, 8, "cannot be decoded")
    refuse("no_uncompressed_short", raw[:-41], UNCOMPRESSED, grey, 8, "need 1271 bytes")


# --- What has to be refused

def refuse(name, stream, syntax, values, bits, words, photometric="MONOCHROME2", program=None):
    """program: what the service needs to find out."""
    write(name, dataset([bytes(stream)], syntax, values, bits, False, photometric))
    goldens[name + ".dcm"] = {"refused": words} | ({"program": program} if program else {})


def jpg(values, **options):
    out = io.BytesIO()
    Image.fromarray(values.astype("u1")).save(out, "JPEG", **options)
    return out.getvalue()


def high_throughput(values, bits=8, *options):
    """Signed samples are encoded with half their range added, and then declared signed: that is the same stream."""
    signed = values.min() < 0
    with tempfile.TemporaryDirectory() as folder:
        name = "in.ppm" if values.ndim == 3 else "in.pgm"
        head = f"P{6 if values.ndim == 3 else 5}\n{values.shape[1]} {values.shape[0]}\n{2 ** bits - 1}\n".encode()
        raw = (values + 2 ** (bits - 1) * signed).astype("u1" if bits <= 8 else ">u2").tobytes()
        Path(folder, name).write_bytes(head + raw)
        subprocess.run(["ojph_compress", "-i", f"{folder}/{name}", "-o", f"{folder}/out.j2c", *(options or ("-reversible", "true"))],
                       check=True, stdout=subprocess.DEVNULL)
        stream = bytearray(Path(folder, "out.j2c").read_bytes())
        stream[stream.index(b"\xff\x51") + 40] |= 0x80 * signed
        return bytes(stream)


# --- What programs decode

def jpeg_ls_files():
    by = dict(by="pyjpegls", program="dcmdjpls")
    for bits, signed in ((8, False), (10, False), (12, True), (16, False), (16, True)):
        values = picture(40, 37, bits, signed)
        stream = ls(values, bits)
        add(f"jls_{bits}_{'signed' if signed else 'unsigned'}", stream, JPEG_LS, values, bits, signed, **by)
    few = picture(40, 37, 5)
    add("jls_5_unsigned", ls(few, 5), JPEG_LS, few, 5, by="pyjpegls", program="gdcmconv")
    for bits, near in ((8, 2), (12, 3)):
        values = picture(40, 37, bits)
        add(f"jls_near_{bits}", ls(values, bits, near), NEAR_LOSSLESS, values, bits, lossy=True, **by)
    colour = picture(40, 37, 8, colours=3)
    for mode, interleave in enumerate(("plane", "line", "sample")):
        given = np.ascontiguousarray(np.moveaxis(colour, -1, 0)) if mode == 0 else colour
        add(f"jls_rgb_by_{interleave}", ls(given, 8, mode=mode), JPEG_LS, colour, 8, photometric="RGB", **by)
    grey = picture(40, 37, 12)
    whole = ls(grey, 12)
    refuse("no_jls_cut", whole[:len(whole) // 2], JPEG_LS, grey, 12, "ends without EOI")
    refuse("no_jls_cut_and_eoi", whole[:len(whole) // 2] + b"\xff\xd9", JPEG_LS, grey, 12, "dcmdjpls", program="dcmdjpls")
    refuse("no_jls_followed_by_another", whole + whole, JPEG_LS, grey, 12, "more frames than told")
    refuse("no_jls_more_columns", whole, JPEG_LS, picture(40, 39, 12), 12, "37 columns")
    planes = ls(np.ascontiguousarray(np.moveaxis(colour, -1, 0)), 8, mode=0)
    refuse("no_jls_plane_missing", planes[:planes.rindex(b"\xff\xda")] + b"\xff\xd9", JPEG_LS, colour, 8, "lacks scans", "RGB")
    refuse("no_jls_16_for_12_stored", ls(picture(40, 37, 16), 16), JPEG_LS, grey, 12, "does not fit 12 bits", program="dcmdjpls")


def ls(values, bits, near=0, mode=None):
    return bytes(jpeg_ls.encode(values.astype(np.int64).astype("u1" if bits <= 8 else "<u2") & np.array(2 ** bits - 1, "u2").astype(
        "u1" if bits <= 8 else "<u2"), near, mode))


def jpeg_12_bit_files():
    grey = picture(50, 43, 12)
    kinds = (("extended", EXTENDED, ("+ee",)), ("spectral", SPECTRAL, ("+es",)), ("progressive", PROGRESSIVE, ("+ep",)))
    for kind, syntax, options in kinds:
        stream = dcmtk(f"jpeg_{kind}_12", grey, 12, syntax, *options, "+q", "95", "+bt", "+sr", program="dcmdjpeg")
        refuse(f"no_jpeg_{kind}_12_cut", stream[:len(stream) * 3 // 4], syntax, grey, 12, "EOI")
        refuse(f"no_jpeg_{kind}_12_cut_and_eoi", stream[:len(stream) * 3 // 4] + b"\xff\xd9", syntax, grey, 12,
               "dcmdjpeg" if kind == "extended" else "the compressed image" if kind == "spectral" else "the ", program="dcmdjpeg")
    last = stream[:stream.rindex(b"\xff\xda")]
    refuse("no_jpeg_progressive_12_last_scan_missing", last + b"\xff\xd9", PROGRESSIVE, grey, 12, "lacks scans")
    dcmtk("jpeg_spectral_8", picture(50, 43, 8), 8, SPECTRAL, "+es", "+q", "95", "+be", "+sr")


def high_throughput_files():
    by = dict(by="pylibjpeg", program="ojph_expand")
    for bits, signed in ((8, False), (10, False), (12, True), (16, False), (16, True)):
        values = picture(50, 43, bits, signed)
        add(f"htj2k_{bits}_{'signed' if signed else 'unsigned'}", high_throughput(values, bits), HTJ2K_LOSSLESS, values, bits, signed, **by)
    grey = picture(50, 43, 12)
    add("htj2k_rpcl", high_throughput(grey, 12, "-reversible", "true", "-prog_order", "RPCL"), HTJ2K_RPCL, grey, 12, **by)
    tiles = high_throughput(grey, 12, "-reversible", "true", "-tile_size", "{30,30}")
    add("htj2k_tiles", tiles, HTJ2K, grey, 12, **by)
    add("htj2k_lossy_12", high_throughput(grey, 12, "-qstep", "0.002"), HTJ2K, grey, 12, lossy=True, **by)
    colour = picture(50, 43, 8, colours=3)
    add("htj2k_rct", high_throughput(colour), HTJ2K_LOSSLESS, colour, 8, photometric="YBR_RCT", **by)
    add("htj2k_rgb", high_throughput(colour, 8, "-reversible", "true", "-colour_trans", "false"), HTJ2K_LOSSLESS, colour, 8,
        photometric="RGB", **by)
    add("htj2k_ict", high_throughput(colour, 8, "-qstep", "0.005"), HTJ2K, colour, 8, photometric="YBR_ICT", lossy=True, **by)
    small = picture(50, 43, 8)
    add("htj2k_in_j2k_lossless", high_throughput(small), J2K_LOSSLESS, small, 8, **by)
    add("j2k_in_htj2k_lossless", opj(grey, 12, False), HTJ2K_LOSSLESS, grey, 12, by="pylibjpeg")
    plain = high_throughput(grey, 12)
    refuse("no_htj2k_cut", plain[:len(plain) // 2], HTJ2K_LOSSLESS, grey, 12, "ends in tile-part")
    refuse("no_htj2k_cut_and_eoc", plain[:len(plain) // 2] + b"\xff\xd9", HTJ2K_LOSSLESS, grey, 12, "ends in tile-part")
    at = plain.index(b"\xff\x90")
    half = plain[:at + (len(plain) - at) // 2]
    told = half[:at + 6] + struct.pack(">I", len(half) - at) + half[at + 10:] + b"\xff\xd9"
    refuse("no_htj2k_cut_and_told", told, HTJ2K_LOSSLESS, grey, 12, "ojph_expand", program="ojph_expand")
    head, pieces, end = tile_parts(tiles)
    refuse("no_htj2k_tile_missing", head + b"".join(pieces[:-1]) + end, HTJ2K_LOSSLESS, grey, 12, "lacks tile 3 of 4")
    refuse("no_htj2k_more_rows", plain, HTJ2K_LOSSLESS, picture(52, 43, 12), 12, "50 rows")


def jpeg2000_refusals():
    grey = picture(50, 43, 12)
    plain, parts = opj(grey, 12, False), opj(grey, 12, False, "-TP", "R")
    for eighth in (1, 4, 7):
        refuse(f"no_j2k_cut_{eighth}", plain[:len(plain) * eighth // 8], J2K_LOSSLESS, grey, 12, "ends in ")
    refuse("no_j2k_cut_and_eoc", plain[:len(plain) // 2] + b"\xff\xd9", J2K_LOSSLESS, grey, 12, "ends in tile-part")
    head, pieces, end = tile_parts(parts)
    refuse("no_j2k_last_part_missing", head + b"".join(pieces[:-1]) + end, J2K_LOSSLESS, grey, 12, "5 of 6 tile-parts")
    refuse("no_j2k_tnsot0_without_eoc", without_count(head + b"".join(pieces[:-1])), J2K_LOSSLESS, grey, 12, "without EOC")
    refuse("no_j2k_second_part_missing", head + b"".join(pieces[:1] + pieces[2:]) + end, J2K_LOSSLESS, grey, 12, "in an invalid position")
    head, pieces, end = tile_parts(opj(grey, 12, False, "-t", "30,30", "-n", "4"))
    refuse("no_j2k_tile_missing", head + b"".join(pieces[:-1]) + end, J2K_LOSSLESS, grey, 12, "lacks tile 3 of 4")
    refuse("no_j2k_followed_by_another", plain + plain, J2K_LOSSLESS, grey, 12, "more frames than told")
    refuse("no_j2k_ppm", plain.replace(b"\xff\x52", b"\xff\x60\0\x03\0\xff\x52", 1), J2K_LOSSLESS, grey, 12, "packed packet headers")
    refuse("no_j2k_image_offset", opj(grey, 12, False, "-d", "3,5"), J2K_LOSSLESS, grey, 12, "image offset")
    refuse("no_j2k_bypass_and_termination", opj(grey, 12, False, "-M", "5"), J2K_LOSSLESS, grey, 12, "arithmetic coding bypass")
    colour = picture(50, 44, 8, colours=3)
    refuse("no_j2k_subsampled", opj(colour, 8, False, "-s", "2,2", "-mct", "0"), J2K_LOSSLESS, colour, 8, "subsampled", "RGB")
    refuse("no_j2k_more_rows", plain, J2K_LOSSLESS, picture(52, 43, 12), 12, "50 rows")
    refuse("no_j2k_16_for_12_stored", opj(picture(50, 43, 16), 16, False), J2K_LOSSLESS, grey, 12, "does not fit 12 bits")


def jpeg_refusals():
    grey, colour = picture(50, 43, 8), picture(50, 44, 8, colours=3)
    whole, blocks = jpg(grey, quality=90), jpg(grey, quality=90, restart_marker_blocks=3)
    for eighth in (1, 4, 7):
        cut = whole[:len(whole) * eighth // 8]
        refuse(f"no_jpeg_cut_{eighth}", cut, BASELINE, grey, 8, "EOI")
    refuse("no_jpeg_cut_and_eoi", whole[:len(whole) * 3 // 4] + b"\xff\xd9", BASELINE, grey, 8, "the decoder warns")
    lost = blocks[:blocks.index(b"\xff\xd3")] + blocks[blocks.index(b"\xff\xd4"):]
    refuse("no_jpeg_restart_interval_lost", lost, BASELINE, grey, 8, "the decoder warns")
    thumbnail = jpg(picture(16, 16, 8))
    app = whole[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(thumbnail)) + thumbnail + whole[2:]
    refuse("no_jpeg_cut_with_thumbnail", app[:-len(whole) // 2], BASELINE, grey, 8, "EOI")
    refuse("no_jpeg_followed_by_another", whole + whole, BASELINE, grey, 8, "more frames than told")
    progressive = jpg(colour, quality=90, progressive=True)
    last = progressive[:progressive.rindex(b"\xff\xda")]
    refuse("no_jpeg_last_scan_missing", last + b"\xff\xd9", BASELINE, colour, 8, "lacks scans", "YBR_FULL_422")
    refuse("no_jpeg_more_columns", whole, BASELINE, picture(50, 46, 8), 8, "43 columns")
    refuse("no_jpeg_grey_for_rgb", whole, BASELINE, picture(50, 43, 8, colours=3), 8, "1 components", "RGB")
    stream = jpeg_lossless.encode(grey, 8, 6, 1, 43 * 5)
    for eighth in (4, 7):
        refuse(f"no_jpll_cut_{eighth}", stream[:len(stream) * eighth // 8] + b"\xff\xd9", LOSSLESS, grey, 8, "the JPEG stream ")
    add("jpeg_progressive", progressive, BASELINE, colour, 8, photometric="YBR_FULL_422", lossy=True, by="pylibjpeg", now="YBR_FULL")


def rle_refusals():
    grey = picture(30, 41, 12)
    whole = rle(grey, 12)
    second = struct.unpack("<I", whole[8:12])[0]
    longer = bytearray(whole[:second] + bytes([5, 1, 2, 3, 4, 5, 6]) * 2 + whole[second:])
    longer[8:12] = struct.pack("<I", second + 14)
    beyond = whole[:8] + struct.pack("<I", len(whole) + 6) + whole[12:]
    for name, stream, words in (
            ("short", whole[:-(len(whole) - second) // 2], "an RLE segment"), ("long", whole + bytes([0, 7]) * 9, "the length of an RLE segment"),
            ("long_by_runs", whole + b"\xff\x07" * 9, "the length of an RLE segment"), ("first_segment_long", longer, "another length"),
            ("one_segment", struct.pack("<I", 1) + whole[4:], "2 segments"), ("three_segments", struct.pack("<I", 3) + whole[4:], "2 segments"),
            ("offset_beyond", beyond, "outside"), ("header_cut", whole[:40], "2 segments")):
        refuse(f"no_rle_{name}", stream, RLE, grey, 12, words)
    refuse("no_rle_fewer_rows", whole, RLE, grey[:28], 12, "the length of an RLE segment")


# --- Frames and fragments

def item(data):
    data += b"\0" * (len(data) % 2)
    return b"\xfe\xff\0\xe0" + struct.pack("<I", len(data)) + data


def fragments(name, streams, syntax, frames, table, parts=3, number=None, words="", extended=False):
    """table: what the basic offset table is made of the right offsets."""
    body, offsets = b"", []
    for stream in streams:
        offsets.append(len(body))
        size = -(-len(stream) // parts) + 1 & ~1
        for at in range(0, len(stream), size):
            body += item(stream[at:at + size])
    ds = dataset([b"\0\0"], syntax, frames[0], 12, False, "MONOCHROME2", number=number or len(frames))
    told = table(offsets)
    ds.PixelData = item(struct.pack(f"<{len(told)}I", *told)) + body
    if extended:
        ds.ExtendedOffsetTable = struct.pack(f"<{len(offsets)}Q", *offsets)
        ds.ExtendedOffsetTableLengths = struct.pack(f"<{len(streams)}Q", *(len(s) + len(s) % 2 for s in streams))
    pydicom.dcmwrite(OUT / (name + ".dcm"), ds, enforce_file_format=True)
    values = np.stack(frames).astype("<i4").tobytes()
    goldens[name + ".dcm"] = {"refused": words} if words else {
        "bits": 12, "photometric": "MONOCHROME2", "frames": len(frames), "sha256": hashlib.sha256(values).hexdigest()}


def fragment_files():
    frames = [picture(40, 41, 12, seed=seed) for seed in range(3)]
    kinds = (("j2k", J2K_LOSSLESS, [opj(f, 12, False) for f in frames]),
             ("jpll", SV1, [jpeg_lossless.encode(f, 12, 1, 0, 0) for f in frames]), ("rle", RLE, [rle(f, 12) for f in frames]))
    for name, syntax, streams in kinds:
        fragments(f"frames_{name}_table", streams, syntax, frames, lambda o: o)
        fragments(f"frames_{name}_one_each", streams, syntax, frames, lambda o: [], parts=1)
        fragments(f"frames_{name}_extended_table", streams, syntax, frames, lambda o: [], parts=1, extended=True)
        fragments(f"frames_{name}_single", streams[:1], syntax, frames[:1], lambda o: [])
        fragments(f"no_frames_{name}_table_backwards", streams, syntax, frames, lambda o: o[::-1], words="offset table")
        fragments(f"no_frames_{name}_4_told", streams, syntax, frames, lambda o: [], parts=1, number=4, words="need a fragment each")
        if name != "rle":  # a stream's first marker tells its frame
            fragments(f"frames_{name}_no_table", streams, syntax, frames, lambda o: [])
            fragments(f"no_frames_{name}_2_told", streams, syntax, frames[:2], lambda o: [], words="cannot be told apart")
        else:
            fragments("no_frames_rle_no_table", streams, syntax, frames, lambda o: [], words="cannot be told apart")


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    jpeg2000()
    jpeg_lossless_files()
    jpeg_lossy_files()
    rle_files()
    plain_files()
    jpeg2000_refusals()
    jpeg_refusals()
    rle_refusals()
    fragment_files()
    jpeg_ls_files()
    jpeg_12_bit_files()
    high_throughput_files()
    lines = (json.dumps(name) + ": " + json.dumps(golden) for name, golden in sorted(goldens.items()))
    (OUT / "goldens.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
