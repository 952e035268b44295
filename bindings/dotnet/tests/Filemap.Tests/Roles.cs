// What this program does as another process of a test, and the starting of such processes. A role says on its output what
// it has done, a line each, and ends when its input ends.
using System;
using System.Diagnostics;
using System.IO;
using System.Threading;

namespace Filemap.Tests;

internal static class Roles
{
    internal static int Play(string[] words)
    {
        switch (words[0])
        {
        case "write": // NAME TEXT: into an existing mapping
            using (FileMapping mapping = FileMapping.Open(words[1]))
            using (MappedView view = mapping.CreateView())
                view.WriteString(0, words[2]);
            Say("written");
            return 0;
        case "write-token": // TOKEN TEXT
            using (FileMapping mapping = FileMapping.FromToken(words[1]))
            using (MappedView view = mapping.CreateView())
                view.WriteString(0, words[2]);
            Say("written");
            return 0;
        case "hold": // NAME: a mapping
            using (FileMapping mapping = FileMapping.CreateOrOpen(words[1], 4096)) return SayAndStay("held");
        case "own": // NAME: a mutex
            using (NamedMutex mutex = NamedMutex.CreateOrOpen(words[1]))
            {
                mutex.Wait();
                return SayAndStay("owned");
            }
        case "set": // NAME
            using (NamedEvent found = NamedEvent.Open(words[1])) found.Set();
            Say("set");
            return 0;
        case "take": // NAME: a unit of a semaphore, without giving it back
            using (NamedSemaphore semaphore = NamedSemaphore.Open(words[1]))
            {
                semaphore.Wait();
                return SayAndStay("taken");
            }
        case "count": // MAPPING MUTEX TIMES
            return Count(words[1], words[2], int.Parse(words[3]));
        default:
            Say($"no such role: {words[0]}");
            return 2;
        }
    }

    private static int Count(string mappingName, string mutexName, int times)
    {
        using FileMapping mapping = FileMapping.Open(mappingName);
        using MappedView view = mapping.CreateView();
        using NamedMutex mutex = NamedMutex.Open(mutexName);
        for (int i = 0; i < times; ++i)
        {
            using (mutex.Lock()) view.Write(0, view.Read<int>(0) + 1);
        }
        Say("counted");
        return 0;
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }

    private static int SayAndStay(string line)
    {
        Say(line);
        while (Console.In.ReadLine() is not null)
        {
        }
        return 0;
    }
}

// Another process; killed at the latest when the test is over.
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    internal Child(params string[] words)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Filemap.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        ProcessStartInfo start = new(program, words) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
    }

    internal void Expect(string line)
    {
        string? said = _process.StandardOutput.ReadLine();
        if (said != line) throw new InvalidOperationException($"the other process said '{said}', not '{line}'");
    }

    internal void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    // Lets it go on and end by itself.
    internal int Finish()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}

internal static class Some
{
    private static int last;

    // Longer than anything here takes; only so that a mistake ends in a failure, not in a hang.
    internal static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);

    internal static string Name() => $@"Local\dotnet-{Environment.ProcessId}-{Interlocked.Increment(ref last)}";
}
