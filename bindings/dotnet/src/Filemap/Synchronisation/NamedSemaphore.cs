// Semaphores: the raw functions as a class. Waiting for them stands in WaitableObject.cs.
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace Filemap;

/// <summary>
/// A semaphore counts units; a wait takes one. Units that a process had taken when it was killed are lost.
/// </summary>
public sealed unsafe class NamedSemaphore : WaitableObject
{
    private NamedSemaphore(nint handle, bool existed) : base(handle, existed)
    {
    }

    /// <summary>Makes a semaphore; a name that is in use is an error.</summary>
    /// <param name="name">The name; null or empty: unnamed.</param>
    /// <param name="initial">Units at first; 0 to maximum.</param>
    /// <param name="maximum">Units there may be; at least 1.</param>
    /// <param name="options">null = the defaults.</param>
    /// <returns>The semaphore.</returns>
    public static NamedSemaphore Create(string? name, int initial, int maximum, ObjectOptions? options = null) =>
        Make(name, initial, maximum, options, createNew: true);

    /// <summary>Makes a semaphore, or opens the one of this name as it is; <see cref="WaitableObject.Existed"/> tells which.</summary>
    /// <param name="name">The name.</param>
    /// <param name="initial">Units at first; 0 to maximum.</param>
    /// <param name="maximum">Units there may be; at least 1.</param>
    /// <param name="options">null = the defaults.</param>
    /// <returns>The semaphore.</returns>
    public static NamedSemaphore CreateOrOpen(string name, int initial, int maximum, ObjectOptions? options = null) =>
        Make(name, initial, maximum, options, createNew: false);


    /// <summary>Opens an existing semaphore, with all the rights that it allows.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The semaphore.</returns>
    /// <exception cref="WaitHandleCannotBeOpenedException">Nobody holds a semaphore of this name.</exception>
    public static NamedSemaphore Open(string name) => Open(name, AccessRights.All);

    /// <summary>Opens an existing semaphore.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rights">Wait, Modify or All.</param>
    /// <returns>The semaphore.</returns>
    /// <exception cref="WaitHandleCannotBeOpenedException">Nobody holds a semaphore of this name.</exception>
    /// <exception cref="UnauthorizedAccessException">The object does not allow it.</exception>
    public static NamedSemaphore Open(string name, AccessRights rights) =>
        new(OpenHandle(name, rights, mayBeMissing: false, Native.fm_semaphore_open), existed: true);

    /// <summary>Opens an existing semaphore, if there is one, with all the rights that it allows.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="found">The semaphore, or null.</param>
    /// <returns>Whether there is one. Anything else that is in the way is an exception.</returns>
    public static bool TryOpen(string name, [NotNullWhen(true)] out NamedSemaphore? found) => TryOpen(name, AccessRights.All, out found);

    /// <summary>Opens an existing semaphore, if there is one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rights">Wait, Modify or All.</param>
    /// <param name="found">The semaphore, or null.</param>
    /// <returns>Whether there is one. Anything else that is in the way is an exception.</returns>
    public static bool TryOpen(string name, AccessRights rights, [NotNullWhen(true)] out NamedSemaphore? found)
    {
        nint handle = OpenHandle(name, rights, mayBeMissing: true, Native.fm_semaphore_open);
        found = handle == 0 ? null : new NamedSemaphore(handle, existed: true);
        return found is not null;
    }

    /// <summary>Opens the semaphore that a token of another process names, with that one's rights.</summary>
    /// <param name="token">From <see cref="FilemapObject.ExportToken()"/>.</param>
    /// <returns>The semaphore.</returns>
    public static NamedSemaphore FromToken(string token) => new(Import(token, AccessRights.None, ObjectKind.Semaphore), existed: true);

    /// <summary>Makes another handle to this semaphore.</summary>
    /// <param name="rights">At most those of this one; None = the same.</param>
    /// <param name="inheritable">Child processes inherit it.</param>
    /// <returns>The new one, which lives on its own.</returns>
    public NamedSemaphore Duplicate(AccessRights rights, bool inheritable) => new(DuplicateHandle(rights, inheritable), Existed);

    /// <summary>Adds one unit.</summary>
    /// <returns>The count before.</returns>
    /// <exception cref="SemaphoreFullException">It is at its maximum; nothing was added.</exception>
    public int Release() => Release(1);

    /// <summary>Adds units.</summary>
    /// <param name="count">How many; at least 1.</param>
    /// <returns>The count before.</returns>
    /// <exception cref="SemaphoreFullException">The count would leave its maximum; nothing was added.</exception>
    public int Release(int count)
    {
        if (count < 1) throw new ArgumentOutOfRangeException(nameof(count), count, "At least one unit has to be released.");
        uint previous;
        Check(Native.fm_semaphore_release(Handle, (uint)count, &previous));
        return (int)previous;
    }

    private static NamedSemaphore Make(string? name, int initial, int maximum, ObjectOptions? options, bool createNew)
    {
        if (maximum < 1) throw new ArgumentOutOfRangeException(nameof(maximum), maximum, "It must be at least 1.");
        if (initial < 0 || initial > maximum)
            throw new ArgumentOutOfRangeException(nameof(initial), initial, "It must be from 0 to the maximum.");
        nint handle = Make(name, options, createNew, 
            (text, native, result) => Native.fm_semaphore_create(text, (uint)initial, (uint)maximum, native, result), out bool existed);
        return new NamedSemaphore(handle, existed);
    }
}
