#!/usr/bin/env python3
# Plays the samples against each other: pairs.py [linux] [windows], each program a process of its own, spoken to through
# pipes as a terminal would. Knows what each has to print and how each ends; nothing of how they are built (samples/run).
import argparse
import contextlib
import os
import re
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HANGS_AFTER = 120  # seconds without the expected: only ever reached by a program that hangs
SHOWN_LINES = 30  # of one program: a crash under Wine prints hundreds

PROMPT = "Press ENTER to clean up resources and quit"
SERVER_SAYS = f"""The file mapping (Local\\SampleMap) is created
The file view is mapped
This message is written to the view:
"Message from the first process."
{PROMPT}"""
CLIENT_SAYS = f"""The file mapping (Local\\SampleMap) is opened
The file view is mapped
Read from the file mapping:
"Message from the first process."
{PROMPT}"""

# language: folder, and for clients what they say when there is no mapping of this name.
SERVERS = {
    "C++": "CppFileMappingServer",
    "C#": "CSFileMappingServer",
    "VB": "VBFileMappingServer",
    "Python": "PythonFileMappingServer",
    "C# Win32": "CSFileMappingServerWin32",
}
THROWS = r"The process throws the error: fm_open: Local\\SampleMap: .+ \(FM_E_NOT_FOUND\)\n"
CLIENTS = {
    "C++": ("CppFileMappingClient", r"fm_open failed w/err 0x00000002 \(FM_E_NOT_FOUND\): fm_open: Local\\SampleMap: .+\n"),
    "C#": ("CSFileMappingClient", THROWS),
    "VB": ("VBFileMappingClient", THROWS),
    "Python": ("PythonFileMappingClient", THROWS),
    "C++ Win32": ("CppFileMappingClientWin32", r"OpenFileMapping failed w/err 0x00000002\n"),
}


class Unexpected(Exception):
    """A program did not do what it has to do."""


class LinuxStage:
    """How programs run on Linux: in a namespace of their own, so that a server somebody has open does not matter."""

    name = "Linux"
    servers = ["C++", "C#", "VB", "Python"]
    clients = ["C++", "C#", "VB", "Python"]
    can_kill = True

    def __init__(self, build):
        self.build = build
        self.namespace = tempfile.mkdtemp(prefix="filemap-samples-", dir="/dev/shm")
        self.environment = dict(os.environ, FILEMAP_DIR=self.namespace, LD_LIBRARY_PATH=str(build / "release/dll"))

    def command(self, folder):
        if folder.startswith("Cpp"):
            return [self.build / "release/samples/bin" / folder]
        if folder.startswith("Python"):
            role = "server" if folder.endswith("Server") else "client"
            return [sys.executable, ROOT / "samples" / folder / f"{role}.py"]
        return ["dotnet", self.build / "dotnet-linux/bin" / folder / "release" / f"{folder}.dll"]

    def close(self):
        shutil.rmtree(self.namespace)


class WindowsStage:
    """How programs run under Wine: the namespace is the Wine prefix's."""

    name = "Windows"
    servers = ["C++", "C#", "VB", "C# Win32"]
    clients = ["C++", "C#", "VB", "C++ Win32"]
    can_kill = False

    def __init__(self, build):
        self.build = build
        self.environment = dict(os.environ)

    def command(self, folder):
        place = "windows/samples/bin" if folder.startswith("Cpp") else f"dotnet-windows/publish/{folder}/release_win-x64"
        return [ROOT / "cmake/wine.sh", self.build / place / f"{folder}.exe"]

    def close(self):
        pass


