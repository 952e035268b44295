/*
 * filemap: named file mappings and shared memory, with the rules of Win32, on Windows and on Linux.
 *
 * This header is the whole contract. It compiles as C99 and C++11, for 32 and 64 bit. What cuts across
 * functions stands once in docs/: lifetime.md, errors.md, threads.md, strings.md, platforms.md.
 *
 * How to use it. One process creates a mapping and writes:
 *
 *     fm_handle mapping;
 *     fm_view   view;
 *     if (fm_create("Local\\SampleMap", 65536, NULL, &mapping) < 0) return report();
 *     if (fm_map(mapping, FM_ACCESS_WRITE, 0, 1024, &view) < 0)     return report();
 *     fm_write(view, 0, "hello", 6);
 *     ...
 *     fm_unmap(view);
 *     fm_close(mapping);              // the last handle anywhere: the name ends here
 *
 * Another process, in any language, opens it by the same name and reads:
 *
 *     char text[6];
 *     if (fm_open("Local\\SampleMap", FM_ACCESS_READ, &mapping) < 0) return report();
 *     if (fm_map(mapping, FM_ACCESS_READ, 0, 0, &view) < 0)          return report();
 *     fm_read(view, 0, text, sizeof text);
 *
 * and `report` asks what went wrong:
 *
 *     char why[512];
 *     fm_last_error_message(why, sizeof why);      // "fm_open: Local\SampleMap: there is no object of this name"
 *
 * Rules that hold for every function:
 *   - A result below zero is a failure, zero is success, above zero is success with news (FM_EXISTED ...).
 *   - Outputs come last, are called out_..., and stay untouched on failure.
 *   - Sizes and offsets are bytes, in uint64_t, on 32 bit too. Strings are UTF-8 and end with NUL.
 *   - Handles and views are values, not addresses: a closed, stale, foreign or random one gives
 *     FM_E_INVALID_HANDLE, never a crash.
 *   - Every function is safe from any thread; none is safe inside a signal handler.
 *   - Nothing throws, prints, exits or installs a signal handler.
 */
#ifndef FILEMAP_H
#define FILEMAP_H

#include <stdint.h>

/* ---- Version ------------------------------------------------------------------------------------------- */

#define FM_VERSION_MAJOR 1
#define FM_VERSION_MINOR 0
#define FM_VERSION_PATCH 0
/** The version of this header as one number: major * 10000 + minor * 100 + patch. */
#define FM_VERSION (FM_VERSION_MAJOR * 10000 + FM_VERSION_MINOR * 100 + FM_VERSION_PATCH)

/* ---- Linkage ------------------------------------------------------------------------------------------- */

#if defined(_WIN32)
#  define FM_CALL __cdecl
#  if defined(FM_BUILDING)
#    define FM_API
#  else
#    define FM_API __declspec(dllimport)
#  endif
#else
#  define FM_CALL
#  if defined(__GNUC__)
#    define FM_API __attribute__((visibility("default")))
#  else
#    define FM_API
#  endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Status -------------------------------------------------------------------------------------------- */

/** What every fallible function returns: 0 success, negative failure, positive success with news. */
typedef int32_t fm_status;

/**
 * Every status: X(name, number, Win32 error number or 0, text). A number is never used for another meaning.
 * docs/errors.md says for each what to do.
 */
#define FM_STATUS_LIST(X) \
    X(FM_OK,                   0,    0, "success") \
    X(FM_EXISTED,              1,  183, "success: an object of this name existed and was opened") \
    X(FM_TIMED_OUT,            2,  258, "the time ran out before the object was ready") \
    X(FM_ABANDONED,            3,  128, "success: the mutex was acquired, and its last owner ended without releasing it") \
    X(FM_END,                  4,  259, "there is no further item") \
    X(FM_E_INVALID_ARGUMENT,  -1,   87, "an argument is not valid") \
    X(FM_E_INVALID_HANDLE,    -2,    6, "the handle or view is not open in this process") \
    X(FM_E_INVALID_NAME,      -3,  123, "the name is not a valid object name") \
    X(FM_E_NOT_FOUND,         -4,    2, "there is no object or file of this name") \
    X(FM_E_EXISTS,            -5,  183, "an object of this name exists already") \
    X(FM_E_WRONG_KIND,        -6,    6, "the name or handle belongs to an object of another kind") \
    X(FM_E_ACCESS_DENIED,     -7,    5, "the access asked for is not allowed") \
    X(FM_E_OUT_OF_RANGE,      -8,    5, "the range leaves the object") \
    X(FM_E_NOT_ALIGNED,       -9, 1132, "the offset or address is not a multiple of the allocation granularity") \
    X(FM_E_ADDRESS_IN_USE,   -10,  487, "the address range is not free") \
    X(FM_E_NO_MEMORY,        -11,    8, "there is not enough memory or address space") \
    X(FM_E_NO_SPACE,         -12, 1455, "there is not enough space for the contents") \
    X(FM_E_FILE_INVALID,     -13, 1006, "the file cannot be mapped") \
    X(FM_E_NOT_OWNER,        -14,  288, "the caller does not own the mutex") \
    X(FM_E_TOO_MANY,         -15,  298, "the count would leave its limit") \
    X(FM_E_CANCELLED,        -16, 1223, "the wait was cancelled") \
    X(FM_E_PEER_GONE,        -17,  109, "the last peer is gone") \
    X(FM_E_NOT_SUPPORTED,    -18,   50, "not supported on this system") \
    X(FM_E_VERSION,          -19, 1306, "the object has a layout of another version of filemap") \
    X(FM_E_CORRUPT,          -20, 1392, "what stands under this name is not a valid object") \
    X(FM_E_SYSTEM,           -21,   31, "the operating system reported an error") \
    X(FM_E_NO_HANDLES,       -22,    4, "the limit of open handles or descriptors is reached") \
    X(FM_E_BUSY,             -23,  170, "another process has been changing the name for too long") \
    X(FM_E_IN_PAGE,          -24,  999, "the pages behind the view could not be accessed") \
    X(FM_E_BUFFER_TOO_SMALL, -25,  122, "the buffer is too small")

enum fm_status_code {
#define FM_STATUS_MEMBER(name, number, win32, text) name = number,
    FM_STATUS_LIST(FM_STATUS_MEMBER)
#undef FM_STATUS_MEMBER
    FM_STATUS_FORCE_INT32 = 0x7fffffff
};

/* ---- Constants ----------------------------------------------------------------------------------------- */

/* What a handle or a view may do. */
#define FM_ACCESS_READ      0x00000001u /**< map and read */
#define FM_ACCESS_WRITE     0x00000002u /**< map and write; for a view this includes reading */
#define FM_ACCESS_EXECUTE   0x00000004u /**< map executable; for a view this includes reading */
#define FM_ACCESS_COPY      0x00000008u /**< map copy-on-write; a handle needs FM_ACCESS_READ for it */
#define FM_ACCESS_WAIT      0x00000010u /**< wait for the object (not for mappings) */
#define FM_ACCESS_MODIFY    0x00000020u /**< set, reset, release (not for mappings) */
#define FM_ACCESS_ALL       0x80000000u /**< handle: all that the object allows; view: read and write */

