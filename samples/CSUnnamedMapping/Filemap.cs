// The functions of include/filemap.h that this program uses, under their own names, and what C# needs around them:
// handles that close themselves and an exception with the library's sentence. Knows nothing of the sample.
using System;
using System.Runtime.InteropServices;
using System.Text;

namespace CSUnnamedMapping;

internal static class Filemap
{
    public const uint FM_ACCESS_READ = 0x1;
    public const uint FM_ACCESS_WRITE = 0x2;
    public const uint FM_INHERITABLE = 0x8;
    public const int FM_TOKEN_SIZE = 96;
    public const int FM_TOKEN_TEXT_SIZE = 197;

    // filemap.dll or libfilemap.so, beside the program or where the system looks for libraries.
    private const string Library = "filemap";

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_create(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string? name, ulong size, in CreateOptions options,
        out MappingHandle mapping);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_map(MappingHandle mapping, uint access, ulong offset, ulong size, out ViewHandle view);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_read(ViewHandle view, ulong offset, [Out] byte[] buffer, ulong size);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_write(ViewHandle view, ulong offset, byte[] data, ulong size);

    // A token is a struct of FM_TOKEN_SIZE bytes and nothing else, so an array of that length stands for it.
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_export_token(MappingHandle mapping, long targetProcess, [Out] byte[] token);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_import_token(byte[] token, uint access, out MappingHandle mapping);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_token_to_text(byte[] token, [Out] byte[] buffer, ulong capacity);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_token_from_text(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string text, [Out] byte[] token);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_unmap(nint view);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int fm_close(nint handle);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern nint fm_status_name(int status);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern ulong fm_last_error_message([Out] byte[] buffer, ulong capacity);

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

// fm_create_options; StructSize has to be set, and zero is the default in every other member.
[StructLayout(LayoutKind.Sequential)]
internal struct CreateOptions
{
    public uint StructSize;
    public uint Protection;
    public uint Flags;
    public uint Permissions;
    public long File;
    public nint FilePath;
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
