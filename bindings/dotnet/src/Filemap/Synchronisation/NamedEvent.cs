// Events: the raw functions as a class. Waiting for them stands in WaitableObject.cs.
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace Filemap;

/// <summary>
/// An event is set or not, and lets waiters through while it is set. With automatic reset it lets one through, which resets
/// it; with manual reset everybody, until <see cref="Reset"/>.
/// </summary>
public sealed unsafe class NamedEvent : WaitableObject
{
    private NamedEvent(nint handle, bool existed) : base(handle, existed)
    {
    }

    /// <summary>Makes an event; a name that is in use is an error.</summary>
    /// <param name="name">The name; null or empty: unnamed.</param>
    /// <param name="manualReset">It stays set until <see cref="Reset"/>; false: it lets one waiter through.</param>
    /// <param name="signaled">It begins set.</param>
    /// <param name="options">null = the defaults.</param>
    /// <returns>The event.</returns>
    public static NamedEvent Create(string? name, bool manualReset, bool signaled = false, ObjectOptions? options = null) =>
        Make(name, manualReset, signaled, options, createNew: true);

    /// <summary>Makes an event, or opens the one of this name as it is; <see cref="WaitableObject.Existed"/> tells which.</summary>
    /// <param name="name">The name.</param>
    /// <param name="manualReset">It stays set until <see cref="Reset"/>; false: it lets one waiter through.</param>
    /// <param name="signaled">It begins set.</param>
    /// <param name="options">null = the defaults.</param>
    /// <returns>The event.</returns>
    public static NamedEvent CreateOrOpen(string name, bool manualReset, bool signaled = false, ObjectOptions? options = null) =>
        Make(name, manualReset, signaled, options, createNew: false);


    /// <summary>Opens an existing event, with all the rights that it allows.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The event.</returns>
    /// <exception cref="WaitHandleCannotBeOpenedException">Nobody holds an event of this name.</exception>
    public static NamedEvent Open(string name) => Open(name, AccessRights.All);

    /// <summary>Opens an existing event.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rights">Wait, Modify or All.</param>
    /// <returns>The event.</returns>
    /// <exception cref="WaitHandleCannotBeOpenedException">Nobody holds an event of this name.</exception>
    /// <exception cref="UnauthorizedAccessException">The object does not allow it.</exception>
    public static NamedEvent Open(string name, AccessRights rights) =>
        new(OpenHandle(name, rights, mayBeMissing: false, Native.fm_event_open), existed: true);

    /// <summary>Opens an existing event, if there is one, with all the rights that it allows.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="found">The event, or null.</param>
    /// <returns>Whether there is one. Anything else that is in the way is an exception.</returns>
    public static bool TryOpen(string name, [NotNullWhen(true)] out NamedEvent? found) => TryOpen(name, AccessRights.All, out found);

    /// <summary>Opens an existing event, if there is one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rights">Wait, Modify or All.</param>
    /// <param name="found">The event, or null.</param>
    /// <returns>Whether there is one. Anything else that is in the way is an exception.</returns>
    public static bool TryOpen(string name, AccessRights rights, [NotNullWhen(true)] out NamedEvent? found)
    {
        nint handle = OpenHandle(name, rights, mayBeMissing: true, Native.fm_event_open);
        found = handle == 0 ? null : new NamedEvent(handle, existed: true);
        return found is not null;
    }

    /// <summary>Opens the event that a token of another process names, with that one's rights.</summary>
    /// <param name="token">From <see cref="FilemapObject.ExportToken()"/>.</param>
    /// <returns>The event.</returns>
    public static NamedEvent FromToken(string token) => new(Import(token, AccessRights.None, ObjectKind.Event), existed: true);

    /// <summary>Makes another handle to this event.</summary>
    /// <param name="rights">At most those of this one; None = the same.</param>
    /// <param name="inheritable">Child processes inherit it.</param>
    /// <returns>The new one, which lives on its own.</returns>
    public NamedEvent Duplicate(AccessRights rights, bool inheritable) => new(DuplicateHandle(rights, inheritable), Existed);

    /// <summary>Sets it. Setting one that is set changes nothing.</summary>
    public void Set() => Check(Native.fm_event_set(Handle));

    /// <summary>Resets it.</summary>
    public void Reset() => Check(Native.fm_event_reset(Handle));

    /// <summary>
    /// Sets it and resets it at once: lets through who is waiting just now. It cannot be relied on; use it only to port
    /// what uses it.
    /// </summary>
    public void Pulse() => Check(Native.fm_event_pulse(Handle));

    private static NamedEvent Make(string? name, bool manualReset, bool signaled, ObjectOptions? options, bool createNew)
    {
        uint flags = (manualReset ? Native.FM_EVENT_MANUAL_RESET : 0) | (signaled ? Native.FM_EVENT_SIGNALED : 0);
        nint handle = Make(name, options, createNew, (text, native, result) => Native.fm_event_create(text, flags, native, result), out bool existed);
        return new NamedEvent(handle, existed);
    }
}
