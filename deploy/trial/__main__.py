"""Installs, scales, breaks, upgrades, backs up, restores and removes the platform in containers, as the page says it.

`python3 -m deploy.trial` works beside a running instance: it has a copy of the committed
repository, a project name, secrets, a port and volumes of its own. The commands are
those of docs/operations.md. Standard library only.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from deploy.secrets import SERVICES
from deploy.trial.calls import SHOWN, Entrance, answers, ask, items
from deploy.trial.contents import look_at_images
from deploy.trial.journeys import make_journeys
from deploy.trial.load import Load, Noted
from deploy.trial.page import commands
from deploy.trial.site import Failed, Site

SCALED = "screening"
KILLED = "training"
END_THE_PROGRAM = """
import os, signal
from pathlib import Path
for process in Path("/proc").glob("[0-9]*"):
    if b"serving.starting" in (process / "cmdline").read_bytes() and process.name != str(os.getpid()):
        os.kill(int(process.name), signal.SIGKILL)
"""
COUNT = """
import re
from urllib.request import urlopen
lines = urlopen("http://127.0.0.1:8000/metrics", timeout=10).read().decode().splitlines()
print(sum(float(line.split()[-1]) for line in lines if re.match(r"\\w+_count{.*campaigns", line)))
"""
MIGRATED = "SELECT count(tried_on) FROM registry.institutions"
ROLLED = (*SERVICES, "gateway")
QUIET_SECONDS = 15
# What an upgrade may cost those who call meanwhile.
MOST_TIMES_SLOWER = 2
LONGEST_WAIT = 60


class Trial:
    """The story; what did not hold is kept, and the story goes on."""

    def __init__(self, site: Site) -> None:
        self.site, self.page = site, commands()
        self.entrance: Entrance
        self.wrong: list[str] = []

    def tell(self, what: str, *, holds: bool, detail: str = "") -> None:
        """Say whether something holds."""
        sys.stdout.write(
            f"  {'ok' if holds else 'WRONG'}  {what}{detail and ': '}{detail}\n"
        )
        sys.stdout.flush()
        if not holds:
            self.wrong.append(what)

    def follow(self, name: str) -> None:
        """Run a block of the page."""
        begun = time.monotonic()
        self.site.run(self.page[name])
        self.tell(
            f"the page's commands to {name}",
            holds=True,
            detail=f"{time.monotonic() - begun:.0f} s",
        )

    def live(self) -> None:
        """From nothing to nothing."""
        self.site.prepare_front()
        self.follow("install")
        self.entrance = self.site.entrance()
        for what, holds in answers(self.entrance).items():
            self.tell(what, holds=holds)
        for what, holds, found in look_at_images(self.site):
            self.tell(what, holds=holds, detail=found)
        went_well, said = make_journeys(self.site)
        self.tell("journeys go well through the front", holds=went_well, detail=said)
        # The demo is for an empty platform.
        self.follow("remove the data")
        self.follow("send the demo")
        self.entrance = self.site.entrance()
        for path in SHOWN:
            shown = items(self.entrance, path)
            self.tell(
                f"the demo is shown at {path}",
                holds=len(shown) > 0,
                detail=f"{len(shown)}",
            )
        self.kill()
        self.scale()
        self.upgrade()
        self.restore()
        self.restore_to_a_moment()
        self.follow("go down")
        self.tell(
            "nothing runs any more",
            holds=not self.site.compose("ps", "--quiet").strip(),
        )
        self.follow("remove old images")

    def kill(self) -> None:
        """A program that is killed comes back by itself."""
        [container] = self.site.compose("ps", "--quiet", KILLED).split()
        # Detached: the command ends with the container.
        ending = ("python", "-c", END_THE_PROGRAM)
        self.site.docker("exec", "--detach", container, *ending)
        restarted = self.until(lambda: self.restarts(container) > 0)
        ready = self.until(lambda: self.is_ready(KILLED))
        self.tell(f"{KILLED} is killed and comes back", holds=restarted and ready)

    def restarts(self, container: str) -> int:
        """How often the engine has started a container anew."""
        return int(
            self.site.docker("inspect", "--format", "{{.RestartCount}}", container)
        )

    def is_ready(self, service: str) -> bool:
        """Whether the gateway finds a service ready."""
        return ask(self.entrance, f"/readyz?service={service}")[0] == 200

    def until(self, holds: Callable[[], bool]) -> bool:
        """Whether it holds within a minute."""
        ends = time.monotonic() + LONGEST_WAIT
        while not holds():
            if time.monotonic() > ends:
                return False
            time.sleep(0.5)
        return True

    def scale(self) -> None:
        """Every new replica gets its share, without a word to the gateway."""
        self.follow("scale")
        replicas = self.site.compose("ps", "--quiet", SCALED).split()
        self.tell(
            f"there are three of {SCALED}",
            holds=len(replicas) == 3,
            detail=str(len(replicas)),
        )
        with Load(self.entrance):
            shares = self.until(
                lambda: all(self.served(replica) >= 10 for replica in replicas)
            )
        served = [self.served(replica) for replica in replicas]
        self.tell(
            "each of them answers",
            holds=shares,
            detail=", ".join(f"{count:.0f}" for count in served),
        )

    def served(self, container: str) -> float:
        """How many requests for campaigns a replica has answered."""
        return float(self.site.docker("exec", container, "python", "-c", COUNT))

    def upgrade(self) -> None:
        """Every service is replaced by the next version, and no caller notices."""
        quiet = [self.quiet("before")]
        self.site.release()
        before = self.replicas()
        with Load(self.entrance) as during:
            self.follow("upgrade")
        self.judge(during, "during the upgrade")
        # Others may use this machine: slower than in either of the two is the upgrade's.
        quiet.append(self.quiet("after"))
        times = during.percentile(0.99) / max(quiet)
        self.tell(
            f"p99 during the upgrade is at most {MOST_TIMES_SLOWER} times the other",
            holds=times <= MOST_TIMES_SLOWER,
            detail=f"{times:.1f} times",
        )
        replaced = all(
            len(now) == len(before[name]) and not now & before[name]
            for name, now in self.replicas().items()
        )
        self.tell("every replica was replaced, the gateway too", holds=replaced)
        self.sql(MIGRATED)
        self.tell(
            "what was written meanwhile is there",
            holds=during.created <= self.institutions(),
            detail=f"{len(during.created)}",
        )

    def quiet(self, when: str) -> float:
        """Milliseconds within which 99 of 100 requests are answered while nothing is replaced."""
        with Load(self.entrance) as noted:
            time.sleep(QUIET_SECONDS)
        self.judge(noted, f"{when} the upgrade")
        return noted.percentile(0.99)

    def replicas(self) -> dict[str, set[str]]:
        """The containers of each service that is replaced while it serves, and of the gateway."""
        return {
            name: set(self.site.compose("ps", "--quiet", name).split())
            for name in ROLLED
        }

    def judge(self, noted: Noted, when: str) -> None:
        """No request may fail."""
        figures = f"{len(noted.seconds)} requests, p99 {noted.percentile(0.99):.0f} ms"
        self.tell(f"no request failed {when}", holds=not noted.failed, detail=figures)
        for failure in sorted(set(noted.failed)):
            sys.stdout.write(f"         {noted.failed.count(failure)} × {failure}\n")

    def institutions(self) -> set[str]:
        """The ids of every institution, as the database has them."""
        return set(self.sql("SELECT id FROM registry.institutions").split())

    def sql(self, query: str) -> str:
        """What the database answers."""
        command = (
            "psql",
            "--username=postgres",
            "--dbname=splot",
            "--tuples-only",
            "--no-align",
            f"--command={query}",
        )
        return self.site.compose("exec", "-T", "postgres", *command)

    def restore(self) -> None:
        """What was there at the backup comes back, and what came later is gone."""
        self.follow("back up")
        kept = self.institutions()
        self.write("the backup")
        self.follow("restore")
        self.look_back(kept, "the backup")

    def restore_to_a_moment(self) -> None:
        """What was there at a moment comes back from the archive, without any backup of that moment."""
        kept = self.write("that backup")
        # To the second, so one has to have passed.
        time.sleep(1)
        self.site.environment["AT"] = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        time.sleep(1)
        self.write("that moment")
        self.follow("restore to a moment")
        self.look_back(kept, "that moment")

    def write(self, after: str) -> set[str]:
        """Every institution, some of them written now."""
        with Load(self.entrance) as load:
            self.until(lambda: len(load.created) > 0)
        there = self.institutions()
        written = bool(load.created) and load.created <= there
        self.tell(f"something is written after {after}", holds=written)
        return there

    def look_back(self, kept: set[str], when: str) -> None:
        """All is as it was, and served."""
        held = self.institutions()
        self.tell(
            f"the database is as at {when}",
            holds=held == kept,
            detail=f"{len(held)} institutions",
        )
        self.tell(
            "all are ready again",
            holds=self.until(lambda: all(map(self.is_ready, SERVICES))),
        )


def main() -> int:
    """0 when all of it went as the page says."""
    with tempfile.TemporaryDirectory(prefix="splot-trial-") as folder:
        site = Site(Path(folder))
        site.copy()
        trial = Trial(site)
        try:
            trial.live()
        except (Failed, RuntimeError) as error:
            trial.tell(str(error), holds=False)
        finally:
            if trial.wrong:
                sys.stdout.write(site.compose("ps", "--all"))
                sys.stdout.write(site.compose("logs", "--no-color", "--tail", "40"))
            site.compose("--profile", "*", "down", "--volumes", "--timeout", "20")
            site.forget_volumes()
    sys.stdout.write(f"containers: {'; '.join(trial.wrong) or 'passed'}\n")
    return 1 if trial.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
