// A mapping without a name reaches another process. The parent creates it, writes a UTF-16 message, and starts a child
// with a token as an argument, --token TEXT; the child, this program or another, imports it and reads.
// Knows of the other program only what both must know: the variable, the options, the place of the message.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace CSUnnamedMapping;

internal static class Program
{
    private const string TokenVariable = "FILEMAP_TOKEN";
    private const ulong MapSize = 65536;
    private const ulong ViewOffset = 0;
    private const ulong ViewSize = 1024;
    private const string Message = "Message from the first process.";

    private static int Main(string[] words)
    {
        try
        {
            if (Arguments.Parse(words) is not { } arguments)
            {
                Console.Error.WriteLine(Arguments.Usage);
                return 2;
            }
            string? token = arguments.Token ?? Environment.GetEnvironmentVariable(TokenVariable);
            if (token == null) return BeParent(arguments);
            BeChild(token, arguments);
            return 0;
        }
        catch (Exception ex)
        {
            Console.WriteLine("The process throws the error: {0}", ex.Message);
            return 1;
        }
    }

    private static int BeParent(Arguments arguments)
    {
        CreateOptions options = new()
        {
            StructSize = (uint)Marshal.SizeOf<CreateOptions>(),
            Flags = arguments.Inheritable ? Filemap.FM_INHERITABLE : 0,
        };
        Filemap.Check(Filemap.fm_create(null, MapSize, options, out MappingHandle mapping));
        using (mapping)
        {
            Console.WriteLine(
                "The unnamed file mapping is created ({0})", arguments.Inheritable ? "inheritable" : "not inheritable");

            Filemap.Check(Filemap.fm_map(mapping, Filemap.FM_ACCESS_WRITE, ViewOffset, ViewSize, out ViewHandle view));
            using (view)
            {
                Console.WriteLine("The file view is mapped");

                // The bytes that the processes agreed on are UTF-16LE and end with NUL.
                byte[] bytes = Encoding.Unicode.GetBytes(Message + '\0');
                Filemap.Check(Filemap.fm_write(view, 0, bytes, (ulong)bytes.Length));
                Console.WriteLine("This message is written to the view:");
                Console.WriteLine("\"{0}\"", Message);
            }

            // The token holds nothing open: the mapping lives as long as this process, or a child that inherited it,
            // does that.
            byte[] token = new byte[Filemap.FM_TOKEN_SIZE];
            Filemap.Check(Filemap.fm_export_token(mapping, 0, token));
            byte[] text = new byte[Filemap.FM_TOKEN_TEXT_SIZE];
            Filemap.Check(Filemap.fm_token_to_text(token, text, (ulong)text.Length));
            return HandOver(Encoding.ASCII.GetString(text, 0, Array.IndexOf(text, (byte)0)), arguments);
        }
    }

    // Starts the child with the token; waits for it, unless the parent is to leave before the child imports.
    private static int HandOver(string token, Arguments arguments)
    {
        IReadOnlyList<string> program = arguments.Child.Length > 0 ? arguments.Child : OwnProgram();
        // Without the shell, as here, a child has what is inheritable: descriptors on Linux, HANDLEs on Windows.
        ProcessStartInfo start = new(program[0]) { UseShellExecute = false };
        for (int i = 1; i < program.Count; ++i) start.ArgumentList.Add(program[i]);
        if (arguments.Leave)
        {
            start.ArgumentList.Add("--after");
            start.ArgumentList.Add(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        start.ArgumentList.Add("--token");
        start.ArgumentList.Add(token);
        Console.WriteLine("The child gets a token as an argument");

        using Process child = Process.Start(start)!;
        if (arguments.Leave) return 0;
        child.WaitForExit();
        return child.ExitCode;
    }

    private static void BeChild(string text, Arguments arguments)
    {
        Console.WriteLine("The token came {0}", arguments.Token != null ? "as an argument" : "in the environment");
        if (arguments.After is { } parent) WaitForEndOf(parent);

        byte[] token = new byte[Filemap.FM_TOKEN_SIZE];
        Filemap.Check(Filemap.fm_token_from_text(text, token));
        Filemap.Check(Filemap.fm_import_token(token, Filemap.FM_ACCESS_READ, out MappingHandle mapping));
        using (mapping)
        {
            // With the parent alive it may as well have been by duplication; the library does not say.
            Console.WriteLine(
                "The unnamed file mapping is imported{0}",
                arguments.After != null ? " by inheritance: the parent has ended" : "");

            Filemap.Check(Filemap.fm_map(mapping, Filemap.FM_ACCESS_READ, ViewOffset, ViewSize, out ViewHandle view));
            using (view)
            {
                Console.WriteLine("The file view is mapped");

                // Another process wrote these bytes: copy them, and do not trust that a NUL is among them.
                byte[] bytes = new byte[ViewSize];
                Filemap.Check(Filemap.fm_read(view, 0, bytes, ViewSize));
                Console.WriteLine("Read from the file mapping:");
                Console.WriteLine("\"{0}\"", Encoding.Unicode.GetString(bytes).Split('\0')[0]);
            }
        }
    }

    private static void WaitForEndOf(int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            process.WaitForExit();
        }
        catch (ArgumentException)
        {
            // There is none of this id: it has ended before.
        }
    }

    // This program once more: by itself, or `dotnet CSUnnamedMapping.dll`.
    private static string[] OwnProgram()
    {
        string program = Environment.ProcessPath!;
        bool host = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return host ? [program, Environment.GetCommandLineArgs()[0]] : [program];
    }
}
