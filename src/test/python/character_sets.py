"""What pydicom reads of text in the character sets of DICOM, for CharacterSetsTest.

    python3 character_sets.py ../resources/dicom/character-sets.json

A row: VR, value of Specific Character Set, bytes in hexadecimal, text. pydicom 2.3.1 has no ISO_IR 203, reads some misspelt terms as
Latin-1 and cuts GBK's second bytes of 0x5C (it says so): there the text is what Python's codec of the set makes of it.
"""

import json
import sys
import warnings

import pydicom
from pydicom.charset import convert_encodings, decode_element
from pydicom.dataelem import DataElement
from pydicom.values import convert_PN, convert_text

HIGH = {
    100: "iso8859_1", 101: "iso8859_2", 109: "iso8859_3", 110: "iso8859_4", 144: "iso8859_5", 127: "iso8859_6",
    126: "iso8859_7", 138: "iso8859_8", 148: "iso8859_9", 203: "iso8859_15", 166: "iso8859_11", 13: "shift_jis",
}
SPELLINGS = ["ISO_IR {}", "ISO IR {}", "iso_ir {}", "ISO-IR {}", "ISO_IR_{}", "ISO 2022 IR {}", "ISO_IR{}"]


def bytes_of(codec, first=0xA1):
    """All bytes beyond ASCII that the set defines."""
    found = []
    for b in range(first, 0x100):
        try:
            text = bytes([b]).decode(codec)
        except UnicodeDecodeError:
            continue
        if len(text) == 1 and not 0x80 <= ord(text) < 0xA0 and ord(text) < 0xF000:
            found.append(b)
    return bytes(found)


