// What the library tells of an object, in .NET's types.
using System;

namespace Filemap;

/// <summary>What is known of an object at one moment. What the system cannot tell is null.</summary>
public sealed class ObjectInformation
{
    private static readonly DateTimeOffset Epoch = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal ObjectInformation(in Native.fm_info info)
    {
        Kind = (ObjectKind)info.kind;
        Size = (long)info.size;
        Access = (AccessRights)info.access;
        Protection = (PageProtection)info.protection;
        IsReserved = (info.flags & Native.FM_RESERVE) != 0;
        HasLargePages = (info.flags & Native.FM_LARGE_PAGES) != 0;
        IsInheritable = (info.flags & Native.FM_INHERITABLE) != 0;
        IsFile = (info.flags & Native.FM_FILE) != 0;
        Holders = Known(info.holders);
        Created = Moment(info.created);
        IsReady = info.ready != 0;
        Count = (int)info.count;
        Maximum = (int)info.maximum;
        IsManualReset = info.manual != 0;
        OwnerProcess = info.owner == 0 ? null : (int)info.owner;
        Period = info.period_ms == 0 ? null : TimeSpan.FromMilliseconds(info.period_ms);
        Due = info.kind != Native.FM_KIND_TIMER || info.due < 0 ? null : TimeSpan.FromTicks(info.due / 100);
    }

    /// <summary>What sort of object it is.</summary>
    public ObjectKind Kind { get; }
    /// <summary>A mapping's bytes: memory in whole pages, a file to the byte.</summary>
    public long Size { get; }
    /// <summary>What this handle may do.</summary>
    public AccessRights Access { get; }
    /// <summary>What may be done with a mapping's pages; Default where the system cannot tell.</summary>
    public PageProtection Protection { get; }
    /// <summary>The mapping was made with <see cref="MappingOptions.Reserve"/>.</summary>
    public bool IsReserved { get; }
    /// <summary>The mapping has large pages.</summary>
    public bool HasLargePages { get; }
    /// <summary>Child processes inherit the handle.</summary>
    public bool IsInheritable { get; }
    /// <summary>The mapping shows a file.</summary>
    public bool IsFile { get; }
    /// <summary>Open handles everywhere.</summary>
    public int? Holders { get; }
    /// <summary>When the object was made.</summary>
    public DateTimeOffset? Created { get; }
    /// <summary>Whether a wait that only looks would succeed now.</summary>
    public bool IsReady { get; }
    /// <summary>A semaphore's count; of a mutex the acquisitions that its owner has to release.</summary>
    public int Count { get; }
    /// <summary>A semaphore's maximum.</summary>
    public int Maximum { get; }
    /// <summary>An event or timer with manual reset.</summary>
    public bool IsManualReset { get; }
    /// <summary>The process that owns the mutex, as it sees itself; null: free, or the system cannot tell.</summary>
    public int? OwnerProcess { get; }
    /// <summary>A timer's period; null: once, or the system cannot tell.</summary>
    public TimeSpan? Period { get; }
    /// <summary>When a timer is next due, from now; null: not set, or the system cannot tell.</summary>
    public TimeSpan? Due { get; }

    internal static int? Known(uint count) => count == Native.FM_UNKNOWN_COUNT ? null : (int)count;

    internal static DateTimeOffset? Moment(long nanoseconds) => nanoseconds == 0 ? null : Epoch.AddTicks(nanoseconds / 100);
}

/// <summary>One object of a listing. What the system cannot tell is null.</summary>
public sealed class ListedObject
{
    internal ListedObject(in Native.fm_list_info info, string name, string owner)
    {
        Name = name;
        Owner = owner.Length == 0 ? null : owner;
        Kind = (ObjectKind)info.kind;
        Size = (long)info.size;
        Scope = (ObjectScope)info.scope;
        IsDead = info.dead != 0;
        Holders = ObjectInformation.Known(info.holders);
        CreatorProcess = info.creator == 0 ? null : (int)info.creator;
        Created = ObjectInformation.Moment(info.created);
    }

    /// <summary>The name, with its prefix.</summary>
    public string Name { get; }
    /// <summary>Whose it is: a user id on Linux, a SID on Windows.</summary>
    public string? Owner { get; }
    /// <summary>What sort of object it is; Unknown where it could not be read.</summary>
    public ObjectKind Kind { get; }
    /// <summary>A mapping's bytes; 0 where it could not be read.</summary>
    public long Size { get; }
    /// <summary>Local or Global.</summary>
    public ObjectScope Scope { get; }
    /// <summary>A crash left it, and nobody holds it.</summary>
    public bool IsDead { get; }
    /// <summary>Open handles everywhere.</summary>
    public int? Holders { get; }
    /// <summary>The process that made it, as it saw itself.</summary>
    public int? CreatorProcess { get; }
    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; }
}
