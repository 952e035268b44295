// The functions of include/filemap.h that this program uses, under their own names, and what C# needs around them:
// handles that close themselves and an exception with the library's sentence. Knows nothing of the sample.
using System;
using System.Runtime.InteropServices;
using System.Text;

namespace CSFileMappingClient;

internal static class Filemap
{
    public const uint FM_ACCESS_READ = 0x1;

    // filemap.dll or libfilemap.so, beside the program or where the system looks for libraries.
    private const string Library = "filemap";

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_open(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, uint access, out MappingHandle mapping);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_map(MappingHandle mapping, uint access, ulong offset, ulong size, out ViewHandle view);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_read(ViewHandle view, ulong offset, [Out] byte[] buffer, ulong size);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_unmap(nint view);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_close(nint handle);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern nint fm_status_name(int status);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern ulong fm_last_error_message(byte[] buffer, ulong capacity);

    // Below zero is a failure; zero and above, such as FM_EXISTED, are successes.
    public static void Check(int status)
    {
        if (status >= 0) return;
        byte[] buffer = new byte[512];
        fm_last_error_message(buffer, (ulong)buffer.Length);
        string why = Encoding.UTF8.GetString(buffer, 0, Array.IndexOf(buffer, (byte)0));
        throw new FilemapException($"{why} ({Marshal.PtrToStringUTF8(fm_status_name(status))})");
    }
}

internal sealed class FilemapException(string message) : Exception(message);

internal sealed class MappingHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => Filemap.fm_close(handle) >= 0;
}

internal sealed class ViewHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => Filemap.fm_unmap(handle) >= 0;
}
