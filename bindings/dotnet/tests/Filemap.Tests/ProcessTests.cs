// With a second process: meeting by name and by token, and what is left when it is killed.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Filemap.Tests;

public sealed class ProcessTests
{
    [Fact]
    public void AnotherProcessWritesIntoTheMapping()
    {
        string name = Some.Name();
        using FileMapping mapping = FileMapping.Create(name, 4096);
        using MappedView view = mapping.CreateView();
        using Child child = new("write", name, "from afar");
        child.Expect("written");
        Assert.Equal(0, child.Finish());
        Assert.Equal("from afar", view.ReadString(0));
    }

    [Fact]
    public void AnotherProcessOpensATokenWhileWeHoldTheObject()
    {
        using FileMapping mapping = FileMapping.Create(null, 4096);
        using MappedView view = mapping.CreateView();
        using Child child = new("write-token", mapping.ExportToken(), "by token");
        child.Expect("written");
        Assert.Equal("by token", view.ReadString(0));
    }

    [Fact]
    public void ANameLivesAsLongAsTheOtherProcessHoldsIt()
    {
        string name = Some.Name();
        using Child child = new("hold", name);
        child.Expect("held");
        using (FileMapping mapping = FileMapping.Open(name)) Assert.True(mapping.Existed);
        Assert.True(FileMapping.TryOpen(name, out FileMapping? found));
        found.Dispose();
        child.Kill();
        Assert.False(FileMapping.TryOpen(name, out _));
    }

    [Fact]
    public void AKilledOwnerLeavesAnAbandonedMutex()
    {
        string name = Some.Name();
        using NamedMutex mutex = NamedMutex.Create(name);
        using Child child = new("own", name);
        child.Expect("owned");
        Assert.False(mutex.Wait(Some.Short));
        Thread killer = new(() =>
        {
            Thread.Sleep(30);
            child.Kill();
        });
        killer.Start();
        Assert.True(mutex.Wait(Some.Long, out bool abandoned)); // it was asleep when the owner died
        Assert.True(abandoned);
        mutex.Release();
        killer.Join();
        using (MutexLock held = mutex.Lock()) Assert.False(held.WasAbandoned);
    }

    [Fact]
    public async Task AnEventOfAnotherProcessEndsAnAsyncWait()
    {
        string name = Some.Name();
        using NamedEvent one = NamedEvent.Create(name, manualReset: false);
        Task<bool> waiting = one.WaitAsync(Some.Long);
        using Child child = new("set", name);
        Assert.True(await waiting);
    }

    [Fact]
    public void UnitsOfAKilledProcessAreLost()
    {
        string name = Some.Name();
        using NamedSemaphore semaphore = NamedSemaphore.Create(name, 1, 1);
        using Child child = new("take", name);
        child.Expect("taken");
        child.Kill();
        Assert.False(semaphore.Wait(Some.Short));
        Assert.Equal(0, semaphore.Release());
    }

    [Fact]
    public void AMutexGuardsACounterOfThreeProcesses()
    {
        string mappingName = Some.Name(), mutexName = Some.Name();
        using FileMapping mapping = FileMapping.Create(mappingName, 4096);
        using MappedView view = mapping.CreateView();
        using NamedMutex mutex = NamedMutex.Create(mutexName);
        List<Child> children = [];
        for (int i = 0; i < 3; ++i) children.Add(new Child("count", mappingName, mutexName, "2000"));
        foreach (Child child in children)
        {
            child.Expect("counted");
            Assert.Equal(0, child.Finish());
            child.Dispose();
        }
        Assert.Equal(6000, view.Read<int>(0));
    }
}
