"""Holds the exports of filemap against each other: header, filemap.def, the built library, and what samples import."""

import argparse
import pathlib
import re
import subprocess
import sys


def declared(header):
    return set(re.findall(r"FM_CALL (fm_[a-z0-9_]+)\(", pathlib.Path(header).read_text()))


def listed(def_file):
    return set(re.findall(r"^\s+(fm_[a-z0-9_]+)$", pathlib.Path(def_file).read_text(), re.M))


def exported(library, objdump, nm):
    if library.endswith(".dll"):
        text = subprocess.run([objdump, "-p", library], check=True, capture_output=True, text=True).stdout
        table = text[text.index("[Ordinal/Name Pointer] Table"):].split("\n\n")[0]
        return set(re.findall(r"^\s*\[\s*\d+\]\s+(?:\+base\[\s*\d+\]\s+[0-9a-f]+\s+)?(\S+)$", table, re.M))
    text = subprocess.run([nm, "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    symbols = (line.split() for line in text.splitlines())
    # The version's own name is the one absolute symbol there is.
    return {parts[-1].split("@")[0] for parts in symbols if parts[-2] != "A"}


def imported(samples):
    """The fm_ functions that the samples in other languages name, with the file of each."""
    uses = {}
    for path in pathlib.Path(samples).rglob("*"):
        if path.suffix in (".cs", ".vb", ".py") and "obj" not in path.parts:
            for name in re.findall(r"\b(fm_[a-z0-9_]+)\s*[(.\"=]", path.read_text()):
                uses.setdefault(name, path)
    return uses


def main():
    parser = argparse.ArgumentParser()
    for option in ("header", "def", "library", "objdump", "nm", "samples"):
        parser.add_argument("--" + option, required=True)
    options = vars(parser.parse_args())
    wanted = declared(options["header"])
    faults = [] if len(wanted) > 30 else [f"only {len(wanted)} functions were found in the header"]
    for what, names in (("filemap.def", listed(options["def"])),
                        (options["library"], exported(options["library"], options["objdump"], options["nm"]))):
        faults += [f"{name} is in the header, not in {what}" for name in sorted(wanted - names)]
        faults += [f"{name} is in {what}, not in the header" for name in sorted(names - wanted)]
    uses = imported(options["samples"])
    types = set(re.findall(r"\b(fm_[a-z_]+)\b(?!\()", pathlib.Path(options["header"]).read_text()))
    faults += [f"{path} uses {name}, which is not exported" for name, path in uses.items() if name not in wanted | types]
    if not uses:
        faults.append("no sample in another language was found")
    print("\n".join(faults) or f"{len(wanted)} functions agree")
    return bool(faults)


sys.exit(main())