/* What may be done with the pages of a mapping. */
#define FM_PROTECT_READ               0x02u /**< read and copy-on-write views */
#define FM_PROTECT_READ_WRITE         0x04u /**< the default */
#define FM_PROTECT_WRITE_COPY         0x08u /**< the same as FM_PROTECT_READ */
#define FM_PROTECT_EXECUTE_READ       0x20u
#define FM_PROTECT_EXECUTE_READ_WRITE 0x40u
#define FM_PROTECT_EXECUTE_WRITE_COPY 0x80u /**< the same as FM_PROTECT_EXECUTE_READ */

/* fm_create_options.flags, and fm_info.flags. */
#define FM_CREATE_NEW  0x00000001u /**< fail with FM_E_EXISTS where the name is in use */
#define FM_RESERVE     0x00000002u /**< no memory yet: fm_commit() provides it, range by range */
#define FM_LARGE_PAGES 0x00000004u /**< large pages; size must be a multiple of fm_large_page_size() */
#define FM_INHERITABLE 0x00000008u /**< child processes inherit the handle; see fm_export_token() */
#define FM_FILE        0x00000010u /**< options: use `file` even though its value is 0; info: a real file is mapped */

/* fm_duplicate. */
#define FM_DUPLICATE_SAME_ACCESS  0x1u /**< the new handle may do what the old one may; `access` is ignored */
#define FM_DUPLICATE_CLOSE_SOURCE 0x2u /**< closes the old handle, whatever the outcome */
#define FM_DUPLICATE_INHERITABLE  0x4u /**< child processes inherit the new handle */

/* fm_list_open. */
#define FM_LIST_LOCAL  0x1u /**< this user's objects */
#define FM_LIST_GLOBAL 0x2u /**< this machine's objects */
#define FM_LIST_DEAD   0x4u /**< also what a crash left and nobody holds (Linux) */

/* fm_event_create, fm_mutex_create, fm_timer_create. */
#define FM_EVENT_MANUAL_RESET 0x1u /**< stays set, and lets everybody through, until fm_event_reset() */
#define FM_EVENT_SIGNALED     0x2u /**< begins set */
#define FM_MUTEX_OWNED        0x1u /**< begins owned by the creating thread */
#define FM_TIMER_MANUAL_RESET 0x1u /**< stays ready until it is set again */

/* fm_wait_many. */
#define FM_WAIT_ALL 0x1u /**< all objects, together; without it any of them */

#define FM_FOREVER   (-1)  /**< a timeout that never runs out */
#define FM_MAX_WAIT  64u   /**< objects in one wait */

/* Kinds of object; all share one namespace. */
#define FM_KIND_UNKNOWN   0u
#define FM_KIND_MAPPING   1u
#define FM_KIND_EVENT     2u
#define FM_KIND_MUTEX     3u
#define FM_KIND_SEMAPHORE 4u
#define FM_KIND_TIMER     5u
#define FM_KIND_JOB       6u
#define FM_KIND_CHANNEL   7u
#define FM_KIND_LIST      8u /**< an open listing; never has a name */
#define FM_KIND_CANCEL    9u /**< fm_cancel_create(); never has a name */

#define FM_MAX_NAME_UNITS 32766u      /**< longest name, in UTF-16 code units, prefix included */
#define FM_UNKNOWN_COUNT  0xffffffffu /**< the system cannot tell */
#define FM_TOKEN_SIZE     96u         /**< bytes in fm_token */
#define FM_TOKEN_TEXT_SIZE 197u       /**< bytes of a token's text form, NUL included */

/* ---- Types --------------------------------------------------------------------------------------------- */

/** One process's right to use one object. Opaque, never an address; NULL is never valid. [close with fm_close] */
typedef struct fm_handle_tag *fm_handle;
/** A range of a mapping in this process's memory. Opaque, never an address. [end with fm_unmap] */
typedef struct fm_view_tag *fm_view;

/**
 * Options of fm_create(). Set struct_size to sizeof(fm_create_options) and the rest to zero, then what you need.
 * Members are only ever appended. At most one of file and file_path may be given.
 */
typedef struct fm_create_options {
    uint32_t struct_size;
    uint32_t protection;   /**< FM_PROTECT_...; 0 = FM_PROTECT_READ_WRITE */
    uint32_t flags;        /**< FM_CREATE_NEW, FM_RESERVE, FM_LARGE_PAGES, FM_INHERITABLE, FM_FILE */
    uint32_t permissions;  /**< 0 = this user alone; else nine bits, owner/group/others, as in 0660; the owner
                                always keeps reading and writing on Linux. Only for new objects */
    int64_t file;          /**< open descriptor (Linux) or HANDLE (Windows) of the file to map; 0 = none [borrowed] */
    const char *file_path; /**< path of an existing file to map; NULL = none [borrowed] */
} fm_create_options;

/** Options of fm_event_create() and its like. Set struct_size and the rest to zero, then what you need. */
typedef struct fm_object_options {
    uint32_t struct_size;
    uint32_t flags;       /**< FM_CREATE_NEW, FM_INHERITABLE */
    uint32_t permissions; /**< as in fm_create_options */
    uint32_t reserved;    /**< 0 */
} fm_object_options;

/** What fm_query() tells. Set struct_size before the call. */
typedef struct fm_info {
    uint32_t struct_size;
    uint32_t kind;       /**< FM_KIND_... */
    uint64_t size;       /**< mapping: its bytes; memory in whole pages, a file to the byte */
    uint32_t access;     /**< what this handle may do: FM_ACCESS_... */
    uint32_t protection; /**< FM_PROTECT_...; 0 where the system cannot tell (Windows: opened by name) */
    uint32_t flags;      /**< FM_RESERVE, FM_LARGE_PAGES, FM_INHERITABLE, FM_FILE as they apply */
    uint32_t holders;    /**< open handles everywhere, or FM_UNKNOWN_COUNT */
    int64_t created;     /**< nanoseconds since 1970-01-01 UTC; 0 where the system cannot tell */
    uint32_t ready;      /**< 1: a wait with timeout 0 would succeed now (mutex: free, abandoned or owned by the caller) */
    uint32_t count;      /**< semaphore: its count; mutex: acquisitions that its owner has to release */
    uint32_t maximum;    /**< semaphore: its maximum */
    uint32_t manual;     /**< event, timer: 1 with manual reset */
    uint32_t owner;      /**< mutex: id of the owning process as it saw itself; 0: free, or the system cannot tell */
    uint32_t period_ms;  /**< timer: its period; 0: once, or the system cannot tell */
    int64_t due;         /**< timer: ns until it is next due, 0: due; FM_FOREVER: not set, no timer, or the system cannot tell */
} fm_info;

