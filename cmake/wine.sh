#!/usr/bin/env bash
# Runs a Windows program under Wine: wine.sh program [argument...]. CMake calls it for the programs of the windows
# preset, and samples/pairs.py for the samples. WINEPREFIX is used where it is set; else build/wine of this repository.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export WINEPREFIX=${WINEPREFIX:-$repository/build/wine}
export WINEDEBUG=${WINEDEBUG:--all}
export DOTNET_EnableWriteXorExecute=0 # with it .NET now and then crashes here

if (($# == 0)); then
    echo "usage: $0 program [argument...]" >&2
    exit 2
fi
if ! command -v wine >/dev/null; then
    echo "$0: wine is missing; .ci/setup windows installs it" >&2
    exit 1
fi

# The first program makes the prefix, others that start meanwhile wait for it. Neither wineboot nor the server that it
# starts may inherit the lock: the server would hold it for as long as it lives. Without mscoree and mshtml, wineboot
# does not ask for Mono and Gecko; later programs must not be without: Wine loads .NET's assemblies through mscoree.
make_prefix() {
    flock 9
    [[ ! -f $WINEPREFIX/system.reg ]] || return 0
    WINEDLLOVERRIDES=mscoree,mshtml= wineboot -i >/dev/null 2>&1 </dev/null 9>&-
    wineserver -w 9>&- # until the registry is on disk
    [[ -f $WINEPREFIX/system.reg ]]
}

mkdir -p "$WINEPREFIX"
if ! make_prefix 9>"$WINEPREFIX/.filemap-lock"; then
    echo "$0: Wine could not set up its directory $WINEPREFIX (WINEPREFIX)" >&2
    exit 1
fi
exec wine "$@"
