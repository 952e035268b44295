// From a status to the exception that a .NET program expects. The one place that decides which that is.
using System;
using System.IO;
using System.Text;
using System.Threading;

namespace Filemap;

internal static unsafe class Failure
{
    // Below zero is a failure; zero and above are successes, which are given back. `what` is the name of an object of
    // this process or the argument that the call was about.
    internal static int Check(int status, string what)
    {
        if (status < 0) Throw(status, what, waitable: false);
        return status;
    }

    // The same for events, mutexes, semaphores and timers, whose names .NET reports on in its own way.
    internal static int CheckWaitable(int status, string what)
    {
        if (status < 0) Throw(status, what, waitable: true);
        return status;
    }

    internal static void Throw(int status, string what, bool waitable) => throw Exception(status, what, waitable);

    internal static ObjectDisposedException Disposed(object closed) => new(closed.GetType().Name);

    internal static Exception Exception(int status, string what, bool waitable)
    {
        FilemapException inner = Inner(status);
        string why = inner.Message;
        return inner.Status switch
        {
            FilemapStatus.InvalidArgument or FilemapStatus.InvalidName or FilemapStatus.NotAligned =>
                new ArgumentException(why, inner),
            FilemapStatus.OutOfRange => new ArgumentOutOfRangeException(why, inner),
            FilemapStatus.InvalidHandle => new ObjectDisposedException(why, inner),
            FilemapStatus.NotFound or FilemapStatus.WrongKind when waitable => new WaitHandleCannotBeOpenedException(why, inner),
            FilemapStatus.NotFound => new FileNotFoundException(why, what, inner),
            FilemapStatus.AccessDenied => new UnauthorizedAccessException(why, inner),
            FilemapStatus.NotOwner => new SynchronizationLockException(why, inner),
            FilemapStatus.TooMany => new SemaphoreFullException(why, inner),
            FilemapStatus.NotSupported => new PlatformNotSupportedException(why, inner),
            _ => inner,
        };
    }

    private static FilemapException Inner(int status)
    {
        int osError = Native.fm_last_os_error();
        string sentence = LastMessage();
        if (sentence.Length == 0) sentence = Utf8.Text(Native.fm_status_message(status));
        string message = $"{sentence} ({Utf8.Text(Native.fm_status_name(status))})";
        return new FilemapException((FilemapStatus)status, osError, Native.fm_status_win32(status), message);
    }

    private static string LastMessage()
    {
        byte[] buffer = new byte[512];
        for (;;)
        {
            fixed (byte* start = buffer)
            {
                ulong needed = Native.fm_last_error_message(start, (ulong)buffer.Length);
                if (needed <= (ulong)buffer.Length) return Utf8.Text(start);
                buffer = new byte[needed];
            }
        }
    }
}
