// The first process once more, for Windows alone: plain kernel32, and not a word of filemap. The clients of the other
// folders open its mapping because theirs are ordinary Win32 objects under their ordinary names.
using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace CSFileMappingServerWin32;

internal static class Program
{
    private const string FullMapName = @"Local\SampleMap";
    private const uint MapSize = 65536;
    private const uint ViewOffset = 0;
    private const uint ViewSize = 1024;
    private const string Message = "Message from the first process.";

    private static int Main()
    {
        try
        {
            using SafeFileMappingHandle mapping = NativeMethods.CreateFileMapping(
                NativeMethods.INVALID_HANDLE_VALUE, // no file: memory
                0,                                  // default security
                NativeMethods.PAGE_READWRITE,
                0,
                MapSize,
                FullMapName);
            if (mapping.IsInvalid) throw new Win32Exception();
            Console.WriteLine("The file mapping ({0}) is created", FullMapName);

            using SafeViewHandle view = NativeMethods.MapViewOfFile(
                mapping, NativeMethods.FILE_MAP_WRITE, 0, ViewOffset, ViewSize);
            if (view.IsInvalid) throw new Win32Exception();
            Console.WriteLine("The file view is mapped");

            // The bytes that the processes agreed on are UTF-16LE and end with NUL.
            byte[] bytes = Encoding.Unicode.GetBytes(Message + '\0');
            Marshal.Copy(bytes, 0, view.DangerousGetHandle(), bytes.Length);
            Console.WriteLine("This message is written to the view:");
            Console.WriteLine("\"{0}\"", Message);

            // The mapping lives as long as this process keeps it open, so wait before giving it up.
            Console.Write("Press ENTER to clean up resources and quit");
            Console.ReadLine();
            return 0;
        }
        catch (Exception ex)
        {
            Console.WriteLine("The process throws the error: {0}", ex.Message);
            return 1;
        }
    }
}
