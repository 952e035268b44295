// The program's own entry: a role as another process of a test, or, without arguments, all tests by xunit's runner and a
// line with the counts. `dotnet test` comes in elsewhere.
using System;
using System.Diagnostics;
using System.Threading;
using Xunit;
using Xunit.Runners;

// One after the other: some count the threads or handles of the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Filemap.Tests;

internal static class Program
{
    private static int Main(string[] words)
    {
        if (words.Length > 0 && words[0] != "--class") return Roles.Play(words);
        return RunTests(words.Length > 1 ? words[1] : null);
    }

    private static int RunTests(string? only)
    {
        int failed = 0;
        using ManualResetEventSlim done = new();
        using AssemblyRunner runner = AssemblyRunner.WithoutAppDomain(typeof(Program).Assembly.Location);
        runner.OnTestFailed = test =>
        {
            Interlocked.Increment(ref failed);
            Console.WriteLine($"FAILED  {test.TestDisplayName}: {test.ExceptionMessage}\n{test.ExceptionStackTrace}");
        };
        runner.OnErrorMessage = error =>
        {
            Interlocked.Increment(ref failed);
            Console.WriteLine($"FAILED  {error.MesssageType}: {error.ExceptionMessage}\n{error.ExceptionStackTrace}");
        };
        runner.OnExecutionComplete = all =>
        {
            Console.WriteLine($"{all.TotalTests} tests, {all.TestsFailed} failed, {all.TestsSkipped} skipped, {all.ExecutionTime:F1} s");
            if (all.TotalTests == 0) failed = 1;
            done.Set();
        };
        if (only is null) runner.Start();
        else runner.Start(new AssemblyRunnerStartOptions { TypesToRun = ["Filemap.Tests." + only] });
        done.Wait();
        while (runner.Status != AssemblyRunnerStatus.Idle) Thread.Sleep(1);
        return failed == 0 ? 0 : 1;
    }
}
