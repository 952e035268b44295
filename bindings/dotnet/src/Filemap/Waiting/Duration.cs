// TimeSpan and the library's nanoseconds.
using System;
using System.Threading;

namespace Filemap;

internal static class Duration
{
    // Infinite is -1 ms, as everywhere in .NET. What is longer than the library can count, centuries, is as good as that.
    internal static long Nanoseconds(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan) return Native.FM_FOREVER;
        if (timeout < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A timeout is zero, positive or Timeout.InfiniteTimeSpan.");
        return timeout.Ticks > long.MaxValue / 100 ? Native.FM_FOREVER : timeout.Ticks * 100;
    }
}
