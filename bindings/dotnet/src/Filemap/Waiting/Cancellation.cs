// The library's cancel objects, as CancellationToken needs them: one is lent to each wait that has a token.
using System;
using System.Collections.Concurrent;
using System.Threading;

namespace Filemap;

internal sealed unsafe class Cancellation
{
    private const int Kept = 16;

    private static readonly ConcurrentBag<Cancellation> Idle = [];
    private static readonly Action<object?> Set = state => ((Cancellation)state!).Fire();

    private readonly SafeObjectHandle _handle;

    private Cancellation()
    {
        nint handle;
        Failure.Check(Native.fm_cancel_create(&handle), "");
        _handle = new SafeObjectHandle(handle);
    }

    internal nint Handle => _handle.DangerousGetHandle();

    // Waits; the token ends the wait with an OperationCanceledException, before it begins or while it lasts.
    internal static int Wait(nint* handles, int count, uint flags, long timeout, CancellationToken token, uint* index)
    {
        token.ThrowIfCancellationRequested();
        if (!token.CanBeCanceled)
            return Native.fm_wait_many(handles, (uint)count, flags, timeout, 0, index);
        if (!Idle.TryTake(out Cancellation? mine)) mine = new Cancellation();
        int status;
        // Leaving the block waits for a callback that is running, so nothing sets the object once it is idle again.
        using (token.Register(Set, mine, useSynchronizationContext: false))
            status = Native.fm_wait_many(handles, (uint)count, flags, timeout, mine.Handle, index);
        mine.GiveBack(); // does not fail, so the thread's last error stays that of the wait
        if (status == Native.FM_E_CANCELLED) token.ThrowIfCancellationRequested();
        return status;
    }

    private void Fire()
    {
        Native.fm_cancel_set(Handle);
        GC.KeepAlive(this);
    }

    private void GiveBack()
    {
        Native.fm_cancel_reset(Handle);
        if (Idle.Count < Kept) Idle.Add(this);
        else _handle.Dispose();
    }
}
