// The functions of kernel32 that this program uses, and handles that close themselves. Knows nothing of the sample.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CSFileMappingServerWin32;

internal static class NativeMethods
{
    public const uint PAGE_READWRITE = 0x04;
    public const uint FILE_MAP_WRITE = 0x0002;

    public static readonly nint INVALID_HANDLE_VALUE = -1;

    // Unicode is said aloud: without it the runtime would call the ANSI function, and a name would lose characters.
    [DllImport("kernel32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
    public static extern SafeFileMappingHandle CreateFileMapping(
        nint file, nint attributes, uint protect, uint maximumSizeHigh, uint maximumSizeLow, string? name);

    [DllImport("kernel32.dll", SetLastError = true)]
    public static extern SafeViewHandle MapViewOfFile(
        SafeFileMappingHandle mapping, uint desiredAccess, uint offsetHigh, uint offsetLow, nuint numberOfBytes);

    [DllImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool UnmapViewOfFile(nint address);

    [DllImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool CloseHandle(nint handle);
}

internal sealed class SafeFileMappingHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => NativeMethods.CloseHandle(handle);
}

internal sealed class SafeViewHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => NativeMethods.UnmapViewOfFile(handle);
}
