"""One running program, spoken to through pipes as a terminal would. Knows nothing of what the programs are for."""
import contextlib
import os
import re
import selectors
import subprocess
import tempfile
import time

HANGS_AFTER = 120  # seconds without the expected: only ever reached by a program that hangs
SHOWN_LINES = 30  # of one program: a crash under Wine prints hundreds
WHY = "<why>"  # stands in what is expected for the library's words, which may be any in one line


class Unexpected(Exception):
    """A program did not do what it has to do."""


class Actor:
    """Its output counts as whole when it waits behind its prompt or has ended."""

    def __init__(self, role, command, environment):
        self.role = role
        self.output = ""
        self.shown = 0  # of it, by says()
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors)
        self.ended = os.pidfd_open(self.process.pid)
        os.set_blocking(self.process.stdout.fileno(), False)

    def waits_after(self, expected, prompt):
        """Reads until the prompt, which has no line's end behind it, and compares."""
        self._read(lambda: self.output.endswith(prompt) or self._has_ended())
        self._show(self.output)
        self._check_output(expected)

    def says(self, expected):
        """Reads until so much has come, and compares; the program goes on, and what it has said counts to the end."""
        self._read(lambda: self.output == expected or not expected.startswith(self.output))
        self._show(self.output[self.shown:len(expected)])
        self.shown = len(expected)
        if not self.output.startswith(expected):
            raise Unexpected(f"{self.role} has to begin with {expected!r}")

    def leaves(self):
        """Presses ENTER: the program ends with success and says nothing more."""
        before = self.output
        self.process.stdin.write(b"\n")
        self.process.stdin.close()
        self._read(self._has_ended)
        self._show(f"(ENTER: exit code {self.process.returncode})")
        self._check_code(0)
        if self.output != before:
            raise Unexpected(f"{self.role} printed more after ENTER: {self.output[len(before):][:200]!r}")

    def ends_with(self, code, expected):
        """The program ends by itself, having printed just this."""
        self._read(self._has_ended)
        self._show(f"{self.output[self.shown:]}(exit code {self.process.returncode})")
        self._check_output(expected)
        self._check_code(code)

    def ends_before_its_child(self, expected):
        """The program ends with success, and a child that it leaves behind prints the rest. Nobody can be told how the
        child ends; so the output is taken to be whole with as many lines as are expected, or with its end."""
        self._read(self._has_ended)
        self._show(f"(exit code {self.process.returncode}; its child prints:)", mark="+")
        self._check_code(0)
        lines = expected.count("\n")
        self._read(lambda: self.output.count("\n") >= lines and self.output.endswith("\n"))
        self._show(self.output)
        self._check_output(expected)

    def is_killed(self):
        self.process.kill()
        self._read(self._has_ended)
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

    def _check_code(self, expected):
        if self.process.returncode != expected:
            raise Unexpected(f"{self.role} ended with {self.process.returncode}, not {expected}")

    def _check_output(self, expected):
        if not re.fullmatch(re.escape(expected).replace(re.escape(WHY), ".+"), self.output):
            raise Unexpected(f"{self.role} has to print {expected!r}")

    def _has_ended(self):
        return self.process.returncode is not None

    def _read(self, is_enough):
        """Reads until it is enough, or until there can be no more. That the program has ended is told by the process,
        not by the pipe: Wine's own server may hold the pipe open for longer."""
        deadline = time.monotonic() + HANGS_AFTER
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not self._has_ended():
                selector.register(self.ended, selectors.EVENT_READ)
            while not is_enough() and selector.get_map():
                ready = [key.fileobj for key, _ in selector.select(deadline - time.monotonic())]
                if not ready:
                    raise Unexpected(f"{self.role} hangs after {self.output[-200:]!r}")
                if self.process.stdout in ready and not self._take():
                    selector.unregister(self.process.stdout)
                if self.ended in ready:
                    while self._take():
                        pass
                    self.process.wait()
                    selector.unregister(self.ended)

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


class Cast:
    """The programs of one scene; in the end none of them is left."""

    def __init__(self, stage):
        self.stage = stage
        self.actors = []

    def start(self, role, folder, *arguments, **variables):
        command = [*self.stage.command(folder), *arguments]
        self.actors.append(Actor(role, command, {**self.stage.environment, **variables}))
        return self.actors[-1]

    def close(self):
        for actor in self.actors:
            actor.close()
