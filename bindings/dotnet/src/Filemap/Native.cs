// include/filemap.h in C#: the same names, the same order, only types that cross as they are. Nothing is decided or
// converted here; a test holds this file to the header and to filemap.def. What each function does stands in the header.
#if NET
using System.Runtime.CompilerServices;
#endif
using System.Runtime.InteropServices;

#if NET
[assembly: DisableRuntimeMarshalling]
#endif

namespace Filemap;

internal static unsafe partial class Native
{
    private const string Library = "filemap"; // LibraryLoader finds it

    // Status.
    internal const int FM_OK = 0;
    internal const int FM_EXISTED = 1;
    internal const int FM_TIMED_OUT = 2;
    internal const int FM_ABANDONED = 3;
    internal const int FM_END = 4;
    internal const int FM_E_INVALID_ARGUMENT = -1;
    internal const int FM_E_INVALID_HANDLE = -2;
    internal const int FM_E_INVALID_NAME = -3;
    internal const int FM_E_NOT_FOUND = -4;
    internal const int FM_E_EXISTS = -5;
    internal const int FM_E_WRONG_KIND = -6;
    internal const int FM_E_ACCESS_DENIED = -7;
    internal const int FM_E_OUT_OF_RANGE = -8;
    internal const int FM_E_NOT_ALIGNED = -9;
    internal const int FM_E_ADDRESS_IN_USE = -10;
    internal const int FM_E_NO_MEMORY = -11;
    internal const int FM_E_NO_SPACE = -12;
    internal const int FM_E_FILE_INVALID = -13;
    internal const int FM_E_NOT_OWNER = -14;
    internal const int FM_E_TOO_MANY = -15;
    internal const int FM_E_CANCELLED = -16;
    internal const int FM_E_PEER_GONE = -17;
    internal const int FM_E_NOT_SUPPORTED = -18;
    internal const int FM_E_VERSION = -19;
    internal const int FM_E_CORRUPT = -20;
    internal const int FM_E_SYSTEM = -21;
    internal const int FM_E_NO_HANDLES = -22;
    internal const int FM_E_BUSY = -23;
    internal const int FM_E_IN_PAGE = -24;
    internal const int FM_E_BUFFER_TOO_SMALL = -25;

    // What a handle or a view may do.
    internal const uint FM_ACCESS_READ = 0x00000001;
    internal const uint FM_ACCESS_WRITE = 0x00000002;
    internal const uint FM_ACCESS_EXECUTE = 0x00000004;
    internal const uint FM_ACCESS_COPY = 0x00000008;
    internal const uint FM_ACCESS_WAIT = 0x00000010;
    internal const uint FM_ACCESS_MODIFY = 0x00000020;
    internal const uint FM_ACCESS_ALL = 0x80000000;

    // What may be done with the pages of a mapping.
    internal const uint FM_PROTECT_READ = 0x02;
    internal const uint FM_PROTECT_READ_WRITE = 0x04;
    internal const uint FM_PROTECT_WRITE_COPY = 0x08;
    internal const uint FM_PROTECT_EXECUTE_READ = 0x20;
    internal const uint FM_PROTECT_EXECUTE_READ_WRITE = 0x40;
    internal const uint FM_PROTECT_EXECUTE_WRITE_COPY = 0x80;

    // fm_create_options.flags, and fm_info.flags.
    internal const uint FM_CREATE_NEW = 0x00000001;
    internal const uint FM_RESERVE = 0x00000002;
    internal const uint FM_LARGE_PAGES = 0x00000004;
    internal const uint FM_INHERITABLE = 0x00000008;
    internal const uint FM_FILE = 0x00000010;

    // fm_duplicate.
    internal const uint FM_DUPLICATE_SAME_ACCESS = 0x1;
    internal const uint FM_DUPLICATE_CLOSE_SOURCE = 0x2;
    internal const uint FM_DUPLICATE_INHERITABLE = 0x4;

    // fm_list_open.
    internal const uint FM_LIST_LOCAL = 0x1;
    internal const uint FM_LIST_GLOBAL = 0x2;
    internal const uint FM_LIST_DEAD = 0x4;

    // fm_event_create, fm_mutex_create, fm_timer_create.
    internal const uint FM_EVENT_MANUAL_RESET = 0x1;
    internal const uint FM_EVENT_SIGNALED = 0x2;
    internal const uint FM_MUTEX_OWNED = 0x1;
    internal const uint FM_TIMER_MANUAL_RESET = 0x1;

