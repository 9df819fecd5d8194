#!/usr/bin/env bash
# EbookLib: a Polish EPUB, read and written again, is English to a screen reader.
# Expected: `read_epub` takes over the language that the book names, and what a page says of itself
#   (`<html lang="uk">`, `<title>`) is there again when the book is written without a change.
# Happens: the metadata still say "pl", but the book's `language` stays at the library's own "en", and
#   every page is written, and already given out by `get_content`, as `lang="en"`: Polish and
#   Ukrainian text is read out with an English voice. The titles of the pages are gone as well.
# Seen in: EbookLib 0.20 with lxml 6.1.3.
# So: after reading set `book.language` from the metadata, and each page's `lang` and `title` from its
#   raw bytes (`page.content`); or change such books with a zip library.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check EbookLib==0.20 lxml==6.1.3
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import zipfile
from importlib.metadata import version

from ebooklib import epub
from lxml import etree

LANG, TITLE = "{http://www.w3.org/XML/1998/namespace}lang", "{http://www.w3.org/1999/xhtml}title"
CONTAINER = """<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="pl">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:example:plan</dc:identifier>
<dc:title>Plan dnia</dc:title><dc:language>pl</dc:language>
<meta property="dcterms:modified">2026-09-01T08:00:00Z</meta></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="pl" href="pl.xhtml" media-type="application/xhtml+xml"/>
<item id="uk" href="uk.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="pl"/><itemref idref="uk"/></spine></package>"""
CONTENTS = '<nav epub:type="toc"><ol><li><a href="pl.xhtml">Rano</a></li><li><a href="uk.xhtml">Ранок</a></li></ol></nav>'


def page(language: str, title: str, body: str) -> str:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{language}" xml:lang="{language}"><head><title>{title}</title></head><body>{body}</body></html>'
    )


def told(path: str) -> dict[str, tuple[str | None, str | None]]:
    """The language and the title of each page of a book, as they stand in its file."""
    with zipfile.ZipFile(path) as book:
        pages = {name: etree.fromstring(book.read(name)) for name in book.namelist() if name.endswith(".xhtml")}
    return {name.split("/")[-1]: (root.get(LANG), root.findtext(f".//{TITLE}")) for name, root in pages.items()}


with zipfile.ZipFile("plan.epub", "w") as book:
    book.writestr("mimetype", "application/epub+zip")
    book.writestr("META-INF/container.xml", CONTAINER)
    book.writestr("EPUB/book.opf", PACKAGE)
    book.writestr("EPUB/nav.xhtml", page("pl", "Spis treści", CONTENTS))
    book.writestr("EPUB/pl.xhtml", page("pl", "Rano", "<h1>Rano</h1><p>Myję zęby.</p>"))
    book.writestr("EPUB/uk.xhtml", page("uk", "Ранок", "<h1>Ранок</h1><p>Я чищу зуби.</p>"))

read = epub.read_epub("plan.epub")
epub.write_epub("again.epub", read)
before, after = told("plan.epub"), told("again.epub")
print("EbookLib", version("EbookLib"))
print("metadata:", read.get_metadata("DC", "language"), "book.language:", read.language)
print("before:", before)
print("after: ", after)
assert read.get_metadata("DC", "language")[0][0] == "pl"
assert read.language == "en", "the book's language is taken over now"
assert b'lang="uk"' not in read.get_item_with_href("uk.xhtml").get_content(), "a page keeps its language now"
assert {language for language, _ in after.values()} == {"en"}, "the pages are no longer English"
assert after["pl.xhtml"][1] is None and after["uk.xhtml"][1] is None, "the pages keep their titles now"
PYTHON
