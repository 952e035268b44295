// What events, mutexes, semaphores and timers have in common: they can be waited for.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Filemap;

/// <summary>
/// An object that can be waited for. A wait takes what there is to take: it resets an event with automatic reset, takes a
/// unit of a semaphore, acquires a mutex. The time that the machine sleeps does not count for timeouts.
/// </summary>
public abstract unsafe class WaitableObject : FilemapObject
{
    private int _asyncWaits; // that AsyncWaiting knows of

    private protected WaitableObject(nint handle, bool existed) : base(handle) => Existed = existed;

    /// <summary>Whether it existed already and was opened: then it is as it was.</summary>
    public bool Existed { get; }

    /// <summary>Waits as long as it takes.</summary>
    /// <exception cref="AbandonedMutexException">A mutex was acquired that its last owner had not released.</exception>
    public void Wait() => Wait(Timeout.InfiniteTimeSpan);

    /// <summary>Waits.</summary>
    /// <param name="timeout">How long at most; zero: looks once; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</param>
    /// <returns>Whether the object was taken; false: the time ran out.</returns>
    /// <exception cref="AbandonedMutexException">A mutex was acquired that its last owner had not released.</exception>
    public bool Wait(TimeSpan timeout)
    {
        int status = Check(Native.fm_wait(Handle, Duration.Nanoseconds(timeout)));
        if (status == Native.FM_OK) return true;
        return status == Native.FM_ABANDONED ? throw Filemap.Wait.Abandoned(0) : false;
    }

    /// <summary>Waits until the object is ready or the token ends the wait.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token ended the wait; nothing was taken.</exception>
    /// <exception cref="AbandonedMutexException">A mutex was acquired that its last owner had not released.</exception>
    public void Wait(CancellationToken cancellationToken) => Wait(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Waits.</summary>
    /// <param name="timeout">How long at most; zero: looks once; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the object was taken; false: the time ran out.</returns>
    /// <exception cref="OperationCanceledException">The token ended the wait; nothing was taken.</exception>
    /// <exception cref="AbandonedMutexException">A mutex was acquired that its last owner had not released.</exception>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        int status = WaitStatus(timeout, cancellationToken);
        return status == Native.FM_ABANDONED ? throw Filemap.Wait.Abandoned(0) : status == Native.FM_OK;
    }

    /// <summary>Waits without a thread of the caller's, as long as it takes.</summary>
    /// <returns>Ends when the object was taken.</returns>
    /// <exception cref="NotSupportedException">A mutex: it belongs to the thread that waits.</exception>
    public Task WaitAsync() => WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);

    /// <summary>Waits without a thread of the caller's.</summary>
    /// <param name="timeout">How long at most; zero: looks once; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</param>
    /// <returns>Whether the object was taken; false: the time ran out.</returns>
    /// <exception cref="NotSupportedException">A mutex: it belongs to the thread that waits.</exception>
    public Task<bool> WaitAsync(TimeSpan timeout) => WaitAsync(timeout, CancellationToken.None);

    /// <summary>
    /// Waits without a thread of the caller's: a background thread waits for up to 63 of such waits at once. Disposing
    /// of the object ends them with an <see cref="ObjectDisposedException"/>.
    /// </summary>
    /// <param name="timeout">How long at most; zero: looks once; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait. What had been taken before stays taken: then the task is not cancelled.</param>
    /// <returns>Whether the object was taken; false: the time ran out.</returns>
    /// <exception cref="NotSupportedException">A mutex: it belongs to the thread that waits.</exception>
    public virtual Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        AsyncWaiting.Begin(this, Duration.Nanoseconds(timeout), cancellationToken);

    // The answer as the library gives it, for those who can say more about it than yes and no.
    private protected int WaitStatus(TimeSpan timeout, CancellationToken cancellationToken)
    {
        nint handle = Handle;
        return Check(Cancellation.Wait(&handle, 1, 0, Duration.Nanoseconds(timeout), cancellationToken, null));
    }

    internal void AsyncWaitBegins() => Interlocked.Increment(ref _asyncWaits);

    internal void AsyncWaitEnds() => Interlocked.Decrement(ref _asyncWaits);

    private protected override void OnDisposed()
    {
        if (Volatile.Read(ref _asyncWaits) > 0) AsyncWaiting.Look();
    }

    private protected delegate int Creator(byte* name, Native.fm_object_options* options, nint* handle);

    private protected delegate int Opener(byte* name, uint access, nint* handle);

    private protected static nint Make(string? name, ObjectOptions? options, bool createNew, Creator create, out bool existed)
    {
        nint handle;
        fixed (byte* text = Utf8.Bytes(name, nameof(name)))
        {
            Native.fm_object_options native = (options ?? new ObjectOptions()).ToNative(createNew && text is not null && *text != 0);
            existed = Failure.CheckWaitable(create(text, &native, &handle), name ?? "") == Native.FM_EXISTED;
        }
        return handle;
    }

    // 0 where nobody holds an object of this name and that is an answer.
    private protected static nint OpenHandle(string name, AccessRights rights, bool mayBeMissing, Opener open)
    {
        if (name is null) throw new ArgumentNullException(nameof(name));
        nint handle;
        fixed (byte* text = Utf8.Bytes(name, nameof(name)))
        {
            int status = open(text, (uint)rights, &handle);
            if (mayBeMissing && status == Native.FM_E_NOT_FOUND) return 0;
            Failure.CheckWaitable(status, name);
        }
        return handle;
    }
}
