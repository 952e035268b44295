// Finds libfilemap.so or filemap.dll: beside the assembly, or in runtimes/<rid>/native as the package lays it out. .NET
// asks for it when it first needs the library; older hosts cannot be told, so there it is loaded before the first call.
using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
#if NET
using System.Reflection;
#endif

namespace Filemap;

internal static partial class LibraryLoader
{
    private static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private static string FileName => IsWindows ? "filemap.dll" : "libfilemap.so";

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    // Where the library may lie below the directory of the program.
    private static IEnumerable<string> Candidates(string directory)
    {
        yield return Path.Combine(directory, FileName);
        string rid = (IsWindows ? "win-" : "linux-") + Architecture;
        yield return Path.Combine(directory, "runtimes", rid, "native", FileName);
    }

    private static DllNotFoundException NotFound(IEnumerable<string> looked)
    {
        StringBuilder why = new();
        if (RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64)
            why.Append("The package Filemap has no library for ").Append(Architecture).Append(" yet, only for x64. ");
        why.Append("The native library of Filemap was not found. Looked at: ");
        why.Append(string.Join(", ", looked)).Append(", and where the system looks for ").Append(FileName);
        why.Append(". The package Filemap brings it along (runtimes/win-x64 and runtimes/linux-x64): ");
        why.Append("add the package to the program itself, or lay ").Append(FileName).Append(" beside the program.");
        return new DllNotFoundException(why.ToString());
    }

#pragma warning disable CA2255 // a library must not: but this has to come before the compilation of the first call
#if NET
    [ModuleInitializer]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(LibraryLoader).Assembly, Resolve);

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != "filemap") return IntPtr.Zero;
        if (NativeLibrary.TryLoad(name, assembly, path, out IntPtr library)) return library;
        foreach (string candidate in Candidates(AppContext.BaseDirectory))
            if (NativeLibrary.TryLoad(candidate, out library)) return library;
        throw NotFound(Candidates(AppContext.BaseDirectory));
    }
#else
    // Once it is loaded, the system finds it by its name alone. (Mono looks for it when it compiles what calls it; a
    // static constructor of Native would come too late.)
    [ModuleInitializer]
    internal static void Load()
    {
        List<string> looked = [];
        foreach (string directory in Directories())
        {
            foreach (string candidate in Candidates(directory))
            {
                if (File.Exists(candidate) && TryLoad(candidate)) return;
                looked.Add(candidate);
            }
        }
        if (!TryLoad(FileName)) throw NotFound(looked);
    }

    // .NET Framework may run a copy of the assembly elsewhere: CodeBase says where it came from.
    private static IEnumerable<string> Directories()
    {
        string location = typeof(LibraryLoader).Assembly.Location;
        string beside = location.Length > 0 ? Path.GetDirectoryName(location)! : AppDomain.CurrentDomain.BaseDirectory;
        yield return beside;
        if (AppDomain.CurrentDomain.BaseDirectory.TrimEnd('/', '\\') != beside) yield return AppDomain.CurrentDomain.BaseDirectory;
    }

    private static bool TryLoad(string path)
    {
        if (IsWindows) return LoadLibraryW(path) != IntPtr.Zero;
        try
        {
            return dlopen(path, NowAndGlobal) != IntPtr.Zero;
        }
        catch (DllNotFoundException)
        {
            return false; // no libdl.so.2: not glibc
        }
    }

    private const int NowAndGlobal = 0x102; // RTLD_NOW | RTLD_GLOBAL

    [DllImport("libdl.so.2", ExactSpelling = true)]
    private static extern IntPtr dlopen([MarshalAs(UnmanagedType.LPStr)] string path, int flags);

    [DllImport("kernel32", ExactSpelling = true, CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern IntPtr LoadLibraryW(string path);
#endif
}
