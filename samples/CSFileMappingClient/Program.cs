// The second process: opens the file mapping Local\SampleMap that a server keeps, and reads the UTF-16 message in it.
// Knows of the server only what both must know: the name, the place of the message, and its encoding.
using System;
using System.Text;

namespace CSFileMappingClient;

internal static class Program
{
    private const string FullMapName = @"Local\SampleMap";
    private const ulong ViewOffset = 0;
    private const ulong ViewSize = 1024;

    private static int Main()
    {
        try
        {
            Filemap.Check(Filemap.fm_open(FullMapName, Filemap.FM_ACCESS_READ, out MappingHandle mapping));
            using (mapping)
            {
                Console.WriteLine("The file mapping ({0}) is opened", FullMapName);

                Filemap.Check(Filemap.fm_map(
                    mapping, Filemap.FM_ACCESS_READ, ViewOffset, ViewSize, out ViewHandle view));
                using (view)
                {
                    Console.WriteLine("The file view is mapped");

                    // Another process wrote these bytes: copy them, and do not trust that a NUL is among them.
                    byte[] bytes = new byte[ViewSize];
                    Filemap.Check(Filemap.fm_read(view, 0, bytes, ViewSize));
                    string message = Encoding.Unicode.GetString(bytes).Split('\0')[0];
                    Console.WriteLine("Read from the file mapping:");
                    Console.WriteLine("\"{0}\"", message);

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