/** What fm_list_next() tells of one object. Set struct_size before the call. */
typedef struct fm_list_info {
    uint32_t struct_size;
    uint32_t kind;    /**< FM_KIND_...; FM_KIND_UNKNOWN where it could not be read */
    uint64_t size;    /**< mapping: its bytes; 0 where it could not be read */
    uint32_t scope;   /**< FM_LIST_LOCAL or FM_LIST_GLOBAL */
    uint32_t dead;    /**< 1: a crash left it and nobody holds it (only with FM_LIST_DEAD) */
    uint32_t holders; /**< open handles everywhere, or FM_UNKNOWN_COUNT */
    uint32_t creator; /**< id of the creating process as it saw itself; 0 where the system cannot tell */
    int64_t created;  /**< nanoseconds since 1970-01-01 UTC; 0 where the system cannot tell */
} fm_list_info;

/** What fm_sweep() did. Set struct_size before the call. */
typedef struct fm_sweep_info {
    uint32_t struct_size;
    uint32_t removed;   /**< objects removed that a crash had left */
    uint64_t bytes;     /**< bytes of memory and disk given back */
    uint32_t remaining; /**< dead objects that this user may not remove */
    uint32_t reserved;  /**< 0 */
} fm_sweep_info;

/** Names an open object for another process of the same user. Plain bytes: may be copied, sent and stored. */
typedef struct fm_token {
    uint8_t bytes[FM_TOKEN_SIZE];
} fm_token;

/* ---- Mappings ------------------------------------------------------------------------------------------ */

/**
 * Creates a mapping, or opens the existing one of this name.
 *
 * Without a file the mapping is memory: whole pages, zero at first, and real when the call returns (a full
 * system is an error here, never a fault later) unless FM_RESERVE says otherwise. With a file the mapping shows
 * its contents: size 0 takes the file's size, a larger size extends the file at once if the protection allows
 * writing. The file must exist, and may be deleted or closed by the caller afterwards.
 * An existing mapping is opened with the access that `protection` implies, keeps its own size and contents, and
 * the result is FM_EXISTED.
 *
 * @param name         "Local\X" or "X": this user; "Global\X": this machine. Case-sensitive, no further
 *                     backslash, at most FM_MAX_NAME_UNITS. NULL or "": unnamed          [borrowed]
 * @param size         bytes; 0 only with a file                                          [bytes]
 * @param options      NULL = defaults                                                    [borrowed]
 * @param out_mapping  receives the handle; close it with fm_close()                      [owned by caller]
 * @return FM_OK                    a new mapping
 *         FM_EXISTED               an existing mapping was opened
 *         FM_E_INVALID_ARGUMENT    out_mapping is NULL; size 0 without a file, or too large to round up;
 *                                  unknown or contradictory options; wrong struct_size
 *         FM_E_INVALID_NAME        not UTF-8, too long, a backslash, or nothing after the prefix
 *         FM_E_EXISTS              FM_CREATE_NEW, and the name is in use
 *         FM_E_WRONG_KIND          the name belongs to an object of another kind
 *         FM_E_ACCESS_DENIED       the object, the file or the namespace does not allow it
 *         FM_E_NOT_FOUND           file_path does not exist
 *         FM_E_FILE_INVALID        the file is empty and size is 0, or it is not a regular file
 *         FM_E_NO_MEMORY           not enough memory; or a read-only mapping larger than its file
 *         FM_E_NO_SPACE            memory, /dev/shm or disk is full
 *         FM_E_NO_HANDLES          too many open handles or descriptors
 *         FM_E_NOT_SUPPORTED       large or executable pages that this system does not offer
 *         FM_E_VERSION, FM_E_CORRUPT  what stands under the name is not ours (Linux)
 *         FM_E_BUSY                another process is stuck while creating or ending this name (Linux)
 *         FM_E_SYSTEM              anything else: fm_last_os_error()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_create(const char *name, uint64_t size, const fm_create_options *options,
                                   fm_handle *out_mapping);

/**
 * Opens an existing mapping by name.
 *
 * @param name         as for fm_create(); neither NULL nor empty                         [borrowed]
 * @param access       what the handle shall be able to do: FM_ACCESS_READ, _WRITE, _EXECUTE, _COPY or FM_ACCESS_ALL
 * @param out_mapping  receives the handle; close it with fm_close()                      [owned by caller]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT    name or out_mapping is NULL, or unknown access bits
 *         FM_E_INVALID_NAME        not UTF-8, too long, a backslash, or nothing after the prefix
 *         FM_E_NOT_FOUND           nobody holds an object of this name
 *         FM_E_WRONG_KIND          the name belongs to an object of another kind, or is empty
 *         FM_E_ACCESS_DENIED       access is 0, or the object or its file does not allow it
 *         FM_E_FILE_INVALID        the mapped file was replaced or deleted (Linux)
 *         FM_E_NO_MEMORY           not enough memory
 *         FM_E_NO_HANDLES          too many open handles or descriptors
 *         FM_E_VERSION, FM_E_CORRUPT  what stands under the name is not ours (Linux)
 *         FM_E_BUSY                another process is stuck while creating or ending this name (Linux)
 *         FM_E_SYSTEM              anything else: fm_last_os_error()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_open(const char *name, uint32_t access, fm_handle *out_mapping);

/**
 * Provides memory for a range of a mapping created with FM_RESERVE, for all views in all processes.
 *
 * The range is widened to whole pages. It stays until the mapping ends; committing twice is no error, and neither
 * is committing a mapping that was not reserved. Touching a page before its commit is an access violation on
 * Windows; on Linux it takes memory at once, and is a bus error where there is none.
 *
 * @param mapping  handle with FM_ACCESS_WRITE                                            [borrowed]
 * @param offset   first byte                                                             [bytes]
 * @param size     bytes; 0 = to the end                                                  [bytes]
 * @return FM_OK
 *         FM_E_INVALID_HANDLE   not an open handle
 *         FM_E_WRONG_KIND       not a mapping
 *         FM_E_ACCESS_DENIED    the handle or the protection does not allow writing
 *         FM_E_OUT_OF_RANGE     the range leaves the mapping
 *         FM_E_NO_SPACE         not enough memory
 *         FM_E_NO_MEMORY        not enough address space (Windows, 32 bit)
 *         FM_E_SYSTEM           anything else: fm_last_os_error()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_commit(fm_handle mapping, uint64_t offset, uint64_t size);

/* ---- Views --------------------------------------------------------------------------------------------- */

