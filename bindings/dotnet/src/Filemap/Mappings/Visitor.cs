// Which view's memory a thread is touching at this moment, so that whoever disposes of the view can wait for the few
// nanoseconds that takes. A mark costs the reader two plain stores; the disposing side pays, with a memory barrier in
// all threads of the process. Older runtimes lack that barrier; there accesses count themselves (MappedView).
#if NET
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Filemap;

internal sealed class Visitor
{
    private static readonly List<WeakReference<Visitor>> Everybody = [];
    private static long lastId;

    [ThreadStatic]
    private static Visitor? mine;

    private long _inside; // the id of a view; 0: none

    internal static Visitor Mine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => mine ?? Register();
    }

    internal static long NewId() => Interlocked.Increment(ref lastId);

    // Reading the view's limits must come after this in program order; the barrier of WaitUntilGone makes that enough.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter(long id) => Volatile.Write(ref _inside, id);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave() => Volatile.Write(ref _inside, 0);

    // To be called when the view's limits say that nothing may be touched any more. False where a thread stays inside
    // for so long that it must have been stopped: then the memory has to stay until that thread has gone on.
    internal static bool WaitUntilGone(long id)
    {
        Interlocked.MemoryBarrierProcessWide();
        long patience = Environment.TickCount64 + 1000;
        SpinWait spin = default;
        while (AnybodyInside(id))
        {
            if (Environment.TickCount64 > patience) return false;
            spin.SpinOnce();
        }
        return true;
    }

    private static bool AnybodyInside(long id)
    {
        lock (Everybody)
        {
            foreach (WeakReference<Visitor> known in Everybody)
                if (known.TryGetTarget(out Visitor? visitor) && Volatile.Read(ref visitor._inside) == id) return true;
            return false;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Visitor Register()
    {
        Visitor visitor = new();
        lock (Everybody)
        {
            Everybody.RemoveAll(known => !known.TryGetTarget(out _)); // of threads that have ended
            Everybody.Add(new WeakReference<Visitor>(visitor));
        }
        return mine = visitor;
    }
}
#endif
