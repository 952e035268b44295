// The exception of this package, and the statuses that it tells of.
using System;
using System.IO;

namespace Filemap;

/// <summary>What the native library answered. The numbers are those of <c>filemap.h</c>.</summary>
public enum FilemapStatus
{
    /// <summary>Success.</summary>
    Ok = Native.FM_OK,
    /// <summary>Success: an object of this name existed and was opened.</summary>
    Existed = Native.FM_EXISTED,
    /// <summary>The time ran out before the object was ready.</summary>
    TimedOut = Native.FM_TIMED_OUT,
    /// <summary>Success: the mutex was acquired, and its last owner ended without releasing it.</summary>
    Abandoned = Native.FM_ABANDONED,
    /// <summary>There is no further item.</summary>
    End = Native.FM_END,
    /// <summary>An argument is not valid.</summary>
    InvalidArgument = Native.FM_E_INVALID_ARGUMENT,
    /// <summary>The handle or view is not open in this process.</summary>
    InvalidHandle = Native.FM_E_INVALID_HANDLE,
    /// <summary>The name is not a valid object name.</summary>
    InvalidName = Native.FM_E_INVALID_NAME,
    /// <summary>There is no object or file of this name.</summary>
    NotFound = Native.FM_E_NOT_FOUND,
    /// <summary>An object of this name exists already.</summary>
    Exists = Native.FM_E_EXISTS,
    /// <summary>The name or handle belongs to an object of another kind.</summary>
    WrongKind = Native.FM_E_WRONG_KIND,
    /// <summary>The access asked for is not allowed.</summary>
    AccessDenied = Native.FM_E_ACCESS_DENIED,
    /// <summary>The range leaves the object.</summary>
    OutOfRange = Native.FM_E_OUT_OF_RANGE,
    /// <summary>The offset or address is not a multiple of the allocation granularity.</summary>
    NotAligned = Native.FM_E_NOT_ALIGNED,
    /// <summary>The address range is not free.</summary>
    AddressInUse = Native.FM_E_ADDRESS_IN_USE,
    /// <summary>There is not enough memory or address space.</summary>
    NoMemory = Native.FM_E_NO_MEMORY,
    /// <summary>There is not enough space for the contents.</summary>
    NoSpace = Native.FM_E_NO_SPACE,
    /// <summary>The file cannot be mapped.</summary>
    FileInvalid = Native.FM_E_FILE_INVALID,
    /// <summary>The caller does not own the mutex.</summary>
    NotOwner = Native.FM_E_NOT_OWNER,
    /// <summary>The count would leave its limit.</summary>
    TooMany = Native.FM_E_TOO_MANY,
    /// <summary>The wait was cancelled.</summary>
    Cancelled = Native.FM_E_CANCELLED,
    /// <summary>The last peer is gone.</summary>
    PeerGone = Native.FM_E_PEER_GONE,
    /// <summary>Not supported on this system.</summary>
    NotSupported = Native.FM_E_NOT_SUPPORTED,
    /// <summary>The object has a layout of another version of filemap.</summary>
    Version = Native.FM_E_VERSION,
    /// <summary>What stands under this name is not a valid object.</summary>
    Corrupt = Native.FM_E_CORRUPT,
    /// <summary>The operating system reported an error.</summary>
    System = Native.FM_E_SYSTEM,
    /// <summary>The limit of open handles or descriptors is reached.</summary>
    NoHandles = Native.FM_E_NO_HANDLES,
    /// <summary>Another process has been changing the name for too long.</summary>
    Busy = Native.FM_E_BUSY,
    /// <summary>The pages behind the view could not be accessed.</summary>
    InPage = Native.FM_E_IN_PAGE,
    /// <summary>The buffer is too small.</summary>
    BufferTooSmall = Native.FM_E_BUFFER_TOO_SMALL,
}

/// <summary>
/// What the native library refused, with its sentence. Where the platform has an exception of its own for a fault, that
/// one is thrown (see the table in the documentation), and this one is its <see cref="Exception.InnerException"/>.
/// </summary>
public class FilemapException : IOException
{
    /// <summary>Makes an exception for a status of the library.</summary>
    /// <param name="status">What the library answered.</param>
    /// <param name="osError">The operating system's number; 0 where the library itself found the fault.</param>
    /// <param name="win32Error">The Win32 error number with the meaning of the status.</param>
    /// <param name="message">The library's sentence.</param>
    public FilemapException(FilemapStatus status, int osError, int win32Error, string message) : base(message)
    {
        Status = status;
        OsError = osError;
        HResult = unchecked((int)0x80070000) | win32Error;
    }

    /// <summary>What the library answered.</summary>
    public FilemapStatus Status { get; }

    /// <summary>errno on Linux, GetLastError() on Windows; 0 where the library itself found the fault.</summary>
    public int OsError { get; }
}
