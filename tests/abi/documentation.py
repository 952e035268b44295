"""Every function of the public header is documented in full: parameters, results, threads, since."""

import pathlib
import re
import sys


def check(name, comment, parameters, returns):
    if comment is None:
        return [f"{name}: no comment"]
    faults = []
    documented = re.findall(r"@param (\w+)", comment)
    if documented != parameters:
        faults.append(f"{name}: parameters are {parameters}, documented are {documented}")
    faults += [f"{name}: @{tag} is missing" for tag in ("threads", "since") if f"@{tag}" not in comment]
    if returns != "void" and "@return" not in comment:
        faults.append(f"{name}: @return is missing")
    return_text = comment.partition("@return")[2]
    by_reference = re.search(r"as (fm_\w+)\(\)", return_text)
    if returns == "fm_status" and not by_reference and "FM_OK" not in return_text:
        faults.append(f"{name}: no status is documented")
    if not re.search(r"^ \* \S.*[.:,;)]", comment, re.M):
        faults.append(f"{name}: no sentence says what it does")
    for line in comment.splitlines():
        match = re.match(r" \* @param (\w+)", line)
        if match and match.group(1).startswith("out_") and not re.search(r"@param " + match.group(1) + r"(.|\n)*?\[(owned by caller|filled in)\]", comment):
            faults.append(f"{name}: {match.group(1)} does not say who owns it")
    return faults


def main():
    text = pathlib.Path(sys.argv[1]).read_text()
    pattern = re.compile(r"(/\*\*(?:(?!\*/).)*\*/\s*)?FM_API ([\w ]+?\*?) ?\*?FM_CALL (fm_\w+)\(([^)]*)\);", re.S)
    faults, count = [], 0
    for comment, returns, name, arguments in pattern.findall(text):
        count += 1
        parameters = [] if arguments == "void" else [re.split(r"[ *]+", argument.strip())[-1] for argument in arguments.split(",")]
        faults += check(name, comment or None, parameters, returns.strip())
    if count < 30:
        faults.append(f"only {count} functions were found")
    print("\n".join(faults) or f"{count} functions are documented")
    return bool(faults)


sys.exit(main())