class Actor:
    """One running program. Its output counts as whole when it waits behind its prompt or has ended."""

    def __init__(self, role, folder, stage):
        self.role = role
        self.output = ""
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen([str(part) for part in stage.command(folder)], env=stage.environment,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors)
        self.ended = os.pidfd_open(self.process.pid)
        os.set_blocking(self.process.stdout.fileno(), False)

    def waits_after(self, expected):
        """Reads until the prompt, which has no line's end behind it, and compares."""
        self._read(until_prompt=True)
        self._show(self.output)
        if self.output != expected:
            raise Unexpected(f"{self.role} has to print {expected!r}")

    def leaves(self):
        """Presses ENTER: the program ends with success and says nothing more."""
        before = self.output
        self.process.stdin.write(b"\n")
        self.process.stdin.close()
        self._read(until_prompt=False)
        self._show(f"(ENTER: exit code {self.process.returncode})")
        if self.process.returncode != 0:
            raise Unexpected(f"{self.role} ended with {self.process.returncode}, not 0")
        if self.output != before:
            raise Unexpected(f"{self.role} printed more after ENTER: {self.output[len(before):][:200]!r}")

    def fails_with(self, pattern):
        """The program ends by itself, with one line that says why and exit code 1."""
        self._read(until_prompt=False)
        self._show(f"{self.output}(exit code {self.process.returncode})")
        if not re.fullmatch(pattern, self.output):
            raise Unexpected(f"{self.role} has to print a line like {pattern!r}")
        if self.process.returncode != 1:
            raise Unexpected(f"{self.role} ended with {self.process.returncode}, not 1")

    def is_killed(self):
        self.process.kill()
        self._read(until_prompt=False)
        self._show("(killed with SIGKILL)")

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.ended)
        self.process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.errors.close()

    def error_output(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")

    def show_error_output(self):
        self._show(self.error_output(), mark=":")

    def _read(self, until_prompt):
        """The end is told by the process, not by the pipe: Wine's own server may hold the pipe open for longer."""
        deadline = time.monotonic() + HANGS_AFTER
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            selector.register(self.ended, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select(deadline - time.monotonic())]
                if not ready:
                    raise Unexpected(f"{self.role} hangs after {self.output[-200:]!r}")
                if self.process.stdout in ready and not self._take():
                    selector.unregister(self.process.stdout)
                if until_prompt and self.output.endswith(PROMPT):
                    return
                if self.ended in ready:
                    while self._take():
                        pass
                    self.process.wait()
                    return

    def _take(self):
        """Takes what the pipe holds now; False where that is nothing."""
        try:
            data = os.read(self.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return False
        self.output += data.decode(errors="replace").replace("\r\n", "\n")
        return bool(data)

    def _show(self, text, mark="|"):
        lines = text.splitlines()
        for line in lines[:SHOWN_LINES]:
            print(f"  {self.role:>16} {mark} {line}")
        if len(lines) > SHOWN_LINES:
            print(f"  {self.role:>16} {mark} ({len(lines) - SHOWN_LINES} more lines)")


class Play:
    """One scene: starts programs, and in the end none of them is left."""

    def __init__(self, stage):
        self.stage = stage
        self.actors = []

    def server(self, language):
        return self._start(f"{language} server", SERVERS[language])

    def client(self, language):
        return self._start(f"{language} client", CLIENTS[language][0])

    def client_reads(self, language):
        client = self.client(language)
        client.waits_after(CLIENT_SAYS)
        client.leaves()

    def client_finds_nothing(self, language):
        self.client(language).fails_with(CLIENTS[language][1])

    def close(self):
        for actor in self.actors:
            actor.close()

    def _start(self, role, folder):
        self.actors.append(Actor(role, folder, self.stage))
        return self.actors[-1]


def pairing(play, server, client):
    first = play.server(server)
    first.waits_after(SERVER_SAYS)
    second = play.client(client)
    second.waits_after(CLIENT_SAYS)
    second.leaves()
    first.leaves()


def client_alone(play, client):
    play.client_finds_nothing(client)


def client_too_late(play, server, client):
    first = play.server(server)
    first.waits_after(SERVER_SAYS)
    first.leaves()
    play.client_finds_nothing(client)


def server_killed(play, server, client):
    first = play.server(server)
    first.waits_after(SERVER_SAYS)
    first.is_killed()
    play.client_finds_nothing(client)


def two_servers(play, server, other_server, client):
    """The second finds the mapping of the first, writes to it too, and keeps it when the first has left."""
    first = play.server(server)
    first.waits_after(SERVER_SAYS)
    second = play.server(other_server)
    second.waits_after(SERVER_SAYS)
    play.client_reads(client)
    first.leaves()
    play.client_reads(client)
    second.leaves()
    play.client_finds_nothing(client)


def plays_of(stage):
    """Every play as (title, function, languages)."""
    for server in stage.servers:
        for client in stage.clients:
            yield f"{server} server, {client} client", pairing, (server, client)
    for client in stage.clients:
        yield f"{client} client without a server", client_alone, (client,)
    for server, client in zip(stage.servers, stage.clients):
        yield f"{client} client after the {server} server has ended", client_too_late, (server, client)
    if stage.can_kill:
        for server, client in zip(stage.servers, stage.clients):
            yield f"{client} client after the {server} server was killed", server_killed, (server, client)
    for server, client in zip(stage.servers, stage.clients):
        yield f"{server} server twice, {client} clients", two_servers, (server, server, client)
    for server, other, client in zip(stage.servers, reversed(stage.servers), stage.clients):
        yield f"{server} server, then {other} server, {client} clients", two_servers, (server, other, client)


def perform(stage, title, function, languages):
    print(f"\n{stage.name}: {title}")
    play = Play(stage)
    started = time.monotonic()
    try:
        function(play, *languages)
        if stage.can_kill and any(actor.error_output() for actor in play.actors):
            raise Unexpected("a program wrote to its standard error")
        print(f"  passed ({time.monotonic() - started:.2f} s)")
        return True
    except (Unexpected, OSError) as fault:
        print(f"  FAILED: {fault}")
        for actor in play.actors:
            actor.show_error_output()
        return False
    finally:
        play.close()
        sys.stdout.flush()


def show_table(stage, results):
    """Servers down, clients across; then the plays that are no pairing."""
    words = {True: "passed", False: "FAILED"}
    pairings = {languages: passed for _, function, languages, passed in results if function is pairing}
    print(f"\n{stage.name}: servers down, clients across")
    print(" " * 11 + "".join(f"{client:<11}" for client in stage.clients))
    for server in stage.servers:
        print(f"{server:<11}" + "".join(f"{words[pairings[server, client]]:<11}" for client in stage.clients))
    for title, function, _, passed in results:
        if function is not pairing:
            print(f"{words[passed]}  {title}")


def main():
    stages = {"linux": LinuxStage, "windows": WindowsStage}
    parser = argparse.ArgumentParser(description="Plays the samples that samples/run has built against each other.")
    parser.add_argument("systems", nargs="*", help="linux, windows or both (the default)")
    parser.add_argument("--build", type=Path, default=ROOT / "build", help="directory of the builds")
    arguments = parser.parse_args()
    unknown = set(arguments.systems) - set(stages)
    if unknown:
        parser.error(f"no such system: {' '.join(sorted(unknown))}")

    tables = []
    for system in arguments.systems or stages:
        stage = stages[system](arguments.build.resolve())
        with contextlib.closing(stage):
            tables.append((stage, [(*play, perform(stage, *play)) for play in plays_of(stage)]))
    for stage, results in tables:
        show_table(stage, results)
    outcomes = [result[-1] for _, results in tables for result in results]
    print(f"\n{outcomes.count(True)} passed, {outcomes.count(False)} failed, 0 skipped")
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