/**
 * Maps a range of a mapping into this process.
 *
 * Any offset is accepted: the range is rounded to the system's granularity inside, and the view shows exactly the
 * bytes asked for. Views of one mapping are coherent, in all processes. A view stays valid after
 * fm_close(mapping), but keeps only the contents, not the name. FM_ACCESS_COPY makes writes private to this view.
 * Access 0 reserves the addresses: such a view can neither be read nor written.
 *
 * @param mapping   handle with the rights that `access` needs                            [borrowed]
 * @param access    FM_ACCESS_READ, _WRITE, _COPY, _EXECUTE, _EXECUTE | _WRITE, _EXECUTE | _COPY, FM_ACCESS_ALL or 0
 * @param offset    first byte                                                            [bytes]
 * @param size      bytes; 0 = to the end of the mapping                                  [bytes]
 * @param out_view  receives the view; end it with fm_unmap()                             [owned by caller]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  out_view is NULL, unknown access bits, or WRITE with COPY
 *         FM_E_INVALID_HANDLE    not an open handle
 *         FM_E_WRONG_KIND        not a mapping
 *         FM_E_ACCESS_DENIED     the handle or the protection does not allow `access`
 *         FM_E_OUT_OF_RANGE      the range leaves the mapping
 *         FM_E_NO_MEMORY         no room in the address space
 *         FM_E_NO_HANDLES        too many open descriptors (Linux)
 *         FM_E_SYSTEM            anything else: fm_last_os_error()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_map(fm_handle mapping, uint32_t access, uint64_t offset, uint64_t size,
                                fm_view *out_view);

/**
 * Maps a range at a given address. With address NULL it is fm_map().
 *
 * Here nothing is rounded: offset and address must be multiples of fm_allocation_granularity(). Memory that is
 * mapped there already is never replaced.
 *
 * @param mapping   handle with the rights that `access` needs                            [borrowed]
 * @param access    as for fm_map()
 * @param offset    first byte                                                            [bytes]
 * @param size      bytes; 0 = to the end of the mapping                                  [bytes]
 * @param address   where the view shall begin; NULL = anywhere
 * @param out_view  receives the view; end it with fm_unmap()                             [owned by caller]
 * @return FM_OK
 *         FM_E_NOT_ALIGNED       offset or address is not a multiple of the granularity
 *         FM_E_ADDRESS_IN_USE    something is mapped in that range
 *         and what fm_map() gives
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_map_at(fm_handle mapping, uint32_t access, uint64_t offset, uint64_t size,
                                   void *address, fm_view *out_view);

/**
 * Ends a view. Its memory must not be touched any more; calls of fm_read() or fm_write() that are under way in
 * other threads finish first. Dirty pages of a file are written later by the system: fm_flush() does it now.
 *
 * @param view  the view                                                                  [taken]
 * @return FM_OK
 *         FM_E_INVALID_HANDLE    not an open view, or ended already
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_unmap(fm_view view);

/**
 * The address of a view's first byte. It is the caller's to use until fm_unmap(); what the view's access does not
 * allow faults, as with any memory.
 *
 * @param view  the view                                                                  [borrowed]
 * @return the address, or NULL where the view is not open
 * @threads safe from any thread
 * @since   1.0
 */
FM_API void *FM_CALL fm_view_data(fm_view view);

/**
 * The number of bytes in a view: what was asked for, or what the mapping had from the offset on.
 *
 * @param view  the view                                                                  [borrowed]
 * @return bytes, or 0 where the view is not open
 * @threads safe from any thread
 * @since   1.0
 */
FM_API uint64_t FM_CALL fm_view_size(fm_view view);

/**
 * Copies bytes out of a view. Checks bounds and access, and never faults because of the view: pages of a file that
 * was cut short, or that cannot be read, and pages that were reserved and cannot be had give FM_E_IN_PAGE.
 *
 * @param view    a view that may be read                                                 [borrowed]
 * @param offset  first byte within the view                                              [bytes]
 * @param buffer  receives the bytes                                                      [filled in]
 * @param size    bytes; 0 copies nothing                                                 [bytes]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  buffer is NULL and size is not 0
 *         FM_E_INVALID_HANDLE    not an open view
 *         FM_E_ACCESS_DENIED     the view may not be read
 *         FM_E_OUT_OF_RANGE      the range leaves the view; nothing was copied
 *         FM_E_IN_PAGE           a page could not be accessed; part may have been copied
 * @threads safe from any thread; not atomic against writers
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_read(fm_view view, uint64_t offset, void *buffer, uint64_t size);

/**
 * Copies bytes into a view. The mirror of fm_read().
 *
 * @param view    a view that may be written                                              [borrowed]
 * @param offset  first byte within the view                                              [bytes]
 * @param data    the bytes                                                               [borrowed]
 * @param size    bytes; 0 copies nothing                                                 [bytes]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  data is NULL and size is not 0
 *         FM_E_INVALID_HANDLE    not an open view
 *         FM_E_ACCESS_DENIED     the view may not be written
 *         FM_E_OUT_OF_RANGE      the range leaves the view; nothing was copied
 *         FM_E_IN_PAGE           a page could not be accessed; part may have been copied
 * @threads safe from any thread; not atomic against readers
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_write(fm_view view, uint64_t offset, const void *data, uint64_t size);

/**
 * Writes the changed pages of a range to the mapped file. For memory, and for copy-on-write views, there is nothing
 * to do. Windows starts the writing and leaves metadata and the device's cache to FlushFileBuffers; Linux returns
 * when the data is written (msync with MS_SYNC).
 *
 * @param view    the view                                                                [borrowed]
 * @param offset  first byte within the view                                              [bytes]
 * @param size    bytes; 0 = to the end of the view                                       [bytes]
 * @return FM_OK
 *         FM_E_INVALID_HANDLE    not an open view
 *         FM_E_OUT_OF_RANGE      the range leaves the view
 *         FM_E_SYSTEM            the data could not be written: fm_last_os_error()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_flush(fm_view view, uint64_t offset, uint64_t size);

/**
 * Asks the system to bring a range into memory soon. A hint: success says nothing about when.
 *
 * @param view    the view                                                                [borrowed]
 * @param offset  first byte within the view                                              [bytes]
 * @param size    bytes; 0 = to the end of the view                                       [bytes]
 * @return FM_OK
 *         FM_E_INVALID_HANDLE    not an open view
 *         FM_E_OUT_OF_RANGE      the range leaves the view
 *         FM_E_SYSTEM            the system refused: fm_last_os_error()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_prefetch(fm_view view, uint64_t offset, uint64_t size);

/* ---- Events, mutexes, semaphores, timers --------------------------------------------------------------- */

