// WaitAsync: which thread serves which wait. Each of them (AsyncWaiter) waits for up to 63 objects at once; there are as
// many as are needed, and one that has had nothing to do for a while ends.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Filemap;

internal static class AsyncWaiting
{
    private static readonly List<AsyncWaiter> Waiters = [];

    internal static Task<bool> Begin(WaitableObject target, long timeout, CancellationToken token)
    {
        if (token.IsCancellationRequested) return Task.FromCanceled<bool>(token);
        if (target.Wait(TimeSpan.Zero)) return Task.FromResult(true);
        if (timeout == 0) return Task.FromResult(false);
        AsyncWait wait = new(target, timeout, token);
        target.AsyncWaitBegins();
        lock (Waiters) Place(wait);
        if (target.IsDisposed) Look(); // disposed of before it was counted
        wait.WatchToken();
        return wait.Task;
    }

    // Somebody has disposed of an object that is waited for: all look which of theirs it was.
    internal static void Look()
    {
        lock (Waiters)
            foreach (AsyncWaiter waiter in Waiters) waiter.Wake();
    }

    // A waiter with nothing to do asks whether it may end; under the lock nobody can give it something meanwhile.
    internal static bool MayEnd(AsyncWaiter waiter)
    {
        lock (Waiters) return waiter.IsIdle && Waiters.Remove(waiter);
    }

    private static void Place(AsyncWait wait)
    {
        foreach (AsyncWaiter waiter in Waiters)
            if (waiter.TryAdd(wait)) return;
        AsyncWaiter another = new();
        another.TryAdd(wait);
        another.Start();
        Waiters.Add(another);
    }
}

// One call of WaitAsync. It is completed by its waiter's thread alone, so nothing that was taken can get lost to a
// cancellation that comes at the same moment.
internal sealed class AsyncWait
{
    private static readonly Action<object?> Cancelled = state => ((AsyncWait)state!).Waiter?.Wake();

    private readonly TaskCompletionSource<bool> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _token;
    private readonly bool _hasDeadline;
    private readonly long _deadline; // Clock.Now

    private CancellationTokenRegistration _registration;
    private int _registered; // 1: WatchToken has stored it; 2: the wait is over

    internal AsyncWait(WaitableObject target, long timeout, CancellationToken token)
    {
        Target = target;
        _token = token;
        _hasDeadline = timeout != Native.FM_FOREVER;
        long now = Clock.Now;
        _deadline = _hasDeadline && timeout < long.MaxValue - now ? now + timeout : long.MaxValue;
    }

    internal WaitableObject Target { get; }

    internal AsyncWaiter? Waiter { get; set; }

    internal Task<bool> Task => _source.Task;

    internal bool IsCancelled => _token.IsCancellationRequested;

    // Nanoseconds until the time is up, or FM_FOREVER.
    internal long Remaining(long now) => _hasDeadline ? Math.Max(0, _deadline - now) : Native.FM_FOREVER;

    internal void WatchToken()
    {
        if (!_token.CanBeCanceled) return;
        _registration = _token.Register(Cancelled, this, useSynchronizationContext: false);
        if (Interlocked.CompareExchange(ref _registered, 1, 0) != 0) _registration.Dispose();
    }

    internal void Succeed() => End(() => _source.SetResult(true));

    internal void TimeOut() => End(() => _source.SetResult(false));

    internal void Cancel() => End(() => _source.TrySetCanceled(_token));

    internal void Fail(Exception why) => End(() => _source.SetException(why));

    private void End(Action complete)
    {
        Target.AsyncWaitEnds();
        // Unlike Dispose it does not wait for a callback, which may want what this thread holds.
        if (Interlocked.Exchange(ref _registered, 2) == 1)
        {
#if NET
            _registration.Unregister();
#else
            ThreadPool.QueueUserWorkItem(state => ((AsyncWait)state!)._registration.Dispose(), this);
#endif
        }
        complete();
    }
}
