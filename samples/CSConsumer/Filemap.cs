// The functions of include/filemap.h that this program uses, under their own names, and what C# needs around them:
// handles that close themselves and an exception with the library's sentence. Knows nothing of the sample.
using System;
using System.Runtime.InteropServices;
using System.Text;

namespace CSConsumer;

internal static class Filemap
{
    public const int FM_EXISTED = 1;
    public const int FM_TIMED_OUT = 2;
    public const int FM_ABANDONED = 3;
    public const uint FM_ACCESS_WRITE = 0x2;
    public const long FM_FOREVER = -1;

    // filemap.dll or libfilemap.so, beside the program or where the system looks for libraries.
    private const string Library = "filemap";

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_create(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, ulong size, nint options, out ObjectHandle mapping);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_map(ObjectHandle mapping, uint access, ulong offset, ulong size, out ViewHandle view);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_read(ViewHandle view, ulong offset, out ulong value, ulong size);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_write(ViewHandle view, ulong offset, in ulong value, ulong size);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_read(ViewHandle view, ulong offset, [Out] byte[] buffer, ulong size);

    // options: null, the defaults.
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_event_create(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, uint flags, nint options, out ObjectHandle handle);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_event_set(ObjectHandle handle);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_mutex_create(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, uint flags, nint options, out ObjectHandle handle);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_mutex_release(ObjectHandle handle);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_wait(ObjectHandle handle, long timeoutNanoseconds);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_unmap(nint view);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_close(nint handle);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern nint fm_status_name(int status);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern ulong fm_last_error_message(byte[] buffer, ulong capacity);

    // Below zero is a failure; zero and above, such as FM_EXISTED, are successes, which are given back.
    public static int Check(int status)
    {
        if (status >= 0) return status;
        byte[] buffer = new byte[512];
        fm_last_error_message(buffer, (ulong)buffer.Length);
        string why = Encoding.UTF8.GetString(buffer, 0, Array.IndexOf(buffer, (byte)0));
        throw new FilemapException($"{why} ({Marshal.PtrToStringUTF8(fm_status_name(status))})");
    }
}

internal sealed class FilemapException(string message) : Exception(message);

// A mapping, an event or a mutex.
internal sealed class ObjectHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => Filemap.fm_close(handle) >= 0;
}

internal sealed class ViewHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => Filemap.fm_unmap(handle) >= 0;
}
