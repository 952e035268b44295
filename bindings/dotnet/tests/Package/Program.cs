// Uses each class of the package once, on whatever runtime it is started: two threads and a second process that meet in a
// mapping. Ends with "smoke: ok".
using System;
using System.Diagnostics;
using System.IO;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Filemap;

internal static class Program
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private struct Point
    {
        public double X, Y;
    }

    private static int Main(string[] words)
    {
        try
        {
            if (words.Length == 2) return Answer(words[0], words[1]);
            Values();
            Synchronisation();
            Tasks().Wait();
            SecondProcess();
            DisposalRace();
            Console.WriteLine("smoke: ok, {0}, library {1}", Environment.Version, FilemapLibrary.Version);
            return 0;
        }
        catch (Exception fault)
        {
            Console.WriteLine("smoke: FAILED: {0}", fault);
            return 1;
        }
    }

    private static void Check(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException(what + " does not hold");
    }

    private static void Values()
    {
        string name = @"Local\smoke-" + Guid.NewGuid().ToString("N");
        using (FileMapping mapping = FileMapping.Create(name, 65536))
        using (MappedView view = mapping.CreateView())
        {
            view.Write(8, new Point { X = 1, Y = 2 });
            Check(view.Read<Point>(8).Y == 2, "a struct");
            view.WriteArray(100, new[] { 1, 2, 3 });
            Check(view.ReadArray<int>(100, 3)[2] == 3, "an array");
            view.WriteString(200, "Größe");
            Check(view.ReadString(200) == "Größe", "a text");
            view.Span[300] = 7;
            Check(view.Memory.Span[300] == 7, "memory");
            using (Stream stream = view.CreateStream()) Check(stream.ReadByte() == 0 && stream.Length == 65536, "a stream");
            Check(mapping.Name == name, "the name");
        }
        try
        {
            FileMapping.Open(name);
            Check(false, "the end of the name");
        }
        catch (FileNotFoundException)
        {
        }
    }

    private static void Synchronisation()
    {
        using NamedEvent one = NamedEvent.Create(null, manualReset: false);
        using NamedSemaphore units = NamedSemaphore.Create(null, 0, 5);
        using NamedMutex mutex = NamedMutex.Create(null);
        using NamedTimer timer = NamedTimer.Create(null, manualReset: false);
        Thread other = new(() => mutex.Wait());
        other.Start();
        other.Join();
        Check(mutex.Wait(Patience, out bool abandoned) && abandoned, "the abandoned mutex");
        mutex.Release();
        timer.Set(TimeSpan.FromMilliseconds(5));
        Check(Wait.Any(one, units, timer) == 2, "the timer");
        units.Release(2);
        Check(!Wait.All(new WaitableObject[] { one, units }, TimeSpan.FromMilliseconds(5)), "waiting for all");
        using CancellationTokenSource source = new(10);
        try
        {
            one.Wait(source.Token);
            Check(false, "the cancellation");
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static async Task Tasks()
    {
        using NamedSemaphore units = NamedSemaphore.Create(null, 0, 100);
        Task<bool>[] waits = new Task<bool>[100];
        for (int i = 0; i < waits.Length; ++i) waits[i] = units.WaitAsync(Patience);
        units.Release(100);
        foreach (Task<bool> wait in waits) Check(await wait, "a wait without a thread");
    }

    // Names without a backslash: Mono and .NET do not agree on how it is passed on a command line.
    private static void SecondProcess()
    {
        string name = "smoke-" + Guid.NewGuid().ToString("N");
        using FileMapping mapping = FileMapping.Create(name, 4096);
        using MappedView view = mapping.CreateView();
        using NamedEvent answered = NamedEvent.Create(name + "-answered", manualReset: false);
        ProcessStartInfo start = new() { UseShellExecute = false };
        string self = Process.GetCurrentProcess().MainModule.FileName;
        string program = Assembly.GetEntryAssembly().Location;
        bool hosted = Path.GetFileNameWithoutExtension(self) is "mono" or "mono-sgen" or "dotnet";
        start.FileName = self;
        start.Arguments = (hosted ? "\"" + program + "\" " : "") + name + " " + name + "-answered";
        using Process child = Process.Start(start);
        Check(answered.Wait(Patience), "the other process's answer");
        child.WaitForExit();
        Check(child.ExitCode == 0 && view.ReadString(0) == "here I am", "what the other process wrote");
    }

    private static int Answer(string mappingName, string eventName)
    {
        using FileMapping mapping = FileMapping.Open(mappingName);
        using MappedView view = mapping.CreateView();
        view.WriteString(0, "here I am");
        using NamedEvent answered = NamedEvent.Open(eventName);
        answered.Set();
        return 0;
    }

    private static void DisposalRace()
    {
        using FileMapping mapping = FileMapping.Create(null, 4096);
        for (int i = 0; i < 200; ++i)
        {
            MappedView view = mapping.CreateView();
            Task use = Task.Run(() =>
            {
                try
                {
                    for (;;) view.Write(0, view.Read<int>(0) + 1);
                }
                catch (ObjectDisposedException)
                {
                }
            });
            Thread.Yield();
            view.Dispose();
            Check(use.Wait(Patience), "the end of a view in use");
        }
    }
}