def read(vr, terms, data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        codecs = convert_encodings(terms.split("\\"))
        if vr == "PN":
            value = convert_PN(data, codecs)
            return str(value)
        return convert_text(data, codecs) if vr != "LT" else pydicom.values.convert_single_string(data, codecs)


def rows():
    for number, codec in HIGH.items():
        data = bytes_of(codec)
        text = data.decode(codec)
        yield "LT", f"ISO_IR {number}", data, text
        for spelling in SPELLINGS:
            yield "PN", spelling.format(number), b"A^" + data[20:32], "A^" + data[20:32].decode(codec)
    e = "\x1b"
    raw = [
        # PS3.5 annexes H, I, J and K
        ("PN", "\\ISO 2022 IR 87", f"Yamada^Tarou={e}$B;3ED{e}(B^{e}$BB@O:{e}(B={e}$B$d$^$@{e}(B^{e}$B$?$m$&{e}(B"),
        ("PN", "ISO 2022 IR 13\\ISO 2022 IR 87",
         f"\xd4\xcf\xc0\xde^\xc0\xdb\xb3={e}$B;3ED{e}(J^{e}$BB@O:{e}(J={e}$B$d$^$@{e}(J^{e}$B$?$m$&{e}(J"),
        ("PN", "\\ISO 2022 IR 149", f"Hong^Gildong={e}$)C\xfb\xf3^{e}$)C\xd1\xce\xd4\xd7={e}$)C\xc8\xab^{e}$)C\xb1\xe6\xb5\xbf"),
        ("LT", "\\ISO 2022 IR 149", f"{e}$)C\xc8\xe4\xbc\xf6 X-ray\r\n{e}$)C\xbe\xf8\xc0\xbd"),
        ("PN", "\\ISO 2022 IR 58", f"Zhang^XiaoDong={e}$)A\xd5\xc5^{e}$)A\xd0\xa1\xb6\xab"),
        ("LT", "\\ISO 2022 IR 58", f"1{e}$)A\xd6\xd0\xb9\xfa\r\n2{e}$)A\xce\xc4"),
        ("PN", "ISO 2022 IR 6\\ISO 2022 IR 87", f"Yamada={e}$B;3ED{e}(B"),
        ("LO", "ISO 2022 IR 100\\ISO 2022 IR 144", f"Gr\xf6\xdfe {e}-L\xbf\xdd\xd5"),
        ("LO", "ISO 2022 IR 100\\ISO 2022 IR 126", f"Buc^J\xe9r\xf4me {e}-F\xc4\xe9\xef\xed"),
        ("LO", "\\ISO 2022 IR 101", f"{e}-B\xb3ecki"),
        ("LO", "\\ISO 2022 IR 109", f"{e}-C\xc6apek"),
        ("LO", "\\ISO 2022 IR 110", f"{e}-D\xa9\xf3"),
        ("LO", "\\ISO 2022 IR 127", f"{e}-G\xe2\xc8\xc7\xe6\xea"),
        ("LO", "\\ISO 2022 IR 138", f"{e}-H\xf9\xf8\xe5\xef"),
        ("LO", "\\ISO 2022 IR 148", f"{e}-M\xc7avu\xfeo\xf0lu"),
        ("LO", "\\ISO 2022 IR 166", f"{e}-T\xb9\xd2\xc1"),
        ("LO", "\\ISO 2022 IR 13", f"{e})I\xd4\xcf\xc0\xde"),
        ("LO", "\\ISO 2022 IR 159", f"{e}$(D0_{e}(B"),
        ("LO", "\\ISO 2022 IR 87", f"{e}$B6;It{e}(B\\PA"),
        ("LO", "ISO 2022 IR 87", f"{e}$B6;It{e}(B"),
        # alone, where PS3.3 C.12.1.1.2 wants another before them; Korean senders leave out the escapes
        ("LO", "ISO_IR 87", f"{e}$B6;It{e}(B PA", "胸部 PA"),
        ("LO", "ISO 2022 IR 159", f"X{e}$(D0_{e}(B"),
        ("LO", "ISO 2022 IR 149", f"PA {e}$)C\xc8\xe4\xbc\xf6"),
        ("LO", "ISO 2022 IR 149", "PA \xc8\xe4\xbc\xf6"),
        ("LO", "ISO_IR 149", "PA \xc8\xe4\xbc\xf6", "PA 흉수"),
        ("LO", "ISO 2022 IR 58", f"PA {e}$)A\xd6\xd0\xb9\xfa"),
        ("LO", "ISO 2022 IR 58", "PA \xd6\xd0\xb9\xfa"),
        ("LO", "ISO_IR 13", "\xd4\xcf\\\xc0\xde"),
    ]
    for vr, terms, text, *known in raw:
        yield vr, terms, text.encode("latin-1"), known[0] if known else None
    for terms, codec, text in [
        ("ISO_IR 192", "utf-8", "Wang^XiaoDong=王^小東"), ("UTF-8", "utf-8", "Wang=王^小東"), ("utf8", "utf-8", "Müller"),
        ("ISO-IR 192", "utf-8", "Müller"), ("ISO IR 192", "utf-8", "Müller"), ("ISO_IR192", "utf-8", "Müller"),
        ("GB18030", "gb18030", "Wang^XiaoDong=王^小东"), ("GB18030", "gb18030", "誠㐀𠀀€"), ("GBK", "gbk", "Wang=王^小東 繁體"),
        ("GB18030", "gb18030", "誠\\乗"), ("GBK", "gbk", "乗俓\\乗"),
    ]:
        yield "PN" if "^" in text else "LO", terms, text.encode(codec), text


def main():
    out, differing = [], 0
    for vr, terms, data, known in rows():
        try:
            value = read(vr, terms, data)
        except Exception as e:  # a term that this pydicom does not have
            value = None
            print(terms, data, "pydicom:", e, file=sys.stderr)
        value = value if isinstance(value, (str, type(None))) else "\\".join(value)
        value = value and value.replace("\x1b$)A", "")  # pydicom 2.3.1 leaves the escape of ISO-IR 58 in
        if known is not None and value != known:
            differing += 1
            print("codec and pydicom differ:", terms, data, repr(known), repr(value), file=sys.stderr)
        out.append([vr, terms, data.hex(), known or value])
    with open(sys.argv[1], "w", encoding="utf-8") as f:
        f.write("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in out) + "\n]\n")


main()