/**
 * Creates an event, or opens the existing one of this name (flags are then ignored).
 *
 * An event is set or not. With automatic reset, setting it lets one waiter through, which resets it; with
 * FM_EVENT_MANUAL_RESET it lets everybody through until it is reset. Names, lifetime and options are as for
 * fm_create(), and all kinds of object share the names. The same holds for the other functions of this section.
 *
 * @param name       as for fm_create(); NULL or "": unnamed                              [borrowed]
 * @param flags      FM_EVENT_MANUAL_RESET, FM_EVENT_SIGNALED
 * @param options    NULL = defaults                                                      [borrowed]
 * @param out_event  receives the handle; close it with fm_close()                        [owned by caller]
 * @return FM_OK                    a new event
 *         FM_EXISTED               an existing event was opened, as it is
 *         FM_E_INVALID_ARGUMENT    out_event is NULL, unknown flags or options, wrong struct_size
 *         FM_E_INVALID_NAME        not UTF-8, too long, a backslash, or nothing after the prefix
 *         FM_E_EXISTS              FM_CREATE_NEW, and the name is in use
 *         FM_E_WRONG_KIND          the name belongs to an object of another kind
 *         FM_E_ACCESS_DENIED       the object or the namespace does not allow it
 *         FM_E_NO_MEMORY, FM_E_NO_SPACE, FM_E_NO_HANDLES  memory, space or handles run out
 *         FM_E_VERSION, FM_E_CORRUPT, FM_E_BUSY  as for fm_create() (Linux)
 *         FM_E_NOT_SUPPORTED       its threads are registered elsewhere, or this one cannot be (Linux)
 *         FM_E_SYSTEM              anything else: fm_last_os_error()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_event_create(const char *name, uint32_t flags, const fm_object_options *options,
                                         fm_handle *out_event);

/**
 * Opens an existing event by name.
 *
 * @param name       as for fm_create(); neither NULL nor empty                           [borrowed]
 * @param access     FM_ACCESS_WAIT, FM_ACCESS_MODIFY or FM_ACCESS_ALL
 * @param out_event  receives the handle; close it with fm_close()                        [owned by caller]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT    name or out_event is NULL, or unknown access bits
 *         FM_E_INVALID_NAME        not UTF-8, too long, a backslash, or nothing after the prefix
 *         FM_E_NOT_FOUND           nobody holds an object of this name
 *         FM_E_WRONG_KIND          the name belongs to an object of another kind, or is empty
 *         FM_E_ACCESS_DENIED       access is 0, or the object does not allow it
 *         FM_E_NO_MEMORY, FM_E_NO_HANDLES  memory or handles run out
 *         FM_E_VERSION, FM_E_CORRUPT, FM_E_BUSY  as for fm_open() (Linux)
 *         FM_E_NOT_SUPPORTED       its threads are registered elsewhere (Linux)
 *         FM_E_SYSTEM              anything else: fm_last_os_error()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_event_open(const char *name, uint32_t access, fm_handle *out_event);

/**
 * Sets an event. Setting one that is set changes nothing, but what the caller wrote before is seen by whom it lets
 * through.
 *
 * @param event  handle with FM_ACCESS_MODIFY                                             [borrowed]
 * @return FM_OK
 *         FM_E_INVALID_HANDLE  not an open handle
 *         FM_E_WRONG_KIND      not an event
 *         FM_E_ACCESS_DENIED   the handle lacks FM_ACCESS_MODIFY
 *         FM_E_NO_HANDLES, FM_E_NO_SPACE  somebody waits or has waited, and there is no room to register this thread (Linux)
 *         FM_E_NOT_SUPPORTED   the same, and this thread has no robust list (Linux)
 *         FM_E_CORRUPT         a program has written over the event (Linux)
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_event_set(fm_handle event);

/**
 * Resets an event.
 *
 * @param event  handle with FM_ACCESS_MODIFY                                             [borrowed]
 * @return as fm_event_set()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_event_reset(fm_handle event);

/**
 * Sets an event and resets it at once: lets through who is waiting just now (with automatic reset one of them). As on
 * Windows it cannot be relied on: who is between two waits misses it. Use it only to port what uses it.
 *
 * @param event  handle with FM_ACCESS_MODIFY                                             [borrowed]
 * @return as fm_event_set()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_event_pulse(fm_handle event);

/**
 * Creates a mutex, or opens the existing one of this name (flags are then ignored).
 *
 * A mutex belongs to the thread that acquired it by waiting for it, as often as it did so. When that thread ends
 * without releasing it, however it ends, the next one to wait acquires it and is told so by FM_ABANDONED.
 *
 * @param name       as for fm_create(); NULL or "": unnamed                              [borrowed]
 * @param flags      FM_MUTEX_OWNED: a new mutex begins owned by the calling thread
 * @param options    NULL = defaults                                                      [borrowed]
 * @param out_mutex  receives the handle; close it with fm_close()                        [owned by caller]
 * @return as fm_event_create()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_mutex_create(const char *name, uint32_t flags, const fm_object_options *options,
                                         fm_handle *out_mutex);

/**
 * Opens an existing mutex by name.
 *
 * @param name       as for fm_create(); neither NULL nor empty                           [borrowed]
 * @param access     FM_ACCESS_WAIT, FM_ACCESS_MODIFY or FM_ACCESS_ALL
 * @param out_mutex  receives the handle; close it with fm_close()                        [owned by caller]
 * @return as fm_event_open()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_mutex_open(const char *name, uint32_t access, fm_handle *out_mutex);

/**
 * Gives one acquisition of a mutex back; the last one lets the next waiter have it. Works through a handle with any
 * rights.
 *
 * @param mutex  any handle to the mutex                                                  [borrowed]
 * @return FM_OK
 *         FM_E_INVALID_HANDLE  not an open handle
 *         FM_E_WRONG_KIND      not a mutex
 *         FM_E_NOT_OWNER       the calling thread does not own it
 *         FM_E_CORRUPT         a program has written over the mutex (Linux)
 * @threads safe from any thread; only the owner succeeds
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_mutex_release(fm_handle mutex);

/**
 * Creates a semaphore, or opens the existing one of this name (counts are then ignored).
 *
 * A semaphore counts units. A wait takes one, and is ready while there is one. Units that a process had taken when it
 * was killed are lost, as on Windows.
 *
 * @param name           as for fm_create(); NULL or "": unnamed                          [borrowed]
 * @param initial        units at first; 0 to maximum
 * @param maximum        units there may be; 1 to 0x7fffffff
 * @param options        NULL = defaults                                                  [borrowed]
 * @param out_semaphore  receives the handle; close it with fm_close()                    [owned by caller]
 * @return as fm_event_create(); FM_E_INVALID_ARGUMENT also where initial or maximum is out of range
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_semaphore_create(const char *name, uint32_t initial, uint32_t maximum,
                                             const fm_object_options *options, fm_handle *out_semaphore);

/**
 * Opens an existing semaphore by name.
 *
 * @param name           as for fm_create(); neither NULL nor empty                       [borrowed]
 * @param access         FM_ACCESS_WAIT, FM_ACCESS_MODIFY or FM_ACCESS_ALL
 * @param out_semaphore  receives the handle; close it with fm_close()                    [owned by caller]
 * @return as fm_event_open()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_semaphore_open(const char *name, uint32_t access, fm_handle *out_semaphore);

/**
 * Adds units to a semaphore.
 *
 * @param semaphore     handle with FM_ACCESS_MODIFY                                      [borrowed]
 * @param count         units to add; at least 1
 * @param out_previous  receives the count before; may be NULL                            [filled in]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  count is 0
 *         FM_E_INVALID_HANDLE    not an open handle
 *         FM_E_WRONG_KIND        not a semaphore
 *         FM_E_ACCESS_DENIED     the handle lacks FM_ACCESS_MODIFY
 *         FM_E_TOO_MANY          the count would leave its maximum; nothing was added
 *         FM_E_NO_HANDLES, FM_E_NO_SPACE, FM_E_NOT_SUPPORTED, FM_E_CORRUPT  as for fm_event_set() (Linux)
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_semaphore_release(fm_handle semaphore, uint32_t count, uint32_t *out_previous);

/**
 * Creates a waitable timer, or opens the existing one of this name (flags are then ignored). It is not set at first.
 *
 * With automatic reset each due moment lets one waiter through; with FM_TIMER_MANUAL_RESET the timer stays ready from
 * its due moment until it is set again.
 *
 * @param name       as for fm_create(); NULL or "": unnamed                              [borrowed]
 * @param flags      FM_TIMER_MANUAL_RESET
 * @param options    NULL = defaults                                                      [borrowed]
 * @param out_timer  receives the handle; close it with fm_close()                        [owned by caller]
 * @return as fm_event_create()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_timer_create(const char *name, uint32_t flags, const fm_object_options *options,
                                         fm_handle *out_timer);

/**
 * Opens an existing timer by name.
 *
 * @param name       as for fm_create(); neither NULL nor empty                           [borrowed]
 * @param access     FM_ACCESS_WAIT, FM_ACCESS_MODIFY or FM_ACCESS_ALL
 * @param out_timer  receives the handle; close it with fm_close()                        [owned by caller]
 * @return as fm_event_open()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_timer_open(const char *name, uint32_t access, fm_handle *out_timer);

/**
 * Sets a timer; one that was set is stopped first, and is not ready any more.
 *
 * @param timer      handle with FM_ACCESS_MODIFY                                         [borrowed]
 * @param due        in 100 ns: negative = from now on, suspended time not counted; positive or 0 = UTC since 1601, and
 *                   follows a changed clock
 * @param period_ms  0 = once; else ready again after each period, at most 0x7fffffff     [milliseconds]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  period_ms is above 0x7fffffff
 *         FM_E_BUSY              six threads have been setting it for too long; are they stopped? (Linux)
 *         FM_E_INVALID_HANDLE    not an open handle
 *         FM_E_WRONG_KIND        not a timer
 *         FM_E_ACCESS_DENIED     the handle lacks FM_ACCESS_MODIFY
 *         FM_E_NO_HANDLES, FM_E_NO_SPACE, FM_E_NOT_SUPPORTED, FM_E_CORRUPT  as for fm_event_set() (Linux)
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_timer_set(fm_handle timer, int64_t due, uint32_t period_ms);

/**
 * Stops a timer. Whether it is ready stays as it is.
 *
 * @param timer  handle with FM_ACCESS_MODIFY                                             [borrowed]
 * @return FM_OK
 *         FM_E_INVALID_HANDLE    not an open handle
 *         FM_E_WRONG_KIND        not a timer
 *         FM_E_ACCESS_DENIED     the handle lacks FM_ACCESS_MODIFY
 *         FM_E_NO_HANDLES, FM_E_NO_SPACE, FM_E_NOT_SUPPORTED, FM_E_CORRUPT  as for fm_event_set() (Linux)
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_timer_cancel(fm_handle timer);

/* ---- Waiting ------------------------------------------------------------------------------------------- */

