// Mutexes: the raw functions as a class, and locks that end with a block.
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;

namespace Filemap;

/// <summary>
/// A mutex belongs to the thread that acquired it by waiting, as often as it did so; that thread has to release it, so there
/// must be no <c>await</c> in between. When a thread or a process ends as owner, however, the next one acquires the mutex and
/// is told: <see cref="WaitableObject.Wait()"/> throws <see cref="AbandonedMutexException"/> (the mutex is owned then),
/// <see cref="Wait(TimeSpan, out bool)"/> and <see cref="Lock()"/> say it without.
/// </summary>
public sealed unsafe class NamedMutex : WaitableObject
{
    private NamedMutex(nint handle, bool existed) : base(handle, existed)
    {
    }

    /// <summary>Makes a mutex; a name that is in use is an error.</summary>
    /// <param name="name">The name; null or empty: unnamed.</param>
    /// <param name="initiallyOwned">A new one begins owned by this thread.</param>
    /// <param name="options">null = the defaults.</param>
    /// <returns>The mutex.</returns>
    public static NamedMutex Create(string? name, bool initiallyOwned = false, ObjectOptions? options = null) =>
        Make(name, initiallyOwned, options, createNew: true);

    /// <summary>Makes a mutex, or opens the one of this name as it is; <see cref="WaitableObject.Existed"/> tells which.</summary>
    /// <param name="name">The name.</param>
    /// <param name="initiallyOwned">A new one begins owned by this thread.</param>
    /// <param name="options">null = the defaults.</param>
    /// <returns>The mutex.</returns>
    public static NamedMutex CreateOrOpen(string name, bool initiallyOwned = false, ObjectOptions? options = null) =>
        Make(name, initiallyOwned, options, createNew: false);


    /// <summary>Opens an existing mutex, with all the rights that it allows.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The mutex.</returns>
    /// <exception cref="WaitHandleCannotBeOpenedException">Nobody holds a mutex of this name.</exception>
    public static NamedMutex Open(string name) => Open(name, AccessRights.All);

    /// <summary>Opens an existing mutex.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rights">Wait, Modify or All.</param>
    /// <returns>The mutex.</returns>
    /// <exception cref="WaitHandleCannotBeOpenedException">Nobody holds a mutex of this name.</exception>
    /// <exception cref="UnauthorizedAccessException">The object does not allow it.</exception>
    public static NamedMutex Open(string name, AccessRights rights) =>
        new(OpenHandle(name, rights, mayBeMissing: false, Native.fm_mutex_open), existed: true);

    /// <summary>Opens an existing mutex, if there is one, with all the rights that it allows.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="found">The mutex, or null.</param>
    /// <returns>Whether there is one. Anything else that is in the way is an exception.</returns>
    public static bool TryOpen(string name, [NotNullWhen(true)] out NamedMutex? found) => TryOpen(name, AccessRights.All, out found);

    /// <summary>Opens an existing mutex, if there is one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rights">Wait, Modify or All.</param>
    /// <param name="found">The mutex, or null.</param>
    /// <returns>Whether there is one. Anything else that is in the way is an exception.</returns>
    public static bool TryOpen(string name, AccessRights rights, [NotNullWhen(true)] out NamedMutex? found)
    {
        nint handle = OpenHandle(name, rights, mayBeMissing: true, Native.fm_mutex_open);
        found = handle == 0 ? null : new NamedMutex(handle, existed: true);
        return found is not null;
    }

    /// <summary>Opens the mutex that a token of another process names, with that one's rights.</summary>
    /// <param name="token">From <see cref="FilemapObject.ExportToken()"/>.</param>
    /// <returns>The mutex.</returns>
    public static NamedMutex FromToken(string token) => new(Import(token, AccessRights.None, ObjectKind.Mutex), existed: true);

    /// <summary>Makes another handle to this mutex.</summary>
    /// <param name="rights">At most those of this one; None = the same.</param>
    /// <param name="inheritable">Child processes inherit it.</param>
    /// <returns>The new one, which lives on its own.</returns>
    public NamedMutex Duplicate(AccessRights rights, bool inheritable) => new(DuplicateHandle(rights, inheritable), Existed);

    /// <summary>Gives one acquisition back; the last one lets the next waiter have it.</summary>
    /// <exception cref="SynchronizationLockException">This thread does not own it.</exception>
    public void Release() => Check(Native.fm_mutex_release(Handle));

    /// <summary>Acquires it, and says without an exception whether it was abandoned.</summary>
    /// <param name="timeout">How long at most; zero: looks once; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</param>
    /// <param name="abandoned">Its last owner ended without releasing it: what it protects may be half changed.</param>
    /// <returns>Whether it was acquired; false: the time ran out.</returns>
    public bool Wait(TimeSpan timeout, out bool abandoned)
    {
        int status = Check(Native.fm_wait(Handle, Duration.Nanoseconds(timeout)));
        abandoned = status == Native.FM_ABANDONED;
        return status != Native.FM_TIMED_OUT;
    }

    /// <summary>Acquires it for a block: <c>using (MutexLock held = mutex.Lock()) ...</c></summary>
    /// <returns>Releases it when disposed of, on the same thread; says whether it was abandoned.</returns>
    public MutexLock Lock() => Lock(CancellationToken.None);

    /// <summary>Acquires it for a block, unless the token ends the wait.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Releases it when disposed of, on the same thread; says whether it was abandoned.</returns>
    /// <exception cref="OperationCanceledException">The token ended the wait; nothing was acquired.</exception>
    public MutexLock Lock(CancellationToken cancellationToken)
    {
        int status = WaitStatus(Timeout.InfiniteTimeSpan, cancellationToken);
        return new MutexLock(this, status == Native.FM_ABANDONED);
    }

    /// <summary>Not for mutexes: they belong to the thread that waits, and a task has none of its own.</summary>
    /// <param name="timeout">Ignored.</param>
    /// <param name="cancellationToken">Ignored.</param>
    /// <returns>Never.</returns>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) => throw new NotSupportedException(
        "A mutex belongs to the thread that waits for it, and a task may go on in any. Wait on a thread, or use a semaphore.");

    private static NamedMutex Make(string? name, bool initiallyOwned, ObjectOptions? options, bool createNew)
    {
        uint flags = initiallyOwned ? Native.FM_MUTEX_OWNED : 0;
        nint handle = Make(name, options, createNew, (text, native, result) => Native.fm_mutex_create(text, flags, native, result), out bool existed);
        return new NamedMutex(handle, existed);
    }
}

/// <summary>A mutex that is held until this is disposed of, on the thread that acquired it.</summary>
public sealed class MutexLock : IDisposable
{
    private NamedMutex? _mutex;

    internal MutexLock(NamedMutex mutex, bool abandoned)
    {
        _mutex = mutex;
        WasAbandoned = abandoned;
    }

    /// <summary>The last owner ended without releasing the mutex: what it protects may be half changed.</summary>
    public bool WasAbandoned { get; }

    /// <summary>Releases the mutex. Doing it twice is no error.</summary>
    /// <exception cref="SynchronizationLockException">Called on another thread than the one that acquired it.</exception>
    public void Dispose()
    {
        _mutex?.Release();
        _mutex = null;
    }
}
