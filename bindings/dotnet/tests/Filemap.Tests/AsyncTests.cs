// WaitAsync: hundreds of waits, few threads, and nothing that is lost when they end for another reason.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Filemap.Tests;

public sealed class AsyncTests
{
    private static NamedEvent Event(bool signaled = false) => NamedEvent.Create(null, manualReset: false, signaled);

    private static async Task Within(Task task) => await task.WaitAsync(Some.Long);

    [Fact]
    public async Task AWaitEndsWhenTheObjectIsReady()
    {
        using NamedEvent one = Event();
        Task waiting = one.WaitAsync();
        await Task.Delay(20);
        Assert.False(waiting.IsCompleted);
        one.Set();
        await Within(waiting);
        Assert.False(one.Wait(TimeSpan.Zero));
    }

    [Fact]
    public async Task WhatIsReadyNeedsNoThread()
    {
        using NamedEvent one = Event(signaled: true);
        Assert.True(one.WaitAsync(TimeSpan.Zero).IsCompletedSuccessfully);
        Assert.False(await one.WaitAsync(TimeSpan.Zero));
    }

    [Fact]
    public async Task TimeoutsEndWithFalse()
    {
        using NamedEvent never = Event();
        Stopwatch watch = Stopwatch.StartNew();
        Task<bool>[] waits = [.. new[] { 60, 20, 40 }.Select(ms => never.WaitAsync(TimeSpan.FromMilliseconds(ms)))];
        foreach (Task<bool> wait in waits)
        {
            await Within(wait);
            Assert.False(await wait);
        }
        Assert.True(watch.ElapsedMilliseconds >= 59);
    }

    [Fact]
    public async Task HundredsOfWaitsShareAFewThreads()
    {
        const int many = 400;
        NamedEvent[] events = [.. Enumerable.Range(0, many).Select(_ => Event())];
        int before = Process.GetCurrentProcess().Threads.Count;
        Task[] waits = [.. events.Select(one => one.WaitAsync())];
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);
        int more = Process.GetCurrentProcess().Threads.Count - before;
        Assert.True(more <= many / 63 + 20, $"{more} threads more for {many} waits"); // 20: the runtime's own
        foreach (NamedEvent one in events.Reverse()) one.Set();
        await Within(Task.WhenAll(waits));
        foreach (NamedEvent one in events) one.Dispose();
    }

    [Fact]
    public async Task ManyWaitsForOneSemaphoreTakeAUnitEach()
    {
        using NamedSemaphore units = NamedSemaphore.Create(null, 0, 1000);
        Task<bool>[] waits = [.. Enumerable.Range(0, 200).Select(_ => units.WaitAsync(Some.Long))];
        units.Release(150);
        while (waits.Count(wait => wait.IsCompleted) < 150) await Task.Delay(1);
        await Task.Delay(20);
        Assert.Equal(150, waits.Count(wait => wait.IsCompleted));
        units.Release(60);
        await Within(Task.WhenAll(waits));
        Assert.Equal(10, units.Query().Count);
    }

    [Fact]
    public async Task ATokenEndsAWait()
    {
        using NamedEvent never = Event();
        using CancellationTokenSource source = new();
        Task<bool> waiting = never.WaitAsync(Some.Long, source.Token);
        source.Cancel();
        OperationCanceledException why = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(source.Token, why.CancellationToken);
        Assert.True(waiting.IsCanceled);
        Assert.True(never.WaitAsync(Some.Long, source.Token).IsCanceled);
    }

    [Fact]
    public async Task CancellingAndReleasingAtTheSameTimeLosesNothing()
    {
        using NamedSemaphore units = NamedSemaphore.Create(null, 0, 10000);
        int taken = 0;
        for (int i = 0; i < 500; ++i)
        {
            using CancellationTokenSource source = new();
            Task<bool> waiting = units.WaitAsync(Some.Long, source.Token);
            Task cancelling = Task.Run(source.Cancel);
            units.Release();
            await Within(cancelling);
            try
            {
                Assert.True(await waiting);
                ++taken;
            }
            catch (OperationCanceledException)
            {
            }
        }
        Assert.Equal(500 - taken, units.Query().Count);
    }

    [Fact]
    public async Task DisposingEndsTheWaitsOfThatObjectAlone()
    {
        using NamedEvent other = Event();
        Task still = other.WaitAsync();
        NamedEvent one = Event();
        Task first = one.WaitAsync(), second = one.WaitAsync();
        one.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => first);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => second);
        Assert.False(still.IsCompleted);
        other.Set();
        await Within(still);
    }

    [Fact]
    public async Task AFaultOfOneWaitIsItsOwn()
    {
        string name = Some.Name();
        using NamedEvent made = NamedEvent.Create(name, false);
        using NamedEvent sets = NamedEvent.Open(name, AccessRights.Modify);
        Task good = made.WaitAsync();
        await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await sets.WaitAsync());
        sets.Set();
        await Within(good);
    }

    [Fact]
    public async Task WaitsFromManyThreadsAllEnd()
    {
        using NamedSemaphore units = NamedSemaphore.Create(null, 0, 100000);
        Task[] workers = [.. Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            Random random = new(worker);
            for (int i = 0; i < 100; ++i)
            {
                using CancellationTokenSource source = new();
                Task<bool> wait = units.WaitAsync(TimeSpan.FromMilliseconds(random.Next(1, 4)), source.Token);
                if (random.Next(3) == 0) units.Release();
                if (random.Next(3) == 0) source.Cancel();
                try
                {
                    await wait;
                }
                catch (OperationCanceledException)
                {
                }
            }
        }))];
        await Within(Task.WhenAll(workers));
    }

    [Fact]
    public async Task ATimerCanBeAwaited()
    {
        using NamedTimer timer = NamedTimer.Create(null, manualReset: false);
        timer.Set(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20));
        for (int i = 0; i < 3; ++i) await Within(timer.WaitAsync());
    }
}
