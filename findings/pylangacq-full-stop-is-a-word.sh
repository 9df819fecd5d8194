#!/usr/bin/env bash
# pylangacq: in a transcript without a %mor tier the full stop is a word.
# Expected: the mean length of utterance in words (`mluw`) counts words, whether or not the transcript
#   has been tagged; `ttr` is, by its docstring, a ratio of "non-punctuation words"; and a length in
#   morphemes (`mlu`) that cannot be known is no number.
# Happens: tagged, "to jest kotek ." has three words; untagged, as a transcript is typed, it has four.
#   Commas count too, and an utterance that nobody understood ("xxx .") is one word long. So an untagged
#   child is a whole word ahead of a tagged one, and has fewer different words, as each full stop is
#   the same word again. `mlu` of the untagged transcript is 0.0, the value of a child that says nothing.
# Seen in: pylangacq 0.23.0 with rustling 0.9.0.
# So: tag first, or count the words of `utterances()` without their marks; never compare tagged and
#   untagged transcripts, and take an `mlu` of 0.0 for "unknown".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pylangacq==0.23.0 rustling==0.9.0
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from pylangacq import CHAT

HEAD = [
    "@UTF8", "@Begin", "@Languages:\tpol", "@Participants:\tCHI Ola Target_Child",
    "@ID:\tpol|example|CHI|2;06.15|female|||Target_Child|||",
]
SAID = {
    "*CHI:\tto jest kotek .": "%mor:\tpron|to verb|być noun|kotek .",
    "*CHI:\tmały piesek śpi .": "%mor:\tadj|mały noun|piesek verb|spać .",
}


def measured(lines: list[str]) -> dict[str, float]:
    transcript = CHAT.from_strs(["\n".join([*HEAD, *lines, "@End", ""])])
    return {"mluw": transcript.mluw()[0], "mlu": transcript.mlu()[0], "ttr": round(transcript.ttr()[0], 3)}


tagged = measured([line for pair in SAID.items() for line in pair])
typed = measured(list(SAID))
unheard = measured([*SAID, "*CHI:\txxx ."])
commas = measured(["*CHI:\tmama , tata , daj !"])
print("pylangacq", version("pylangacq"), "rustling", version("rustling"))
print("two utterances of three words, tagged:  ", tagged)
print("the same, untagged:                     ", typed)
print("and one that nobody understood:         ", unheard)
print("three words, two commas, one mark:      ", commas)
assert tagged == {"mluw": 3, "mlu": 3, "ttr": 1}
assert typed["mluw"] == 4, "the full stop is no word now"
assert typed["ttr"] == 0.875, "the full stop is no repeated word now"
assert typed["mlu"] == 0, "an unknown length is told as unknown now"
assert unheard["mluw"] == 3, "an utterance nobody understood has another length now"
assert commas["mluw"] == 6, "commas are no words now"
PYTHON
