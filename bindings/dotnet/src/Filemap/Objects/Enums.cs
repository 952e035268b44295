// The flags and kinds of filemap.h that the public classes take and tell.
using System;

namespace Filemap;

/// <summary>What a handle or a view may do.</summary>
[Flags]
public enum AccessRights : uint
{
    /// <summary>Nothing; for a token: the same as the exported handle.</summary>
    None = 0,
    /// <summary>Map and read.</summary>
    Read = Native.FM_ACCESS_READ,
    /// <summary>Map and write; for a view this includes reading.</summary>
    Write = Native.FM_ACCESS_WRITE,
    /// <summary>Map executable; for a view this includes reading.</summary>
    Execute = Native.FM_ACCESS_EXECUTE,
    /// <summary>Map copy-on-write: what is written stays private to the view.</summary>
    Copy = Native.FM_ACCESS_COPY,
    /// <summary>Wait for the object.</summary>
    Wait = Native.FM_ACCESS_WAIT,
    /// <summary>Set, reset, release.</summary>
    Modify = Native.FM_ACCESS_MODIFY,
    /// <summary>A handle: all that the object allows. A view: reading and writing.</summary>
    All = Native.FM_ACCESS_ALL,
}

/// <summary>What may be done with the pages of a mapping.</summary>
public enum PageProtection : uint
{
    /// <summary>The default, <see cref="ReadWrite"/>; in an answer: the system cannot tell.</summary>
    Default = 0,
    /// <summary>Read and copy-on-write views.</summary>
    Read = Native.FM_PROTECT_READ,
    /// <summary>All views but executable ones.</summary>
    ReadWrite = Native.FM_PROTECT_READ_WRITE,
    /// <summary>The same as <see cref="Read"/>.</summary>
    WriteCopy = Native.FM_PROTECT_WRITE_COPY,
    /// <summary>Read, execute and copy-on-write views.</summary>
    ExecuteRead = Native.FM_PROTECT_EXECUTE_READ,
    /// <summary>All views.</summary>
    ExecuteReadWrite = Native.FM_PROTECT_EXECUTE_READ_WRITE,
    /// <summary>The same as <see cref="ExecuteRead"/>.</summary>
    ExecuteWriteCopy = Native.FM_PROTECT_EXECUTE_WRITE_COPY,
}

/// <summary>What sort of thing an object is. All kinds share one namespace.</summary>
public enum ObjectKind : uint
{
    /// <summary>It could not be read.</summary>
    Unknown = Native.FM_KIND_UNKNOWN,
    /// <summary>A <see cref="FileMapping"/>.</summary>
    Mapping = Native.FM_KIND_MAPPING,
    /// <summary>A <see cref="NamedEvent"/>.</summary>
    Event = Native.FM_KIND_EVENT,
    /// <summary>A <see cref="NamedMutex"/>.</summary>
    Mutex = Native.FM_KIND_MUTEX,
    /// <summary>A <see cref="NamedSemaphore"/>.</summary>
    Semaphore = Native.FM_KIND_SEMAPHORE,
    /// <summary>A <see cref="NamedTimer"/>.</summary>
    Timer = Native.FM_KIND_TIMER,
    /// <summary>Reserved.</summary>
    Job = Native.FM_KIND_JOB,
    /// <summary>Reserved.</summary>
    Channel = Native.FM_KIND_CHANNEL,
}

/// <summary>Who may open an object; the bits of a Unix file mode.</summary>
[Flags]
public enum ObjectPermissions
{
    /// <summary>This user alone.</summary>
    CurrentUser = 0,
    /// <summary>Other users may read.</summary>
    OthersRead = 0x4,
    /// <summary>Other users may write.</summary>
    OthersWrite = 0x2,
    /// <summary>The group may read.</summary>
    GroupRead = 0x20,
    /// <summary>The group may write.</summary>
    GroupWrite = 0x10,
    /// <summary>The owner may read.</summary>
    OwnerRead = 0x100,
    /// <summary>The owner may write.</summary>
    OwnerWrite = 0x80,
    /// <summary>Owner and group may read and write: 0660.</summary>
    Group = OwnerRead | OwnerWrite | GroupRead | GroupWrite,
    /// <summary>Everybody may read and write: 0666.</summary>
    Everyone = Group | OthersRead | OthersWrite,
}

/// <summary>Which names a listing shows.</summary>
[Flags]
public enum ObjectScope : uint
{
    /// <summary>Both.</summary>
    Any = 0,
    /// <summary>This user's objects: <c>Local\</c>.</summary>
    Local = Native.FM_LIST_LOCAL,
    /// <summary>This machine's objects: <c>Global\</c>.</summary>
    Global = Native.FM_LIST_GLOBAL,
}
