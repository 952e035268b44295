// What concerns the library as a whole: its version, the system's sizes, what exists, and cleaning up.
using System;
using System.Collections.Generic;

namespace Filemap;

/// <summary>The native library, and the names that exist on this machine.</summary>
public static unsafe class FilemapLibrary
{
    /// <summary>The version of the native library that is loaded.</summary>
    public static Version Version
    {
        get
        {
            int number = (int)Native.fm_version();
            return new Version(number / 10000, number / 100 % 100, number % 100);
        }
    }

    /// <summary>The size of a page: mappings of memory are whole pages long.</summary>
    public static long PageSize => (long)Native.fm_page_size();

    /// <summary>What the system can map at: 65,536 on Windows. Views may begin anywhere; this is for curiosity.</summary>
    public static long AllocationGranularity => (long)Native.fm_allocation_granularity();

    /// <summary>The size of a large page; 0 where the system has none.</summary>
    public static long LargePageSize => (long)Native.fm_large_page_size();

    /// <summary>All named objects that this user can see.</summary>
    /// <returns>A snapshot: each that exists during the whole call is in it once.</returns>
    public static IReadOnlyList<ListedObject> List() => List(ObjectScope.Any, includeDead: false);

    /// <summary>The named objects of one scope.</summary>
    /// <param name="scope">Which names.</param>
    /// <param name="includeDead">Also what a crash left and nobody holds (Linux).</param>
    /// <returns>A snapshot: each that exists during the whole call is in it once.</returns>
    public static IReadOnlyList<ListedObject> List(ObjectScope scope, bool includeDead)
    {
        nint opened;
        Failure.Check(Native.fm_list_open((uint)scope | (includeDead ? Native.FM_LIST_DEAD : 0), &opened), "");
        nint handle = opened;
        using SafeObjectHandle owner = new(handle);
        List<ListedObject> found = [];
        for (;;)
        {
            Native.fm_list_info info = new() { struct_size = (uint)sizeof(Native.fm_list_info) };
            if (Failure.Check(Native.fm_list_next(handle, &info), "") == Native.FM_END) return found;
            string name = Utf8.Ask((buffer, capacity, needed) => Native.fm_list_name(handle, buffer, capacity, needed), "");
            string user = Utf8.Ask((buffer, capacity, needed) => Native.fm_list_owner(handle, buffer, capacity, needed), "");
            found.Add(new ListedObject(in info, name, user));
        }
    }

    /// <summary>
    /// Removes what crashes left in the namespaces. Never needed: a name that a crash left is free for use, and each
    /// process looks when it first uses a name. On Windows nothing is ever left.
    /// </summary>
    /// <returns>What was done.</returns>
    public static SweepResult Sweep()
    {
        Native.fm_sweep_info info = new() { struct_size = (uint)sizeof(Native.fm_sweep_info) };
        Failure.Check(Native.fm_sweep(&info), "");
        return new SweepResult((int)info.removed, (long)info.bytes, (int)info.remaining);
    }
}

/// <summary>What <see cref="FilemapLibrary.Sweep"/> did.</summary>
public sealed class SweepResult
{
    internal SweepResult(int removed, long bytes, int remaining)
    {
        Removed = removed;
        Bytes = bytes;
        Remaining = remaining;
    }

    /// <summary>Objects removed.</summary>
    public int Removed { get; }
    /// <summary>Bytes of memory and disk given back.</summary>
    public long Bytes { get; }
    /// <summary>Dead objects that this user may not remove.</summary>
    public int Remaining { get; }
}
