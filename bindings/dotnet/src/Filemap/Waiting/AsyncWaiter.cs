// One thread that waits for up to 63 objects, and for an event of its own by which it is told that there is more to know.
// Which waits it gets is decided elsewhere (AsyncWaiting).
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace Filemap;

internal sealed unsafe class AsyncWaiter
{
    private const int Most = (int)Native.FM_MAX_WAIT - 1;
    private const long IdleFor = 10_000_000_000; // ns until a thread without work ends

    private readonly SafeObjectHandle _wake;
    private readonly Queue<AsyncWait> _new = []; // also the lock for itself
    private readonly List<AsyncWait> _waits = []; // the thread's own
    private int _count;

    internal AsyncWaiter()
    {
        nint handle;
        Failure.Check(Native.fm_event_create(null, 0, null, &handle), "");
        _wake = new SafeObjectHandle(handle);
    }

    internal bool IsIdle => Volatile.Read(ref _count) == 0;

    internal void Start()
    {
        Thread thread = new(Run, 256 * 1024) { IsBackground = true, Name = "Filemap.WaitAsync" };
#if NET
        thread.UnsafeStart(); // the first caller's context is not everybody's
#else
        using (ExecutionContext.SuppressFlow()) thread.Start();
#endif
    }

    // Under the lock of AsyncWaiting, which MayEnd takes too.
    internal bool TryAdd(AsyncWait wait)
    {
        if (Interlocked.Increment(ref _count) > Most)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }
        wait.Waiter = this;
        lock (_new) _new.Enqueue(wait);
        Wake();
        return true;
    }

    internal void Wake()
    {
        if (!_wake.IsClosed) Native.fm_event_set(_wake.DangerousGetHandle()); // closed: the thread has ended, so no wait is left
        GC.KeepAlive(this);
    }

    private void Run()
    {
        nint* handles = stackalloc nint[Most + 1];
        for (;;)
        {
            TakeNew();
            long timeout = Sort();
            if (_waits.Count == 0 && timeout == Native.FM_FOREVER) timeout = IdleFor;
            int count = 1;
            handles[0] = _wake.DangerousGetHandle();
            if (!Gather(handles, ref count)) continue;
            uint index;
            int status = Native.fm_wait_many(handles, (uint)count, 0, timeout, 0, &index);
            if (status == Native.FM_OK && index > 0) Finish((int)index - 1).Succeed();
            else if (status < 0) FailOne(Failure.Exception(status, "", waitable: true));
            else if (status == Native.FM_TIMED_OUT && _waits.Count == 0 && AsyncWaiting.MayEnd(this)) break;
        }
        _wake.Dispose();
    }

    private void TakeNew()
    {
        lock (_new)
            while (_new.Count > 0) _waits.Add(_new.Dequeue());
    }

    // Ends what is over for another reason than its object, and tells how long the next wait may last.
    private long Sort()
    {
        long nearest = Native.FM_FOREVER;
        long now = Clock.Now;
        for (int i = _waits.Count - 1; i >= 0; --i)
        {
            AsyncWait wait = _waits[i];
            long remaining = wait.Remaining(now);
            if (wait.Target.IsDisposed) Finish(i).Fail(Failure.Disposed(wait.Target));
            else if (wait.IsCancelled) Finish(i).Cancel();
            else if (remaining == 0) Finish(i).TimeOut();
            else if (remaining > 0 && (nearest < 0 || remaining < nearest)) nearest = remaining;
        }
        return nearest;
    }

    // False where an object was disposed of just now.
    private bool Gather(nint* handles, ref int count)
    {
        try
        {
            foreach (AsyncWait wait in _waits) handles[count++] = wait.Target.Handle;
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    // The library says that one of the waits cannot be; it is the one that alone gets the same answer. Where none does
    // it concerns this thread, and so all of them.
    private void FailOne(Exception why)
    {
        for (int i = _waits.Count - 1; i >= 0; --i)
        {
            if (_waits[i].Target.IsDisposed) return; // Sort tells it
            nint handle = _waits[i].Target.Handle;
            int status = Native.fm_wait(handle, 0);
            if (status == Native.FM_OK) Finish(i).Succeed();
            else if (status < 0) Finish(i).Fail(Failure.Exception(status, "", waitable: true));
            else continue;
            return;
        }
        for (int i = _waits.Count - 1; i >= 0; --i) Finish(i).Fail(why);
    }

    private AsyncWait Finish(int index)
    {
        AsyncWait wait = _waits[index];
        _waits.RemoveAt(index);
        Interlocked.Decrement(ref _count);
        return wait;
    }
}

internal static class Clock
{
    // Nanoseconds of a clock that nobody sets.
    internal static long Now => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));
}