/**
 * Waits until an object is ready, and takes what there is to take: resets an event with automatic reset, takes a unit,
 * acquires a mutex.
 *
 * @param handle      handle with FM_ACCESS_WAIT                                          [borrowed]
 * @param timeout_ns  0 = look once, FM_FOREVER = no limit; by a clock that suspended time does not count for  [ns]
 * @return FM_OK
 *         FM_ABANDONED           the mutex was acquired; its last owner ended without releasing it
 *         FM_TIMED_OUT           nothing was taken
 *         FM_E_INVALID_ARGUMENT  timeout_ns is below FM_FOREVER
 *         FM_E_INVALID_HANDLE    not an open handle
 *         FM_E_WRONG_KIND        an object that cannot be waited for
 *         FM_E_ACCESS_DENIED     the handle lacks FM_ACCESS_WAIT
 *         FM_E_TOO_MANY          this thread has acquired the mutex 0x7fffffff times
 *         FM_E_CORRUPT           a program has written over the object (Linux)
 *         FM_E_NO_HANDLES, FM_E_NO_SPACE  there is no room to register this thread (Linux)
 *         FM_E_NOT_SUPPORTED     this thread has no robust list (Linux)
 *         FM_E_NO_MEMORY         not enough memory
 *         FM_E_SYSTEM            anything else: fm_last_os_error()
 * @threads safe from any thread; a mutex belongs to the thread that waited
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_wait(fm_handle handle, int64_t timeout_ns);

/**
 * Waits until any of several objects is ready, and takes that one alone: of those that are ready, the first.
 *
 * @param handles     handles with FM_ACCESS_WAIT, kinds may be mixed                     [borrowed]
 * @param count       1 to FM_MAX_WAIT
 * @param timeout_ns  as for fm_wait()                                                    [ns]
 * @param out_index   receives the index of what was taken, also with FM_ABANDONED; may be NULL  [filled in]
 * @return as fm_wait(); FM_E_INVALID_ARGUMENT also where handles is NULL or count out of range
 * @threads safe from any thread; a mutex belongs to the thread that waited
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_wait_any(const fm_handle *handles, uint32_t count, int64_t timeout_ns, uint32_t *out_index);

/**
 * Waits until all of several objects are ready at the same time, and takes them together. Until then nothing is taken,
 * and no other process ever sees some taken and some not.
 *
 * @param handles     handles with FM_ACCESS_WAIT, kinds may be mixed, no object twice    [borrowed]
 * @param count       1 to FM_MAX_WAIT
 * @param timeout_ns  as for fm_wait()                                                    [ns]
 * @return as fm_wait(); FM_ABANDONED where any of the mutexes was; FM_E_INVALID_ARGUMENT also where handles is NULL,
 *         count out of range, or an object named twice; FM_E_NOT_SUPPORTED where objects that are open to other users
 *         and private ones are mixed (Linux)
 * @threads safe from any thread; a mutex belongs to the thread that waited
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_wait_all(const fm_handle *handles, uint32_t count, int64_t timeout_ns);

/**
 * The whole of waiting in one function: any or all, and ended from another thread by a cancel object.
 *
 * @param handles     as for fm_wait_any() and fm_wait_all()                              [borrowed]
 * @param count       1 to FM_MAX_WAIT
 * @param flags       0 or FM_WAIT_ALL
 * @param timeout_ns  as for fm_wait()                                                    [ns]
 * @param cancel      from fm_cancel_create(); NULL = none                                [borrowed]
 * @param out_index   as for fm_wait_any(); with FM_WAIT_ALL and FM_ABANDONED the first mutex that was abandoned, where
 *                    the system tells; may be NULL                                       [filled in]
 * @return as fm_wait_any() or fm_wait_all(); FM_E_CANCELLED where `cancel` was set before anything was taken;
 *         FM_E_INVALID_ARGUMENT also with unknown flags
 * @threads safe from any thread; a mutex belongs to the thread that waited
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_wait_many(const fm_handle *handles, uint32_t count, uint32_t flags, int64_t timeout_ns,
                                      fm_handle cancel, uint32_t *out_index);

/**
 * Signals one object (sets an event, releases a mutex or one unit) and waits for another. Nobody can take the signal
 * for one that came before the wait began, but the two are not one step.
 *
 * @param to_signal   event or semaphore with FM_ACCESS_MODIFY, or a mutex that the caller owns  [borrowed]
 * @param to_wait     handle with FM_ACCESS_WAIT                                          [borrowed]
 * @param timeout_ns  as for fm_wait()                                                    [ns]
 * @return as fm_wait(); FM_E_WRONG_KIND also where to_signal cannot be signalled; FM_E_NOT_OWNER, FM_E_TOO_MANY where
 *         signalling failed: then nothing was waited for
 * @threads safe from any thread; a mutex belongs to the thread that waited
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_signal_and_wait(fm_handle to_signal, fm_handle to_wait, int64_t timeout_ns);

/**
 * Creates a cancel object: a flag of this process, not set at first, that ends the waits it is given to. It stays set
 * until fm_cancel_reset(), so it does not matter whether it is set before or during the wait.
 *
 * @param out_cancel  receives the handle; close it with fm_close()                       [owned by caller]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  out_cancel is NULL
 *         FM_E_NO_MEMORY, FM_E_NO_HANDLES  memory or handles run out
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_cancel_create(fm_handle *out_cancel);

/**
 * Sets a cancel object: waits that were given it end with FM_E_CANCELLED.
 *
 * @param cancel  from fm_cancel_create()                                                 [borrowed]
 * @return FM_OK
 *         FM_E_INVALID_HANDLE  not an open handle
 *         FM_E_WRONG_KIND      not a cancel object
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_cancel_set(fm_handle cancel);

/**
 * Makes a cancel object usable again.
 *
 * @param cancel  from fm_cancel_create()                                                 [borrowed]
 * @return as fm_cancel_set()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_cancel_reset(fm_handle cancel);

/* ---- Any object ---------------------------------------------------------------------------------------- */

