"""How a sample is started on each system. Knows where the builds are, and nothing of what the programs do."""
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Ours, without what the samples themselves would take from it.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "FILEMAP_TOKEN"}


class LinuxStage:
    """How programs run on Linux: in a namespace of their own, so that a server somebody has open does not matter."""

    name = "Linux"
    servers = ["C++", "C#", "VB", "Python"]
    clients = ["C++", "C#", "VB", "Python"]
    can_kill = True

    def __init__(self, build):
        self.build = build
        self.namespace = tempfile.mkdtemp(prefix="filemap-samples-", dir="/dev/shm")
        self.environment = dict(ENVIRONMENT, FILEMAP_DIR=self.namespace, LD_LIBRARY_PATH=str(build / "release/dll"))

    def command(self, folder):
        if folder.startswith("Cpp"):
            return [str(self.build / "release/samples/bin" / folder)]
        if folder.startswith("Python"):
            role = "server" if folder.endswith("Server") else "client"
            return [sys.executable, str(ROOT / "samples" / folder / f"{role}.py")]
        return ["dotnet", str(self.build / "dotnet-linux/bin" / folder / "release" / f"{folder}.dll")]

    def command_for_program(self, folder):
        """The command with which one of the programs starts another."""
        return self.command(folder)

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
        self.environment = ENVIRONMENT

    def command(self, folder):
        return [str(ROOT / "cmake/wine.sh"), str(self._program(folder))]

    def command_for_program(self, folder):
        """The same, in the words of a Windows program: drive Z: is this system's root."""
        return ["Z:" + str(self._program(folder)).replace("/", "\\")]

    def close(self):
        pass

    def _program(self, folder):
        if folder.startswith("Cpp"):
            return self.build / "windows/samples/bin" / f"{folder}.exe"
        return self.build / "dotnet-windows/publish" / folder / "release_win-x64" / f"{folder}.exe"
