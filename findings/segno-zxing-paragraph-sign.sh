#!/usr/bin/env bash
# segno and zxing-cpp: a code with "§ 12" is read back with a Japanese letter.
# Expected: what segno writes into a QR code, a current reader gives back, whatever the text.
# Happens: a text of Latin-1 letters alone is written as Latin-1 without saying so (no ECI);
#   zxing-cpp guesses, and takes a lone § or ° beside a blank, a digit or the end for a
#   Shift-JIS kana. As soon as one Polish letter outside Latin-1 (ą, ł, ś …) is in the text,
#   segno writes UTF-8 and everything is read well. So labels of Polish sentences pass every
#   test, and "§ 12", "§§ 3-5" or "18°" fail.
# Seen in: segno 1.6.6, zxing-cpp 3.1.1; telephones may guess otherwise.
# So: always give encoding="utf-8" to segno.make_qr(), and read every printed code back in a
#   test with the texts that are not Polish enough.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check segno==1.6.6 zxing-cpp==3.1.1 pillow==13.0.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
from importlib.metadata import version

import segno
import zxingcpp
from PIL import Image


def read_back(code: segno.QRCode) -> str:
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=6)
    [found] = zxingcpp.read_barcodes(Image.open(picture))
    return found.text


print("segno", version("segno"), "read by zxing-cpp", version("zxing-cpp"))
damaged = set()
for text in ("§ 12", "§§ 3-5", "18°", "art. 127 § 1", "Kraków", "Łódź, § 12"):
    bare, told = read_back(segno.make_qr(text)), read_back(segno.make_qr(text, encoding="utf-8"))
    print(f"{text!r} comes back as {bare!r}; with encoding='utf-8' as {told!r}")
    assert told == text
    if bare != text:
        damaged.add(text)
assert damaged == {"§ 12", "§§ 3-5", "18°"}, damaged
PYTHON
