// Events, mutexes, semaphores and timers, one at a time, within one process.
using System;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Filemap.Tests;

public sealed class SynchronisationTests
{
    // Runs something on a thread of its own and gives back what it threw.
    private static Exception? OnAnotherThread(Action action)
    {
        Exception? fault = null;
        Thread thread = new(() => fault = Record.Exception(action));
        thread.Start();
        thread.Join();
        return fault;
    }

    [Fact]
    public void AnAutomaticEventLetsOneThrough()
    {
        string name = Some.Name();
        using NamedEvent made = NamedEvent.Create(name, manualReset: false);
        using NamedEvent opened = NamedEvent.Open(name);
        Assert.False(made.Wait(TimeSpan.Zero));
        opened.Set();
        Assert.True(made.Wait(TimeSpan.Zero));
        Assert.False(opened.Wait(TimeSpan.Zero));
        Assert.False(made.Query().IsManualReset);
    }

    [Fact]
    public void AManualEventLetsAllThroughUntilReset()
    {
        using NamedEvent made = NamedEvent.Create(null, manualReset: true, signaled: true);
        Assert.True(made.Wait(TimeSpan.Zero));
        Assert.True(made.Wait(Some.Long));
        Assert.True(made.Query().IsReady);
        made.Reset();
        Assert.False(made.Wait(Some.Short));
        made.Pulse();
        Assert.False(made.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void CreateOrOpenTakesTheExistingOneAsItIs()
    {
        string name = Some.Name();
        using NamedEvent first = NamedEvent.CreateOrOpen(name, manualReset: true, signaled: true);
        using NamedEvent second = NamedEvent.CreateOrOpen(name, manualReset: false);
        Assert.False(first.Existed);
        Assert.True(second.Existed);
        Assert.True(second.Wait(TimeSpan.Zero));
        Assert.True(second.Query().IsManualReset);
        Assert.Equal(FilemapStatus.Exists, Assert.Throws<FilemapException>(() => NamedEvent.Create(name, false)).Status);
    }

    [Fact]
    public void MissingNamesAndOtherKindsCannotBeOpened()
    {
        string name = Some.Name();
        Assert.Throws<WaitHandleCannotBeOpenedException>(() => NamedEvent.Open(name));
        Assert.Throws<WaitHandleCannotBeOpenedException>(() => NamedMutex.Open(name));
        Assert.Throws<WaitHandleCannotBeOpenedException>(() => NamedSemaphore.Open(name));
        Assert.Throws<WaitHandleCannotBeOpenedException>(() => NamedTimer.Open(name));
        Assert.False(NamedEvent.TryOpen(name, out _));
        Assert.False(NamedMutex.TryOpen(name, out _));
        Assert.False(NamedSemaphore.TryOpen(name, out _));
        Assert.False(NamedTimer.TryOpen(name, out _));
        using NamedMutex mutex = NamedMutex.Create(name);
        WaitHandleCannotBeOpenedException why = Assert.Throws<WaitHandleCannotBeOpenedException>(() => NamedEvent.Open(name));
        Assert.Equal(FilemapStatus.WrongKind, Assert.IsType<FilemapException>(why.InnerException).Status);
        Assert.Throws<WaitHandleCannotBeOpenedException>(() => NamedSemaphore.CreateOrOpen(name, 1, 1));
        Assert.Throws<WaitHandleCannotBeOpenedException>(() => NamedEvent.TryOpen(name, out _));
        Assert.True(NamedMutex.TryOpen(name, out NamedMutex? found));
        found.Dispose();
    }

    [Fact]
    public void RightsAreKept()
    {
        string name = Some.Name();
        using NamedEvent made = NamedEvent.Create(name, manualReset: false);
        using NamedEvent waits = NamedEvent.Open(name, AccessRights.Wait);
        using NamedEvent sets = made.Duplicate(AccessRights.Modify, inheritable: false);
        Assert.Throws<UnauthorizedAccessException>(waits.Set);
        Assert.Throws<UnauthorizedAccessException>(() => sets.Wait(TimeSpan.Zero));
        sets.Set();
        Assert.True(waits.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void AMutexBelongsToItsThread()
    {
        string name = Some.Name();
        using NamedMutex mutex = NamedMutex.Create(name, initiallyOwned: true);
        mutex.Wait();
        Assert.IsType<SynchronizationLockException>(OnAnotherThread(mutex.Release));
        Assert.Null(OnAnotherThread(() => Assert.False(mutex.Wait(Some.Short))));
        Assert.Equal(2, mutex.Query().Count);
        mutex.Release();
        mutex.Release();
        Assert.Throws<SynchronizationLockException>(mutex.Release);
        Assert.Null(OnAnotherThread(() =>
        {
            using MutexLock held = mutex.Lock();
            Assert.False(held.WasAbandoned);
        }));
        Assert.True(mutex.Wait(TimeSpan.Zero));
        mutex.Release();
    }

    [Fact]
    public void AnAbandonedMutexSaysSoAndIsOwned()
    {
        using NamedMutex mutex = NamedMutex.Create(Some.Name());
        OnAnotherThread(mutex.Wait);
        Assert.Throws<AbandonedMutexException>(() => mutex.Wait(Some.Long));
        mutex.Release();
        OnAnotherThread(mutex.Wait);
        Assert.True(mutex.Wait(Some.Long, out bool abandoned));
        Assert.True(abandoned);
        mutex.Release();
        OnAnotherThread(mutex.Wait);
        using (MutexLock held = mutex.Lock()) Assert.True(held.WasAbandoned);
        using (MutexLock held = mutex.Lock()) Assert.False(held.WasAbandoned);
        OnAnotherThread(mutex.Wait);
        using NamedEvent unset = NamedEvent.Create(null, false);
        Assert.Equal(1, Assert.Throws<AbandonedMutexException>(() => Wait.Any(unset, mutex)).MutexIndex);
        mutex.Release();
        OnAnotherThread(mutex.Wait);
        unset.Set();
        Assert.Throws<AbandonedMutexException>(() => Wait.All(unset, mutex));
        mutex.Release();
    }

    [Fact]
    public async Task AMutexCannotBeWaitedForByATask()
    {
        using NamedMutex mutex = NamedMutex.Create(null);
        await Assert.ThrowsAsync<NotSupportedException>(() => mutex.WaitAsync());
        await Assert.ThrowsAsync<NotSupportedException>(() => mutex.WaitAsync(TimeSpan.Zero));
    }

    [Fact]
    public void ASemaphoreCountsToItsMaximum()
    {
        string name = Some.Name();
        using NamedSemaphore semaphore = NamedSemaphore.Create(name, 1, 3);
        Assert.True(semaphore.Wait(TimeSpan.Zero));
        Assert.False(semaphore.Wait(Some.Short));
        Assert.Equal(0, semaphore.Release(2));
        Assert.Equal(2, semaphore.Release());
        Assert.Throws<SemaphoreFullException>(() => semaphore.Release());
        Assert.Equal((3, 3), (semaphore.Query().Count, semaphore.Query().Maximum));
        Assert.Throws<ArgumentOutOfRangeException>(() => semaphore.Release(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => NamedSemaphore.Create(null, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NamedSemaphore.Create(null, 0, 0));
    }

    [Fact]
    public void ATimerIsReadyWhenDue()
    {
        using NamedTimer timer = NamedTimer.Create(Some.Name(), manualReset: false);
        Assert.False(timer.Wait(Some.Short));
        timer.Set(TimeSpan.FromMilliseconds(20));
        Assert.True(timer.Wait(Some.Long));
        Assert.False(timer.Wait(Some.Short));
        timer.Set(TimeSpan.Zero, TimeSpan.FromMilliseconds(10));
        for (int i = 0; i < 3; ++i) Assert.True(timer.Wait(Some.Long));
        timer.Cancel();
        timer.Wait(TimeSpan.Zero);
        Assert.False(timer.Wait(Some.Short));
        timer.SetAbsolute(DateTimeOffset.UtcNow.AddMilliseconds(20), TimeSpan.Zero);
        Assert.True(timer.Wait(Some.Long));
        timer.SetAbsolute(DateTimeOffset.UtcNow.AddHours(1), TimeSpan.Zero);
        Assert.False(timer.Wait(Some.Short));
        Assert.Throws<ArgumentOutOfRangeException>(() => timer.Set(TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => timer.Set(TimeSpan.Zero, TimeSpan.FromDays(30)));
    }

    [Fact]
    public void AManualTimerStaysReady()
    {
        using NamedTimer timer = NamedTimer.Create(null, manualReset: true);
        timer.Set(TimeSpan.Zero);
        Assert.True(timer.Wait(Some.Long));
        Assert.True(timer.Wait(TimeSpan.Zero));
        timer.Set(TimeSpan.FromHours(1));
        Assert.False(timer.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void TokensNameUnnamedObjects()
    {
        using NamedEvent made = NamedEvent.Create(null, manualReset: false);
        using NamedEvent opened = NamedEvent.FromToken(made.ExportToken());
        opened.Set();
        Assert.True(made.Wait(TimeSpan.Zero));
    }

    [Fact]
    public async Task DisposedObjectsSaySo()
    {
        NamedEvent made = NamedEvent.Create(null, manualReset: false);
        made.Dispose();
        made.Dispose();
        Assert.Throws<ObjectDisposedException>(made.Set);
        Assert.Throws<ObjectDisposedException>(made.Wait);
        using NamedEvent other = NamedEvent.Create(null, manualReset: false);
        Assert.Throws<ObjectDisposedException>(() => Wait.Any(other, made));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => made.WaitAsync());
    }
}
