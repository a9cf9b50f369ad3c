"""Subsets of Noto fonts (SIL OFL 1.1) for the captions of captures.

    python3 caption_fonts.py FONTS TARGET

FONTS holds the files of Debian's fonts-noto-core and fonts-noto-cjk; needs fonttools. The four languages of Noto Sans CJK go
into one collection whose members share all glyphs and differ in which glyph a character gets.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.ttCollection import TTCollection

PLAIN = {
    # what Liberation Sans lacks; Latin letters, digits and blanks of all scripts are Liberation's
    "NotoSans-Regular.ttf": [(0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x2FF), (0x300, 0x36F), (0x370, 0x52F), (0x1D00, 0x1FFF),
                             (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x218F)],
    "NotoSansHebrew-Regular.ttf": [(0x590, 0x5FF), (0x200C, 0x200F), (0x25CC, 0x25CC), (0xFB1D, 0xFB4F)],
    "NotoSansArabic-Regular.ttf": [(0x600, 0x6FF), (0x750, 0x77F), (0x200C, 0x200F), (0x25CC, 0x25CC),
                                   (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)],
    "NotoSansThai-Regular.ttf": [(0xE00, 0xE7F), (0x200C, 0x200D), (0x25CC, 0x25CC)],
    "NotoSansDevanagari-Regular.ttf": [(0x900, 0x97F), (0x1CD0, 0x1CFF), (0xA8E0, 0xA8FF), (0x200C, 0x200D),
                                       (0x20B9, 0x20B9), (0x25CC, 0x25CC)],
}


def options():
    o = Options()
    o.hinting = False
    o.bidi_closure = False
    o.desubroutinize = False
    o.notdef_outline = True
    o.name_IDs = [0, 1, 2, 3, 4, 6, 13, 14]
    o.drop_tables += ["BASE", "DSIG", "STAT", "meta", "VORG", "vhea", "vmtx", "kern"]
    return o


def plain(source, ranges, target):
    font = TTFont(source)
    o = options()
    o.layout_features = ["*"]
    subsetter = Subsetter(o)
    subsetter.populate(unicodes=[c for first, last in ranges for c in range(first, last + 1)])
    subsetter.subset(font)
    font.save(target)


def pairs(codec, rows, cells=range(0xA1, 0xFF)):
    """Characters of a two-byte set."""
    found = set()
    for row in rows:
        for cell in cells:
            try:
                text = bytes((row, cell)).decode(codec)
            except UnicodeDecodeError:
                continue
            if len(text) == 1:
                found.add(ord(text))
    return found


def repertoires():
    """In the order of the collection's members: Japanese, Korean, simplified and traditional Chinese."""
    all_rows = range(0xA1, 0xFF)
    trail = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    japanese = pairs("euc_jp", all_rows) | pairs("cp932", [0x87], range(0x40, 0xFD))
    korean = pairs("euc_kr", all_rows)
    simplified = pairs("gb2312", all_rows)
    traditional = pairs("big5", range(0xA1, 0xC7), trail)
    units = set(range(0x3380, 0x33E0)) | set(range(0x2460, 0x2474)) | set(range(0x2150, 0x2190))
    common = set(range(0x20, 0x7F)) | set(range(0x3000, 0x3100)) | set(range(0xFF01, 0xFFEF)) | units
    hangul = set(range(0xAC00, 0xD7A4))
    return [japanese | common, korean | common | hangul, simplified | common, traditional | common]


def collection(source, target):
    sets = repertoires()
    fonts = [TTFont(source, fontNumber=n) for n in range(4)]
    glyphs = set()
    for font, wanted in zip(fonts, sets):
        cmap = font.getBestCmap()
        glyphs |= {font.getGlyphID(cmap[c]) for c in wanted if c in cmap}
    for font, wanted in zip(fonts, sets):
        font["cmap"].tables = [t for t in font["cmap"].tables if (t.platformID, t.format) == (3, 12)]
        for table in ("GSUB", "GPOS", "GDEF"):
            del font[table]
        o = options()
        o.layout_features = []
        subsetter = Subsetter(o)
        subsetter.populate(gids=glyphs, unicodes=wanted)
        subsetter.subset(font)
    assert len({tuple(f.getGlyphOrder()) for f in fonts}) == 1
    for font in fonts[1:]:  # the outlines once: they differ in the font's name alone
        for table in ("CFF ", "hmtx", "hhea", "maxp"):
            font[table] = fonts[0][table]
    whole = TTCollection()
    whole.fonts = fonts
    whole.save(target, shareTables=True)


def main():
    fonts, target = Path(sys.argv[1]), Path(sys.argv[2])
    found = {path.name: path for path in fonts.rglob("Noto*-Regular.*")}
    for name, ranges in PLAIN.items():
        plain(found[name], ranges, target / name)
    collection(found["NotoSansCJK-Regular.ttc"], target / "NotoSansCJK-Regular.ttc")


main()