    // fm_wait_many.
    internal const uint FM_WAIT_ALL = 0x1;
    internal const long FM_FOREVER = -1;
    internal const uint FM_MAX_WAIT = 64;

    // Kinds of object; all share one namespace.
    internal const uint FM_KIND_UNKNOWN = 0;
    internal const uint FM_KIND_MAPPING = 1;
    internal const uint FM_KIND_EVENT = 2;
    internal const uint FM_KIND_MUTEX = 3;
    internal const uint FM_KIND_SEMAPHORE = 4;
    internal const uint FM_KIND_TIMER = 5;
    internal const uint FM_KIND_JOB = 6;
    internal const uint FM_KIND_CHANNEL = 7;
    internal const uint FM_KIND_LIST = 8;
    internal const uint FM_KIND_CANCEL = 9;
    internal const uint FM_MAX_NAME_UNITS = 32766;
    internal const uint FM_UNKNOWN_COUNT = 0xffffffff;
    internal const uint FM_TOKEN_SIZE = 96;
    internal const uint FM_TOKEN_TEXT_SIZE = 197;

    [StructLayout(LayoutKind.Sequential)]
    internal struct fm_create_options
    {
        internal uint struct_size;
        internal uint protection;
        internal uint flags;
        internal uint permissions;
        internal long file;
        internal byte* file_path;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct fm_object_options
    {
        internal uint struct_size;
        internal uint flags;
        internal uint permissions;
        internal uint reserved;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct fm_info
    {
        internal uint struct_size;
        internal uint kind;
        internal ulong size;
        internal uint access;
        internal uint protection;
        internal uint flags;
        internal uint holders;
        internal long created;
        internal uint ready;
        internal uint count;
        internal uint maximum;
        internal uint manual;
        internal uint owner;
        internal uint period_ms;
        internal long due;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct fm_list_info
    {
        internal uint struct_size;
        internal uint kind;
        internal ulong size;
        internal uint scope;
        internal uint dead;
        internal uint holders;
        internal uint creator;
        internal long created;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct fm_sweep_info
    {
        internal uint struct_size;
        internal uint removed;
        internal ulong bytes;
        internal uint remaining;
        internal uint reserved;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct fm_token
    {
        internal fixed byte bytes[(int)FM_TOKEN_SIZE];
    }

#if NET

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_create(byte* name, ulong size, fm_create_options* options, nint* outMapping);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_open(byte* name, uint access, nint* outMapping);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_commit(nint mapping, ulong offset, ulong size);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_map(nint mapping, uint access, ulong offset, ulong size, nint* outView);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_map_at(
        nint mapping, uint access, ulong offset, ulong size, void* address, nint* outView);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_unmap(nint view);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial void* fm_view_data(nint view);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial ulong fm_view_size(nint view);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_read(nint view, ulong offset, void* buffer, ulong size);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_write(nint view, ulong offset, void* data, ulong size);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_flush(nint view, ulong offset, ulong size);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_prefetch(nint view, ulong offset, ulong size);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_event_create(byte* name, uint flags, fm_object_options* options, nint* outEvent);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_event_open(byte* name, uint access, nint* outEvent);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_event_set(nint @event);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_event_reset(nint @event);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_event_pulse(nint @event);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_mutex_create(byte* name, uint flags, fm_object_options* options, nint* outMutex);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_mutex_open(byte* name, uint access, nint* outMutex);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_mutex_release(nint mutex);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_semaphore_create(
        byte* name, uint initial, uint maximum, fm_object_options* options, nint* outSemaphore);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_semaphore_open(byte* name, uint access, nint* outSemaphore);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_semaphore_release(nint semaphore, uint count, uint* outPrevious);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_timer_create(byte* name, uint flags, fm_object_options* options, nint* outTimer);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_timer_open(byte* name, uint access, nint* outTimer);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_timer_set(nint timer, long due, uint periodMs);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_timer_cancel(nint timer);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_wait(nint handle, long timeoutNs);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_wait_any(nint* handles, uint count, long timeoutNs, uint* outIndex);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_wait_all(nint* handles, uint count, long timeoutNs);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_wait_many(
        nint* handles, uint count, uint flags, long timeoutNs, nint cancel, uint* outIndex);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_signal_and_wait(nint toSignal, nint toWait, long timeoutNs);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_cancel_create(nint* outCancel);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_cancel_set(nint cancel);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_cancel_reset(nint cancel);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_close(nint handle);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_duplicate(nint handle, uint access, uint flags, nint* outHandle);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_query(nint handle, fm_info* outInfo);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_query_name(nint handle, byte* buffer, ulong capacity, ulong* outNeeded);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_export_token(nint handle, long targetProcess, fm_token* outToken);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_import_token(fm_token* token, uint access, nint* outHandle);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_token_to_text(fm_token* token, byte* buffer, ulong capacity);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_token_from_text(byte* text, fm_token* outToken);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_list_open(uint flags, nint* outList);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_list_next(nint list, fm_list_info* outInfo);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_list_name(nint list, byte* buffer, ulong capacity, ulong* outNeeded);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_list_owner(nint list, byte* buffer, ulong capacity, ulong* outNeeded);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_sweep(fm_sweep_info* outInfo);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial uint fm_version();

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial byte* fm_version_string();

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial byte* fm_status_name(int status);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial byte* fm_status_message(int status);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_status_win32(int status);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_constant(byte* name, long* outValue);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int fm_last_os_error();

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial ulong fm_last_error_message(byte* buffer, ulong capacity);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial ulong fm_page_size();

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial ulong fm_allocation_granularity();

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial ulong fm_large_page_size();
#else
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_create(byte* name, ulong size, fm_create_options* options, nint* outMapping);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_open(byte* name, uint access, nint* outMapping);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_commit(nint mapping, ulong offset, ulong size);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_map(nint mapping, uint access, ulong offset, ulong size, nint* outView);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_map_at(
        nint mapping, uint access, ulong offset, ulong size, void* address, nint* outView);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_unmap(nint view);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern void* fm_view_data(nint view);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern ulong fm_view_size(nint view);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_read(nint view, ulong offset, void* buffer, ulong size);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_write(nint view, ulong offset, void* data, ulong size);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_flush(nint view, ulong offset, ulong size);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_prefetch(nint view, ulong offset, ulong size);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_event_create(byte* name, uint flags, fm_object_options* options, nint* outEvent);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_event_open(byte* name, uint access, nint* outEvent);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_event_set(nint @event);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_event_reset(nint @event);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_event_pulse(nint @event);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_mutex_create(byte* name, uint flags, fm_object_options* options, nint* outMutex);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_mutex_open(byte* name, uint access, nint* outMutex);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_mutex_release(nint mutex);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_semaphore_create(
        byte* name, uint initial, uint maximum, fm_object_options* options, nint* outSemaphore);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_semaphore_open(byte* name, uint access, nint* outSemaphore);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_semaphore_release(nint semaphore, uint count, uint* outPrevious);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_timer_create(byte* name, uint flags, fm_object_options* options, nint* outTimer);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_timer_open(byte* name, uint access, nint* outTimer);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_timer_set(nint timer, long due, uint periodMs);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_timer_cancel(nint timer);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_wait(nint handle, long timeoutNs);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_wait_any(nint* handles, uint count, long timeoutNs, uint* outIndex);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_wait_all(nint* handles, uint count, long timeoutNs);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_wait_many(
        nint* handles, uint count, uint flags, long timeoutNs, nint cancel, uint* outIndex);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_signal_and_wait(nint toSignal, nint toWait, long timeoutNs);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_cancel_create(nint* outCancel);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_cancel_set(nint cancel);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_cancel_reset(nint cancel);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_close(nint handle);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_duplicate(nint handle, uint access, uint flags, nint* outHandle);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_query(nint handle, fm_info* outInfo);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_query_name(nint handle, byte* buffer, ulong capacity, ulong* outNeeded);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_export_token(nint handle, long targetProcess, fm_token* outToken);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_import_token(fm_token* token, uint access, nint* outHandle);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_token_to_text(fm_token* token, byte* buffer, ulong capacity);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_token_from_text(byte* text, fm_token* outToken);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_list_open(uint flags, nint* outList);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_list_next(nint list, fm_list_info* outInfo);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_list_name(nint list, byte* buffer, ulong capacity, ulong* outNeeded);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_list_owner(nint list, byte* buffer, ulong capacity, ulong* outNeeded);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_sweep(fm_sweep_info* outInfo);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern uint fm_version();

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern byte* fm_version_string();

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern byte* fm_status_name(int status);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern byte* fm_status_message(int status);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_status_win32(int status);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_constant(byte* name, long* outValue);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern int fm_last_os_error();

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern ulong fm_last_error_message(byte* buffer, ulong capacity);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern ulong fm_page_size();

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern ulong fm_allocation_granularity();

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    internal static extern ulong fm_large_page_size();
#endif
}
