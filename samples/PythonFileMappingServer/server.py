#!/usr/bin/env python3
# The first process: creates the file mapping Local\SampleMap, writes a UTF-16 message to it and keeps it until ENTER.
# Knows of the client only what both must know: the name, the place of the message, and its encoding.
import ctypes
import os
import sys

FULL_MAP_NAME = "Local\\SampleMap"
MAP_SIZE = 65536
VIEW_OFFSET = 0
VIEW_SIZE = 1024
MESSAGE = "Message from the first process."

FM_ACCESS_WRITE = 0x2


def load_filemap():
    """Loads the library by its name: from beside this file, or from where the system looks for libraries."""
    name = "filemap.dll" if os.name == "nt" else "libfilemap.so.1"
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    library = ctypes.CDLL(beside if os.path.exists(beside) else name)

    # Without these, ctypes would pass every number as a C int, and cut sizes and handles to 32 bits.
    u32, u64, pointer = ctypes.c_uint32, ctypes.c_uint64, ctypes.c_void_p
    out_pointer = ctypes.POINTER(pointer)
    library.fm_create.argtypes = [ctypes.c_char_p, u64, pointer, out_pointer]
    library.fm_map.argtypes = [pointer, u32, u64, u64, out_pointer]
    library.fm_write.argtypes = [pointer, u64, ctypes.c_char_p, u64]
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


def serve(library):
    # FM_EXISTED, a success, tells that another process created it before: then both write to the same memory.
    mapping = ctypes.c_void_p()
    check(library, library.fm_create(FULL_MAP_NAME.encode(), MAP_SIZE, None, ctypes.byref(mapping)))
    print(f"The file mapping ({FULL_MAP_NAME}) is created")
    view = ctypes.c_void_p()
    try:
        check(library, library.fm_map(mapping, FM_ACCESS_WRITE, VIEW_OFFSET, VIEW_SIZE, ctypes.byref(view)))
        print("The file view is mapped")

        # The bytes that the processes agreed on are UTF-16LE and end with NUL.
        data = (MESSAGE + "\0").encode("utf-16-le")
        check(library, library.fm_write(view, 0, data, len(data)))
        print(f'This message is written to the view:\n"{MESSAGE}"')

        # The mapping lives as long as this process keeps it open, so wait before giving it up.
        print("Press ENTER to clean up resources and quit", end="", flush=True)
        sys.stdin.readline()
    finally:
        if view:
            library.fm_unmap(view)
        library.fm_close(mapping)


if __name__ == "__main__":
    try:
        serve(load_filemap())
    except OSError as error:
        print(f"The process throws the error: {error}")
        sys.exit(1)
