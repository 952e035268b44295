#!/usr/bin/env python3
# Plays the samples against each other: pairs.py [linux] [windows], each program a process of its own. What each has to
# print and how each ends stands in plays/; here they are played one after the other and counted. Knows nothing of how
# the programs are built (samples/run).
import argparse
import contextlib
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True  # the source tree holds sources alone

from plays import named, ring, unnamed
from plays.actor import Cast, Unexpected
from plays.stage import ROOT, LinuxStage, WindowsStage

WORDS = {True: "passed", False: "FAILED"}


def perform(stage, scene):
    print(f"\n{stage.name}: {scene.title}")
    cast = Cast(stage)
    started = time.monotonic()
    try:
        scene.function(cast, *scene.languages)
        if stage.can_kill and any(actor.error_output() for actor in cast.actors):
            raise Unexpected("a program wrote to its standard error")
        print(f"  passed ({time.monotonic() - started:.2f} s)")
        return True
    except (Unexpected, OSError) as fault:
        print(f"  FAILED: {fault}")
        for actor in cast.actors:
            actor.show_error_output()
        return False
    finally:
        cast.close()
        sys.stdout.flush()


def show_results(stage, results):
    """The pairings as tables, then one line for each of the others."""
    tables = {}
    for scene, passed in results:
        if scene.table:
            tables.setdefault(scene.table, {})[scene.languages] = passed
    for heading, cells in tables.items():
        columns = list(dict.fromkeys(column for _, column in cells))
        print(f"\n{stage.name}: {heading}")
        print(" " * 11 + "".join(f"{column:<11}" for column in columns))
        for row in dict.fromkeys(row for row, _ in cells):
            print(f"{row:<11}" + "".join(f"{WORDS[cells[row, column]]:<11}" for column in columns))
    print(f"\n{stage.name}: the other plays")
    for scene, passed in results:
        if not scene.table:
            print(f"{WORDS[passed]}  {scene.title}")


def main():
    stages = {"linux": LinuxStage, "windows": WindowsStage}
    parser = argparse.ArgumentParser(description="Plays the samples that samples/run has built against each other.")
    parser.add_argument("systems", nargs="*", help="linux, windows or both (the default)")
    parser.add_argument("--build", type=Path, default=ROOT / "build", help="directory of the builds")
    arguments = parser.parse_args()
    unknown = set(arguments.systems) - set(stages)
    if unknown:
        parser.error(f"no such system: {' '.join(sorted(unknown))}")

    played = []
    for system in arguments.systems or stages:
        stage = stages[system](arguments.build.resolve())
        with contextlib.closing(stage):
            scenes = [*named.scenes(stage), *unnamed.scenes(stage), *ring.scenes(stage)]
            played.append((stage, [(scene, perform(stage, scene)) for scene in scenes]))
    for stage, results in played:
        show_results(stage, results)
    outcomes = [passed for _, results in played for _, passed in results]
    print(f"\n{outcomes.count(True)} passed, {outcomes.count(False)} failed, 0 skipped")
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
