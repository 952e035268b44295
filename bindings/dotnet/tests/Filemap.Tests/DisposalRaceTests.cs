// Views that are used by some threads and disposed of by another, and objects that nobody remembers.
using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Filemap.Tests;

public sealed class DisposalRaceTests
{
    private const int Rounds = 200;

    // Whatever a thread is doing with the view when it ends, it gets the exception or is done before; a fault would end
    // the whole process.
    private static void Race(Action<MappedView> use)
    {
        using FileMapping mapping = FileMapping.Create(null, 1 << 16);
        for (int round = 0; round < Rounds; ++round)
        {
            MappedView view = mapping.CreateView();
            using Barrier start = new(3);
            Task[] users = [Task.Run(Use), Task.Run(Use)];
            start.SignalAndWait();
            for (int i = 0; i < round % 50; ++i) Thread.SpinWait(20);
            view.Dispose();
            Assert.True(Task.WaitAll(users, Some.Long));

            void Use()
            {
                start.SignalAndWait();
                try
                {
                    for (;;) use(view);
                }
                catch (ObjectDisposedException)
                {
                }
            }
        }
    }

    [Fact]
    public void Values() => Race(view =>
    {
        view.Write(8, view.Read<long>(0));
        view.Read<decimal>(60000);
    });

    [Fact]
    public void ShortArrays()
    {
        Race(view =>
        {
            byte[] buffer = new byte[512];
            view.ReadArray(100, buffer, 0, 512);
            view.WriteArray(5000, buffer);
        });
    }

    [Fact]
    public void LongArrays()
    {
        Race(view =>
        {
            byte[] buffer = new byte[32768];
            view.ReadArray(100, buffer, 0, buffer.Length);
            view.WriteArray(5000, buffer);
        });
    }

    [Fact]
    public void Leases() => Race(view =>
    {
        using ViewLease lease = view.Lease();
        lease.Span.Slice(0, 4096).Fill(1);
    });

    [Fact]
    public void StringsAndStreams() => Race(view =>
    {
        view.WriteString(0, "a text");
        view.ReadString(0);
        using Stream stream = view.CreateStream();
        stream.WriteByte(1);
        stream.Flush();
    });

    [Fact]
    public void ALeaseKeepsTheMemoryAndDisposingDoesNotWaitForIt()
    {
        using FileMapping mapping = FileMapping.Create(null, 4096);
        MappedView view = mapping.CreateView();
        using ViewLease lease = view.Lease();
        lease.Span[0] = 1;
        view.Dispose();
        lease.Span[0] = 2;
        using MappedView other = mapping.CreateView();
        Assert.Equal(2, other.Read<byte>(0));
    }

    [Fact]
    public void ForgottenObjectsAreCollected()
    {
        string mapping = Some.Name(), mutex = Some.Name();
        WeakReference[] forgotten = [Forget(() => FileMapping.Create(mapping, 4096)), Forget(() => NamedMutex.Create(mutex)),
            Forget(() => FileMapping.Create(null, 4096).CreateView())];
        for (int i = 0; i < 20 && (FileMapping.TryOpen(mapping, out FileMapping? found) | NamedMutex.TryOpen(mutex, out NamedMutex? other)); ++i)
        {
            found?.Dispose();
            other?.Dispose();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(FileMapping.TryOpen(mapping, out _));
        Assert.False(NamedMutex.TryOpen(mutex, out _));
        Assert.All(forgotten, one => Assert.False(one.IsAlive));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forget(Func<object> make) => new(make());

    [Fact]
    public void UsingAViewWhileTheCollectorRunsIsSafe()
    {
        using FileMapping mapping = FileMapping.Create(null, 4096);
        bool done = false;
        Task collecting = Task.Run(() =>
        {
            while (!Volatile.Read(ref done))
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        for (int i = 0; i < 2000; ++i) UseOnce(mapping, i); // the last use of each view is the access itself
        Volatile.Write(ref done, true);
        Assert.True(collecting.Wait(Some.Long));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UseOnce(FileMapping mapping, int value)
    {
        mapping.CreateView().Write(0, value);
        Assert.Equal(value, mapping.CreateView(AccessRights.Read).Read<int>(0));
    }

    [Fact]
    public void ThousandsOfObjectsLeaveNothingBehind()
    {
        if (OperatingSystem.IsLinux()) MakeMany(50); // what is made only once
        int before = OpenHandles();
        MakeMany(2000);
        Assert.InRange(OpenHandles(), before - 50, before + 50);
    }

    private static void MakeMany(int count)
    {
        for (int i = 0; i < count; ++i)
        {
            using FileMapping mapping = FileMapping.Create(null, 4096);
            using MappedView view = mapping.CreateView();
            using NamedEvent one = NamedEvent.Create(null, false, true);
            view.Write(0, i);
            one.Wait(TimeSpan.Zero);
        }
    }

    private static int OpenHandles()
    {
        if (OperatingSystem.IsLinux()) return Directory.GetFileSystemEntries("/proc/self/fd").Length;
        using System.Diagnostics.Process self = System.Diagnostics.Process.GetCurrentProcess();
        return self.HandleCount;
    }
}