/**
 * Closes a handle. With the last handle to an object, anywhere, its name ends; views keep their memory. Closing
 * while other threads are inside calls with this handle is safe: they finish with the object they found.
 *
 * @param handle  any handle                                                              [taken]
 * @return FM_OK
 *         FM_E_INVALID_HANDLE    not an open handle, or closed already
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_close(fm_handle handle);

/**
 * Makes another handle to the same object, with the same or fewer rights.
 *
 * @param handle      any handle but a listing or a cancel object                           [borrowed]
 * @param access      rights of the new handle; 0 = none. Ignored with FM_DUPLICATE_SAME_ACCESS
 * @param flags       FM_DUPLICATE_...
 * @param out_handle  receives the new handle; close it with fm_close()                   [owned by caller]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  out_handle is NULL, unknown access bits or flags
 *         FM_E_INVALID_HANDLE    not an open handle
 *         FM_E_WRONG_KIND        a listing or a cancel object
 *         FM_E_ACCESS_DENIED     more rights than `handle` has
 *         FM_E_NO_MEMORY         not enough memory
 *         FM_E_NO_HANDLES        too many open handles or descriptors
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_duplicate(fm_handle handle, uint32_t access, uint32_t flags, fm_handle *out_handle);

/**
 * Tells what a handle stands for.
 *
 * @param handle    any handle                                                            [borrowed]
 * @param out_info  struct_size set by the caller; what the library does not know becomes 0  [filled in]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  out_info is NULL, or its struct_size is too small
 *         FM_E_INVALID_HANDLE    not an open handle
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_query(fm_handle handle, fm_info *out_info);

/**
 * Tells an object's name, with its prefix: "Local\X" or "Global\X"; "" for an unnamed one.
 *
 * @param handle      any handle                                                          [borrowed]
 * @param buffer      receives the name, NUL included; NULL only with capacity 0          [filled in]
 * @param capacity    bytes in buffer                                                     [bytes]
 * @param out_needed  receives the bytes needed, NUL included, also with FM_E_BUFFER_TOO_SMALL; may be NULL  [filled in]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT   buffer is NULL and capacity is not 0
 *         FM_E_INVALID_HANDLE     not an open handle
 *         FM_E_BUFFER_TOO_SMALL   buffer was left as it was
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_query_name(fm_handle handle, char *buffer, uint64_t capacity, uint64_t *out_needed);

/**
 * Names an open object, also an unnamed one, for another process of this user: by duplication (any process, while
 * this handle is open) or by inheritance (a child that was started after the handle was made inheritable, also when
 * this process has ended since). The token itself holds nothing open.
 *
 * @param handle          any handle but a listing or a cancel object                       [borrowed]
 * @param target_process  process id that may import it; 0 = any process of this user
 * @param out_token       receives the token                                              [filled in]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  out_token is NULL, or target_process is negative
 *         FM_E_INVALID_HANDLE    not an open handle
 *         FM_E_WRONG_KIND        a listing or a cancel object
 *         FM_E_SYSTEM            anything else: fm_last_os_error()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_export_token(fm_handle handle, int64_t target_process, fm_token *out_token);

/**
 * Opens the object that a token names. An inherited handle is taken over by the first import in the child, so that
 * closing the result really lets the object go.
 *
 * @param token       a token of a process of this user                                   [borrowed]
 * @param access      rights of the new handle, at most those of the exported one; 0 = the same
 * @param out_handle  receives the handle; close it with fm_close()                       [owned by caller]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  a NULL, unknown access bits, or bytes that are no token
 *         FM_E_NOT_FOUND         the process has ended or has closed the handle, and it was not inherited
 *         FM_E_ACCESS_DENIED     another user's process, made for another target_process, or more rights than exported
 *         FM_E_NO_MEMORY         not enough memory
 *         FM_E_NO_HANDLES        too many open handles or descriptors
 *         FM_E_SYSTEM            anything else: fm_last_os_error()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_import_token(const fm_token *token, uint32_t access, fm_handle *out_handle);

/**
 * Writes a token as text, for an environment variable or a command line: letters, digits and '-' alone.
 *
 * @param token     the token                                                             [borrowed]
 * @param buffer    receives the text, NUL included                                       [filled in]
 * @param capacity  bytes in buffer; FM_TOKEN_TEXT_SIZE is enough                         [bytes]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT   a NULL, or bytes that are no token
 *         FM_E_BUFFER_TOO_SMALL   buffer was left as it was
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_token_to_text(const fm_token *token, char *buffer, uint64_t capacity);

/**
 * Reads a token from its text form.
 *
 * @param text       what fm_token_to_text() wrote                                        [borrowed]
 * @param out_token  receives the token                                                   [filled in]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  a NULL, or a text that is no token
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_token_from_text(const char *text, fm_token *out_token);

/* ---- What exists --------------------------------------------------------------------------------------- */

