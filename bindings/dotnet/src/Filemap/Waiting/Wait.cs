// Waiting for several objects, blocking. Waiting without a thread stands in AsyncWaiting.cs.
using System;
using System.Threading;

namespace Filemap;

/// <summary>
/// Waits for any or all of up to 64 objects of any kinds. Where one of the mutexes had been abandoned, the wait has been
/// successful, and says so by an <see cref="AbandonedMutexException"/>: what was waited for is the caller's, and has to be
/// released.
/// </summary>
public static unsafe class Wait
{
    /// <summary>What <see cref="Any(WaitableObject[], TimeSpan)"/> returns where the time ran out.</summary>
    public const int TimedOut = -1;

    /// <summary>Waits until any of the objects is ready, and takes that one alone: of those that are ready, the first.</summary>
    /// <param name="objects">1 to 64 objects.</param>
    /// <returns>The index of what was taken.</returns>
    public static int Any(params WaitableObject[] objects) => Any(objects, Timeout.InfiniteTimeSpan, CancellationToken.None);

    /// <summary>Waits until any of the objects is ready, and takes that one alone: of those that are ready, the first.</summary>
    /// <param name="objects">1 to 64 objects.</param>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</param>
    /// <returns>The index of what was taken, or <see cref="TimedOut"/>.</returns>
    public static int Any(WaitableObject[] objects, TimeSpan timeout) => Any(objects, timeout, CancellationToken.None);

    /// <summary>Waits until any of the objects is ready, and takes that one alone: of those that are ready, the first.</summary>
    /// <param name="objects">1 to 64 objects.</param>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The index of what was taken, or <see cref="TimedOut"/>.</returns>
    /// <exception cref="OperationCanceledException">The token ended the wait; nothing was taken.</exception>
    public static int Any(WaitableObject[] objects, TimeSpan timeout, CancellationToken cancellationToken)
    {
        uint index;
        int status = Many(objects, 0, timeout, cancellationToken, &index);
        if (status == Native.FM_TIMED_OUT) return TimedOut;
        if (status == Native.FM_ABANDONED) throw Abandoned((int)index);
        return (int)index;
    }

    /// <summary>Waits until all of the objects are ready at the same moment, and takes them together.</summary>
    /// <param name="objects">1 to 64 objects, none twice.</param>
    public static void All(params WaitableObject[] objects) => All(objects, Timeout.InfiniteTimeSpan, CancellationToken.None);

    /// <summary>Waits until all of the objects are ready at the same moment, and takes them together.</summary>
    /// <param name="objects">1 to 64 objects, none twice.</param>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</param>
    /// <returns>Whether they were taken; false: the time ran out, and none was.</returns>
    public static bool All(WaitableObject[] objects, TimeSpan timeout) => All(objects, timeout, CancellationToken.None);

    /// <summary>Waits until all of the objects are ready at the same moment, and takes them together.</summary>
    /// <param name="objects">1 to 64 objects, none twice.</param>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether they were taken; false: the time ran out, and none was.</returns>
    /// <exception cref="OperationCanceledException">The token ended the wait; nothing was taken.</exception>
    public static bool All(WaitableObject[] objects, TimeSpan timeout, CancellationToken cancellationToken)
    {
        uint index = uint.MaxValue; // stays so where the system does not tell which mutex it was
        int status = Many(objects, Native.FM_WAIT_ALL, timeout, cancellationToken, &index);
        if (status == Native.FM_ABANDONED) throw Abandoned(unchecked((int)index));
        return status != Native.FM_TIMED_OUT;
    }

    /// <summary>
    /// Signals one object (sets an event, releases a mutex or one unit of a semaphore) and waits for another. Nobody can
    /// take the signal for one that came before the wait began.
    /// </summary>
    /// <param name="toSignal">An event or a semaphore, or a mutex that this thread owns.</param>
    /// <param name="toWaitFor">What is waited for.</param>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</param>
    /// <returns>Whether it was taken; false: the time ran out. The signal was given in any case.</returns>
    public static bool SignalAndWait(WaitableObject toSignal, WaitableObject toWaitFor, TimeSpan timeout)
    {
        if (toSignal is null) throw new ArgumentNullException(nameof(toSignal));
        if (toWaitFor is null) throw new ArgumentNullException(nameof(toWaitFor));
        int status = Native.fm_signal_and_wait(toSignal.Handle, toWaitFor.Handle, Duration.Nanoseconds(timeout));
        GC.KeepAlive(toSignal);
        if (status == Native.FM_ABANDONED) throw Abandoned(0);
        if (status == Native.FM_E_INVALID_HANDLE && toSignal.IsDisposed) throw Failure.Disposed(toSignal);
        return toWaitFor.Check(status) != Native.FM_TIMED_OUT;
    }

    internal static AbandonedMutexException Abandoned(int index) => new(
        "The mutex was acquired, but its last owner ended without releasing it: what it protects may be half changed. " +
        "It is owned now, and has to be released.", index, null);

    private static int Many(WaitableObject[] objects, uint flags, TimeSpan timeout, CancellationToken token, uint* index)
    {
        if (objects is null) throw new ArgumentNullException(nameof(objects));
        if (objects.Length == 0 || objects.Length > (int)Native.FM_MAX_WAIT)
            throw new ArgumentException($"A wait takes 1 to {Native.FM_MAX_WAIT} objects, not {objects.Length}.", nameof(objects));
        long nanoseconds = Duration.Nanoseconds(timeout);
        nint* handles = stackalloc nint[objects.Length];
        for (int i = 0; i < objects.Length; ++i)
            handles[i] = (objects[i] ?? throw new ArgumentException($"objects[{i}] is null.", nameof(objects))).Handle;
        int status = Cancellation.Wait(handles, objects.Length, flags, nanoseconds, token, index);
        GC.KeepAlive(objects);
        if (status == Native.FM_E_INVALID_HANDLE)
            foreach (WaitableObject one in objects)
                if (one.IsDisposed) throw Failure.Disposed(one);
        return Failure.Check(status, "");
    }
}
