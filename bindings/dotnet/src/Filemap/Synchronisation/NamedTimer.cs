// Waitable timers: the raw functions as a class. Waiting for them stands in WaitableObject.cs.
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace Filemap;

/// <summary>
/// A timer becomes ready when it is due. With automatic reset each due moment lets one waiter through; with manual reset it
/// stays ready until it is set again. It is not set at first.
/// </summary>
public sealed unsafe class NamedTimer : WaitableObject
{
    private NamedTimer(nint handle, bool existed) : base(handle, existed)
    {
    }

    /// <summary>Makes a timer; a name that is in use is an error.</summary>
    /// <param name="name">The name; null or empty: unnamed.</param>
    /// <param name="manualReset">It stays ready until it is set again; false: it lets one waiter through.</param>
    /// <param name="options">null = the defaults.</param>
    /// <returns>The timer.</returns>
    public static NamedTimer Create(string? name, bool manualReset, ObjectOptions? options = null) =>
        Make(name, manualReset, options, createNew: true);

    /// <summary>Makes a timer, or opens the one of this name as it is; <see cref="WaitableObject.Existed"/> tells which.</summary>
    /// <param name="name">The name.</param>
    /// <param name="manualReset">It stays ready until it is set again; false: it lets one waiter through.</param>
    /// <param name="options">null = the defaults.</param>
    /// <returns>The timer.</returns>
    public static NamedTimer CreateOrOpen(string name, bool manualReset, ObjectOptions? options = null) =>
        Make(name, manualReset, options, createNew: false);


    /// <summary>Opens an existing timer, with all the rights that it allows.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The timer.</returns>
    /// <exception cref="WaitHandleCannotBeOpenedException">Nobody holds a timer of this name.</exception>
    public static NamedTimer Open(string name) => Open(name, AccessRights.All);

    /// <summary>Opens an existing timer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rights">Wait, Modify or All.</param>
    /// <returns>The timer.</returns>
    /// <exception cref="WaitHandleCannotBeOpenedException">Nobody holds a timer of this name.</exception>
    /// <exception cref="UnauthorizedAccessException">The object does not allow it.</exception>
    public static NamedTimer Open(string name, AccessRights rights) =>
        new(OpenHandle(name, rights, mayBeMissing: false, Native.fm_timer_open), existed: true);

    /// <summary>Opens an existing timer, if there is one, with all the rights that it allows.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="found">The timer, or null.</param>
    /// <returns>Whether there is one. Anything else that is in the way is an exception.</returns>
    public static bool TryOpen(string name, [NotNullWhen(true)] out NamedTimer? found) => TryOpen(name, AccessRights.All, out found);

    /// <summary>Opens an existing timer, if there is one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rights">Wait, Modify or All.</param>
    /// <param name="found">The timer, or null.</param>
    /// <returns>Whether there is one. Anything else that is in the way is an exception.</returns>
    public static bool TryOpen(string name, AccessRights rights, [NotNullWhen(true)] out NamedTimer? found)
    {
        nint handle = OpenHandle(name, rights, mayBeMissing: true, Native.fm_timer_open);
        found = handle == 0 ? null : new NamedTimer(handle, existed: true);
        return found is not null;
    }

    /// <summary>Opens the timer that a token of another process names, with that one's rights.</summary>
    /// <param name="token">From <see cref="FilemapObject.ExportToken()"/>.</param>
    /// <returns>The timer.</returns>
    public static NamedTimer FromToken(string token) => new(Import(token, AccessRights.None, ObjectKind.Timer), existed: true);

    /// <summary>Makes another handle to this timer.</summary>
    /// <param name="rights">At most those of this one; None = the same.</param>
    /// <param name="inheritable">Child processes inherit it.</param>
    /// <returns>The new one, which lives on its own.</returns>
    public NamedTimer Duplicate(AccessRights rights, bool inheritable) => new(DuplicateHandle(rights, inheritable), Existed);

    /// <summary>Sets it to be due once, some time from now; the time that the machine sleeps does not count.</summary>
    /// <param name="due">From now; zero: at once.</param>
    public void Set(TimeSpan due) => Set(due, TimeSpan.Zero);

    /// <summary>Sets it to be due some time from now, and again after each period.</summary>
    /// <param name="due">From now; zero: at once.</param>
    /// <param name="period">In whole milliseconds; zero: once.</param>
    public void Set(TimeSpan due, TimeSpan period)
    {
        if (due < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(due), due, "It must not be negative.");
        // 0 would be the year 1601: due at once as well, but by the clock.
        Check(Native.fm_timer_set(Handle, due == TimeSpan.Zero ? -1 : -due.Ticks, Milliseconds(period)));
    }

    /// <summary>Sets it to be due at a moment, by the machine's clock also where that is changed.</summary>
    /// <param name="due">When.</param>
    /// <param name="period">In whole milliseconds; zero: once.</param>
    public void SetAbsolute(DateTimeOffset due, TimeSpan period) =>
        Check(Native.fm_timer_set(Handle, Math.Max(0, due.UtcTicks - Epoch1601), Milliseconds(period)));

    /// <summary>Stops it. Whether it is ready stays as it is.</summary>
    public void Cancel() => Check(Native.fm_timer_cancel(Handle));

    private const long Epoch1601 = 504911232000000000; // in ticks of DateTime

    private static uint Milliseconds(TimeSpan period)
    {
        double milliseconds = period.TotalMilliseconds;
        if (milliseconds < 0 || milliseconds > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(period), period, "A period is zero to 24.8 days.");
        if (milliseconds > 0 && milliseconds < 1) return 1; // not: once
        return (uint)milliseconds;
    }

    private static NamedTimer Make(string? name, bool manualReset, ObjectOptions? options, bool createNew)
    {
        uint flags = manualReset ? Native.FM_TIMER_MANUAL_RESET : 0;
        nint handle = Make(name, options, createNew, (text, native, result) => Native.fm_timer_create(text, flags, native, result), out bool existed);
        return new NamedTimer(handle, existed);
    }
}
