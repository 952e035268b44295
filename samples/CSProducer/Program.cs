// The producer: puts messages into a small ring in shared memory, for a consumer to take out. A mutex guards the ring;
// one event says that there is something in it, another that there is room. Either program may be started first.
// Knows of the consumer nothing but the ring (Ring.cs).
using System;
using System.Globalization;
using System.Text;

namespace CSProducer;

internal static class Program
{
    private static ulong items = 20;
    private static TimeSpan patience = TimeSpan.FromSeconds(60); // how long to wait for a consumer
    private static ulong pauseAt; // stop where this item is next, owning the mutex; 0 = never

    private static int Main(string[] words)
    {
        try
        {
            Parse(words);
            using Ring ring = new();
            uint sum = 2166136261;
            for (ulong i = 0; i < items; ++i)
            {
                if (Put(ring) is not { } text) return GiveUp(i);
                sum = Checksum(sum, text);
            }
            Console.WriteLine("{0} items put, checksum 0x{1:x8}", items, sum);
            return Finish(ring);
        }
        catch (Exception ex)
        {
            Console.WriteLine("The process throws the error: {0}", ex.Message);
            return 1;
        }
    }

    // Waits for room and puts the next item: its text, or null where patience ends.
    private static string? Put(Ring ring)
    {
        do
        {
            ring.Lock();
            try
            {
                ulong number = ring.Written;
                if (number + 1 == pauseAt) Pause();
                if (number - ring.Taken < Ring.SlotCount)
                {
                    string text = $"Item {number + 1} from C#";
                    ring.Put(number, text);
                    return text;
                }
            }
            finally
            {
                ring.Unlock();
            }
        } while (ring.WaitForRoom(patience));
        return null;
    }

    // The ring goes with its last handle, so it is kept until everything is taken.
    private static int Finish(Ring ring)
    {
        do
        {
            ring.Lock();
            try
            {
                ring.Finish();
                if (ring.Taken == ring.Written)
                {
                    Console.WriteLine("All of them are taken");
                    return 0;
                }
            }
            finally
            {
                ring.Unlock();
            }
        } while (ring.WaitForRoom(patience));
        return GiveUp(items);
    }

    private static int GiveUp(ulong put)
    {
        Console.WriteLine(
            "Nothing was taken for {0} s, after {1} items put: start CppConsumer or CSConsumer, and this program again",
            patience.TotalSeconds, put);
        return 1;
    }

    private static void Parse(string[] words)
    {
        for (int i = 0; i < words.Length; ++i)
        {
            if (words[i] == "--patience")
                patience = TimeSpan.FromSeconds(int.Parse(words[++i], CultureInfo.InvariantCulture));
            else if (words[i] == "--pause-at") pauseAt = ulong.Parse(words[++i], CultureInfo.InvariantCulture);
            else items = ulong.Parse(words[i], CultureInfo.InvariantCulture);
        }
    }

    // FNV-1a over the bytes of all items: the consumer, which takes them out in the same order, gets the same.
    private static uint Checksum(uint sum, string text)
    {
        foreach (byte unit in Encoding.UTF8.GetBytes(text)) sum = (sum ^ unit) * 16777619;
        return sum;
    }

    private static void Pause()
    {
        Console.Write("Paused, owning the mutex: press ENTER to go on");
        Console.ReadLine();
        pauseAt = 0;
    }
}
