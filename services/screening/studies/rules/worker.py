"""The statistics and the files of a study, in a process of their own: the rows come in, the answer goes out."""

import sys

from services.screening.studies.rules.analysis import run_study
from services.screening.studies.rules.exports import export_study

WORK = {"results": run_study, "export": export_study}

if __name__ == "__main__":
    sys.stdout.buffer.write(WORK[sys.argv[1]](sys.stdin.buffer))
