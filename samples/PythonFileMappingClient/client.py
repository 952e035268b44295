#!/usr/bin/env python3
# The second process: opens the file mapping Local\SampleMap that a server keeps, and reads the UTF-16 message in it.
# Knows of the server only what both must know: the name, the place of the message, and its encoding.
import ctypes
import os
import sys

FULL_MAP_NAME = "Local\\SampleMap"
VIEW_OFFSET = 0
VIEW_SIZE = 1024

FM_ACCESS_READ = 0x1


def load_filemap():
    """Loads the library by its name: from beside this file, or from where the system looks for libraries."""
    name = "filemap.dll" if os.name == "nt" else "libfilemap.so.1"
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    library = ctypes.CDLL(beside if os.path.exists(beside) else name)

    # Without these, ctypes would pass every number as a C int, and cut sizes and handles to 32 bits.
    u32, u64, pointer = ctypes.c_uint32, ctypes.c_uint64, ctypes.c_void_p
    out_pointer = ctypes.POINTER(pointer)
    library.fm_open.argtypes = [ctypes.c_char_p, u32, out_pointer]
    library.fm_map.argtypes = [pointer, u32, u64, u64, out_pointer]
    library.fm_read.argtypes = [pointer, u64, ctypes.c_char_p, u64]
    library.fm_unmap.argtypes = [pointer]
    library.fm_close.argtypes = [pointer]
    library.fm_status_name.restype = ctypes.c_char_p
    library.fm_last_error_message.argtypes = [ctypes.c_char_p, u64]
    library.fm_last_error_message.restype = u64
    return library


def check(library, status):
    """Below zero is a failure; zero and above, such as FM_EXISTED, are successes."""
    if status < 0:
        why = ctypes.create_string_buffer(512)
        library.fm_last_error_message(why, len(why))
        raise OSError(f"{why.value.decode()} ({library.fm_status_name(status).decode()})")


def read_message(library):
    mapping = ctypes.c_void_p()
    check(library, library.fm_open(FULL_MAP_NAME.encode(), FM_ACCESS_READ, ctypes.byref(mapping)))
    print(f"The file mapping ({FULL_MAP_NAME}) is opened")
    view = ctypes.c_void_p()
    try:
        check(library, library.fm_map(mapping, FM_ACCESS_READ, VIEW_OFFSET, VIEW_SIZE, ctypes.byref(view)))
        print("The file view is mapped")

        # Another process wrote these bytes: copy them, and do not trust that a NUL is among them.
        data = ctypes.create_string_buffer(VIEW_SIZE)
        check(library, library.fm_read(view, 0, data, VIEW_SIZE))
        message = data.raw.decode("utf-16-le", errors="replace").split("\0")[0]
        print(f'Read from the file mapping:\n"{message}"')

        print("Press ENTER to clean up resources and quit", end="", flush=True)
        sys.stdin.readline()
    finally:
        if view:
            library.fm_unmap(view)
        library.fm_close(mapping)


if __name__ == "__main__":
    try:
        read_message(load_filemap())
    except OSError as error:
        print(f"The process throws the error: {error}")
        sys.exit(1)
