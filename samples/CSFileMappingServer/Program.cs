// The first process: creates the file mapping Local\SampleMap, writes a UTF-16 message to it and keeps it until ENTER.
// Knows of the client only what both must know: the name, the place of the message, and its encoding.
using System;
using System.Text;

namespace CSFileMappingServer;

internal static class Program
{
    private const string FullMapName = @"Local\SampleMap";
    private const ulong MapSize = 65536;
    private const ulong ViewOffset = 0;
    private const ulong ViewSize = 1024;
    private const string Message = "Message from the first process.";

    private static int Main()
    {
        try
        {
            // FM_EXISTED, a success, tells that another process created it before: then both write to the same memory.
            Filemap.Check(Filemap.fm_create(FullMapName, MapSize, 0, out MappingHandle mapping));
            using (mapping)
            {
                Console.WriteLine("The file mapping ({0}) is created", FullMapName);

                Filemap.Check(Filemap.fm_map(
                    mapping, Filemap.FM_ACCESS_WRITE, ViewOffset, ViewSize, out ViewHandle view));
                using (view)
                {
                    Console.WriteLine("The file view is mapped");

                    // The bytes that the processes agreed on are UTF-16LE and end with NUL.
                    byte[] bytes = Encoding.Unicode.GetBytes(Message + '\0');
                    Filemap.Check(Filemap.fm_write(view, 0, bytes, (ulong)bytes.Length));
                    Console.WriteLine("This message is written to the view:");
                    Console.WriteLine("\"{0}\"", Message);

                    // The mapping lives as long as this process keeps it open, so wait before giving it up.
                    Console.Write("Press ENTER to clean up resources and quit");
                    Console.ReadLine();
                }
            }
            return 0;
        }
        catch (Exception ex)
        {
            Console.WriteLine("The process throws the error: {0}", ex.Message);
            return 1;
        }
    }
}