/**
 * Begins a listing of the named objects that exist. It shows each object that exists during the whole listing once;
 * one that comes or goes meanwhile may be shown or not.
 *
 * @param flags     FM_LIST_LOCAL, FM_LIST_GLOBAL, FM_LIST_DEAD; without a scope both are listed
 * @param out_list  receives the listing; close it with fm_close()                        [owned by caller]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  out_list is NULL, or unknown flags
 *         FM_E_ACCESS_DENIED     the namespace cannot be read
 *         FM_E_NO_MEMORY         not enough memory
 *         FM_E_SYSTEM            anything else: fm_last_os_error()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_list_open(uint32_t flags, fm_handle *out_list);

/**
 * Goes to the next object of a listing and tells what it is.
 *
 * @param list      the listing                                                           [borrowed]
 * @param out_info  struct_size set by the caller                                         [filled in]
 * @return FM_OK
 *         FM_END                 no further object; out_info is untouched
 *         FM_E_INVALID_ARGUMENT  out_info is NULL, or its struct_size is too small
 *         FM_E_INVALID_HANDLE    not an open handle
 *         FM_E_WRONG_KIND        not a listing
 * @threads safe from any thread; two threads on one listing share its position
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_list_next(fm_handle list, fm_list_info *out_info);

/**
 * The name, with its prefix, of the object that fm_list_next() last told of.
 *
 * @param list        the listing                                                         [borrowed]
 * @param buffer      receives the name, NUL included; NULL only with capacity 0          [filled in]
 * @param capacity    bytes in buffer                                                     [bytes]
 * @param out_needed  as for fm_query_name()                                              [filled in]
 * @return FM_OK
 *         FM_END                  the listing is not at an object
 *         FM_E_INVALID_ARGUMENT   buffer is NULL and capacity is not 0
 *         FM_E_INVALID_HANDLE     not an open handle
 *         FM_E_WRONG_KIND         not a listing
 *         FM_E_BUFFER_TOO_SMALL   buffer was left as it was
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_list_name(fm_handle list, char *buffer, uint64_t capacity, uint64_t *out_needed);

/**
 * The owner of the object that fm_list_next() last told of: a user id on Linux ("1000"), a SID on Windows
 * ("S-1-5-21-..."), "" where the system cannot tell.
 *
 * @param list        the listing                                                         [borrowed]
 * @param buffer      receives the text, NUL included; NULL only with capacity 0          [filled in]
 * @param capacity    bytes in buffer                                                     [bytes]
 * @param out_needed  as for fm_query_name()                                              [filled in]
 * @return as fm_list_name()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_list_owner(fm_handle list, char *buffer, uint64_t capacity, uint64_t *out_needed);

/**
 * Removes what crashes left in the namespaces that this user may clean, and says how much. It is never needed: a name
 * that a crash left is free for use, and each process sweeps when it first uses a name. On Windows nothing is ever left.
 *
 * @param out_info  struct_size set by the caller                                         [filled in]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  out_info is NULL, or its struct_size is too small
 *         FM_E_ACCESS_DENIED     the namespace cannot be read
 *         FM_E_SYSTEM            anything else: fm_last_os_error()
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_sweep(fm_sweep_info *out_info);

/* ---- Information and errors ---------------------------------------------------------------------------- */

/**
 * The version of the library that is loaded, in the form of FM_VERSION.
 *
 * @return major * 10000 + minor * 100 + patch
 * @threads safe from any thread
 * @since   1.0
 */
FM_API uint32_t FM_CALL fm_version(void);

/**
 * The version of the library that is loaded, as text.
 *
 * @return "major.minor.patch"                                                            [static]
 * @threads safe from any thread
 * @since   1.0
 */
FM_API const char *FM_CALL fm_version_string(void);

/**
 * The name of a status, such as "FM_E_NOT_FOUND".
 *
 * @param status  any number
 * @return the name, or "FM_UNKNOWN_STATUS"                                               [static]
 * @threads safe from any thread
 * @since   1.0
 */
FM_API const char *FM_CALL fm_status_name(fm_status status);

/**
 * What a status means, in a few words. fm_last_error_message() says more.
 *
 * @param status  any number
 * @return the text                                                                       [static]
 * @threads safe from any thread
 * @since   1.0
 */
FM_API const char *FM_CALL fm_status_message(fm_status status);

/**
 * The Win32 error number with the meaning of a status, on every system.
 *
 * @param status  any number
 * @return the number; 0 for FM_OK; 31 (ERROR_GEN_FAILURE) where there is none
 * @threads safe from any thread
 * @since   1.0
 */
FM_API int32_t FM_CALL fm_status_win32(fm_status status);

/**
 * The value of a constant of this header by its name, for languages that cannot see macros: FM_E_NOT_FOUND,
 * FM_ACCESS_READ ..., and the size of each struct as "sizeof(fm_info)".
 *
 * @param name       the name                                                             [borrowed]
 * @param out_value  receives the value                                                   [filled in]
 * @return FM_OK
 *         FM_E_INVALID_ARGUMENT  a NULL
 *         FM_E_NOT_FOUND         no constant of this name
 * @threads safe from any thread
 * @since   1.0
 */
FM_API fm_status FM_CALL fm_constant(const char *name, int64_t *out_value);

/**
 * The operating system's number for the last failure in this thread: errno on Linux, GetLastError() on Windows;
 * 0 where the library itself found the fault. Success leaves it as it was.
 *
 * @return the number
 * @threads safe from any thread; each thread has its own
 * @since   1.0
 */
FM_API int32_t FM_CALL fm_last_os_error(void);

/**
 * One sentence on the last failure in this thread: the function, what was tried, what the system said, and where
 * there is something to do, what. Success leaves it as it was; "" before the first failure.
 *
 * @param buffer    receives the text, cut to capacity and always ended with NUL; NULL only with capacity 0  [filled in]
 * @param capacity  bytes in buffer                                                       [bytes]
 * @return bytes needed for the whole text, NUL included
 * @threads safe from any thread; each thread has its own
 * @since   1.0
 */
FM_API uint64_t FM_CALL fm_last_error_message(char *buffer, uint64_t capacity);

/**
 * The size of a page: mappings of memory are whole pages long.
 *
 * @return bytes
 * @threads safe from any thread
 * @since   1.0
 */
FM_API uint64_t FM_CALL fm_page_size(void);

/**
 * What offset and address of fm_map_at() must be multiples of: 65,536 on Windows, the page size on Linux.
 *
 * @return bytes
 * @threads safe from any thread
 * @since   1.0
 */
FM_API uint64_t FM_CALL fm_allocation_granularity(void);

/**
 * The size of a large page, for FM_LARGE_PAGES. Whether one can be had is another matter: fm_create() tells.
 *
 * @return bytes, or 0 where the system has none
 * @threads safe from any thread
 * @since   1.0
 */
FM_API uint64_t FM_CALL fm_large_page_size(void);

#ifdef __cplusplus
}
#endif

#endif
