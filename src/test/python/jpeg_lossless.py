"""Lossless JPEG (ITU-T T.81 Annex H) with every predictor, point transform and restart interval, for codec_files.py."""
import struct

import numpy as np


def encode(values, bits, predictor, point, restart):
    """values: rows x columns (x 3), unsigned; restart: samples between markers, a multiple of the columns, or 0."""
    planes = values[..., None] if values.ndim == 2 else values
    rows, columns, n = planes.shape
    out = bytearray(b"\xff\xd8")
    ids = [ord(c) for c in "RGB"] if n == 3 else [1]
    out += b"\xff\xc3" + struct.pack(">HBHHB", 8 + 3 * n, bits, rows, columns, n)
    for i in ids:
        out += bytes([i, 0x11, 0])
    # 17 categories, each with a code of five bits
    out += b"\xff\xc4" + struct.pack(">HB", 19 + 17, 0) + bytes([0, 0, 0, 0, 17] + [0] * 11) + bytes(range(17))
    if restart:
        out += b"\xff\xdd" + struct.pack(">HH", 4, restart)
    out += b"\xff\xda" + struct.pack(">HB", 6 + 2 * n, n)
    for i in ids:
        out += bytes([i, 0])
    out += bytes([predictor, 0, point])
    x = planes.astype(np.int64) >> point
    text = []
    since = markers = 0
    first_line = 0
    for r in range(rows):
        if restart and since == restart:
            flush(out, text)
            text = []
            out += bytes([0xFF, 0xD0 + markers % 8])
            markers += 1
            since = 0
            first_line = r
        for c in range(columns):
            for s in range(n):
                p = predict(x[..., s], r, c, predictor, first_line, 1 << (bits - point - 1))
                difference = (int(x[r, c, s]) - p) & 0xFFFF
                if difference > 0x8000:
                    difference -= 0x10000
                size = abs(difference).bit_length()
                text.append(format(size, "05b"))
                if 0 < size < 16:
                    text.append(format(difference if difference > 0 else difference + (1 << size) - 1, f"0{size}b"))
            since += 1
    flush(out, text)
    return bytes(out + b"\xff\xd9")


def predict(x, r, c, predictor, first_line, initial):
    if r == first_line:
        return initial if c == 0 else int(x[r, c - 1])
    if c == 0:
        return int(x[r - 1, c])
    a, b, d = int(x[r, c - 1]), int(x[r - 1, c]), int(x[r - 1, c - 1])
    return (a, b, d, a + b - d, a + ((b - d) >> 1), b + ((a - d) >> 1), (a + b) >> 1)[predictor - 1]


def flush(out, text):
    bits = "".join(text)
    bits += "1" * (-len(bits) % 8)
    for i in range(0, len(bits), 8):
        byte = int(bits[i:i + 8], 2)
        out.append(byte)
        if byte == 0xFF:
            out.append(0)
