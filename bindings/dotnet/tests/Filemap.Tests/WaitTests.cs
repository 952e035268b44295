// Waiting for several, timeouts, and ending a wait by a token.
using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Filemap.Tests;

public sealed class WaitTests
{
    private static NamedEvent Event(bool signaled = false) => NamedEvent.Create(null, manualReset: false, signaled);

    [Fact]
    public void AnyTakesTheFirstThatIsReadyAlone()
    {
        using NamedEvent a = Event(), b = Event(signaled: true);
        using NamedSemaphore c = NamedSemaphore.Create(null, 1, 1);
        Assert.Equal(1, Wait.Any(a, b, c));
        Assert.Equal(2, Wait.Any([a, b, c], TimeSpan.Zero));
        Assert.Equal(Wait.TimedOut, Wait.Any([a, b, c], Some.Short));
    }

    [Fact]
    public void AllTakesNothingUntilAllAreReady()
    {
        using NamedEvent a = Event(signaled: true), b = Event();
        Assert.False(Wait.All([a, b], Some.Short));
        Assert.True(a.Query().IsReady);
        b.Set();
        Wait.All(a, b);
        Assert.False(a.Wait(TimeSpan.Zero) || b.Wait(TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => Wait.All(a, a));
    }

    [Fact]
    public void SixtyFourObjectsAreTheMost()
    {
        NamedEvent[] events = Enumerable.Range(0, 65).Select(_ => Event()).ToArray();
        events[63].Set();
        Assert.Equal(63, Wait.Any(events[..64]));
        Assert.Throws<ArgumentException>(() => Wait.Any(events));
        Assert.Throws<ArgumentException>(() => Wait.Any());
        Assert.Throws<ArgumentException>(() => Wait.Any(events[0], null!));
        Assert.Throws<ArgumentNullException>(() => Wait.Any(null!));
        foreach (NamedEvent one in events) one.Dispose();
    }

    [Fact]
    public void TimeoutsAreNeverTooShort()
    {
        using NamedEvent never = Event();
        Stopwatch watch = Stopwatch.StartNew();
        Assert.False(never.Wait(TimeSpan.FromMilliseconds(50)));
        Assert.InRange(watch.ElapsedMilliseconds, 49, 30000);
        Assert.Throws<ArgumentOutOfRangeException>(() => never.Wait(TimeSpan.FromSeconds(-2)));
        never.Set();
        Assert.True(never.Wait(TimeSpan.MaxValue));
        never.Set();
        Assert.True(never.Wait(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void ATokenEndsAWaitBeforeOrDuringIt()
    {
        using NamedEvent never = Event();
        using CancellationTokenSource source = new();
        using Timer later = new(_ => source.Cancel(), null, 30, Timeout.Infinite);
        OperationCanceledException why = Assert.ThrowsAny<OperationCanceledException>(() => never.Wait(source.Token));
        Assert.Equal(source.Token, why.CancellationToken);
        Assert.ThrowsAny<OperationCanceledException>(() => never.Wait(Some.Long, source.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => Wait.Any([never], Some.Long, source.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => Wait.All([never], Some.Long, source.Token));
        using NamedMutex mutex = NamedMutex.Create(null);
        Assert.ThrowsAny<OperationCanceledException>(() => mutex.Lock(source.Token));
    }

    [Fact]
    public void AWaitWithATokenThatIsNotUsedIsAsEver()
    {
        using NamedEvent one = Event(signaled: true);
        using CancellationTokenSource source = new();
        Assert.True(one.Wait(Some.Long, source.Token));
        Assert.False(one.Wait(Some.Short, source.Token));
    }

    [Fact]
    public void CancellingAndSettingAtTheSameTimeLosesNothing()
    {
        using NamedSemaphore units = NamedSemaphore.Create(null, 0, 10000);
        int taken = 0, cancelled = 0;
        for (int i = 0; i < 500; ++i)
        {
            using CancellationTokenSource source = new();
            Task waiting = Task.Run(() =>
            {
                try
                {
                    units.Wait(source.Token);
                    Interlocked.Increment(ref taken);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                }
            });
            Task cancelling = Task.Run(source.Cancel);
            units.Release();
            Assert.True(Task.WaitAll([waiting, cancelling], Some.Long));
        }
        Assert.Equal(500, taken + cancelled);
        Assert.Equal(500 - taken, units.Query().Count);
    }

    [Fact]
    public void SignalAndWaitGivesTheSignalFirst()
    {
        using NamedEvent ping = Event(), pong = Event();
        Task other = Task.Run(() => Wait.SignalAndWait(pong, ping, Some.Long));
        pong.Wait();
        ping.Set();
        Assert.True(other.Wait(Some.Long));
        Assert.False(Wait.SignalAndWait(ping, pong, Some.Short));
        Assert.True(ping.Wait(TimeSpan.Zero));
        using NamedMutex mutex = NamedMutex.Create(null);
        Assert.Throws<SynchronizationLockException>(() => Wait.SignalAndWait(mutex, pong, Some.Short));
    }

    [Fact]
    public void DisposingWhileAnotherThreadWaitsIsSafe()
    {
        for (int i = 0; i < 50; ++i)
        {
            NamedEvent one = Event();
            Task<Exception?> waiting = Task.Run<Exception?>(() => Record.Exception(() => one.Wait(Some.Short)));
            if (i % 2 == 0) Thread.Yield();
            one.Dispose();
            Assert.True(waiting.Wait(Some.Long));
            Assert.True(waiting.Result is null or ObjectDisposedException, waiting.Result?.ToString());
        }
    }
}
