// The consumer: takes messages out of a small ring in shared memory that a producer fills, and prints them. A mutex
// guards the ring; one event says that there is something in it, another that there is room. Either program may be
// started first. Knows of the producer nothing but the ring (Ring.cs).
using System;
using System.Globalization;
using System.Text;

namespace CSConsumer;

internal static class Program
{
    private static TimeSpan patience = TimeSpan.FromSeconds(60); // how long to wait for a producer
    private static ulong pauseAt; // stop where this item is next, owning the mutex; 0 = never

    private static int Main(string[] words)
    {
        try
        {
            Parse(words);
            using Ring ring = new();
            uint sum = 2166136261;
            ulong items = 0;
            while (true)
            {
                (bool ended, string? text) = Take(ring);
                if (ended) break;
                if (text == null) return GiveUp(items);
                Console.WriteLine(text);
                sum = Checksum(sum, text);
                ++items;
            }
            Console.WriteLine("{0} items taken, checksum 0x{1:x8}", items, sum);
            return 0;
        }
        catch (Exception ex)
        {
            Console.WriteLine("The process throws the error: {0}", ex.Message);
            return 1;
        }
    }

    // Waits for an item and takes it: its text, or null where patience ends; or that the producer has finished.
    private static (bool Ended, string? Text) Take(Ring ring)
    {
        do
        {
            ring.Lock();
            try
            {
                ulong number = ring.Taken;
                if (number + 1 == pauseAt) Pause();
                if (number != ring.Written) return (false, ring.Take(number));
                if (ring.IsFinished) return (true, null);
            }
            finally
            {
                ring.Unlock();
            }
        } while (ring.WaitForItem(patience));
        return (false, null);
    }

    private static int GiveUp(ulong taken)
    {
        Console.WriteLine(
            "Nothing was put for {0} s, after {1} items taken: start CppProducer or CSProducer, and this program again",
            patience.TotalSeconds, taken);
        return 1;
    }

    private static void Parse(string[] words)
    {
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            if (words[i] == "--patience")
                patience = TimeSpan.FromSeconds(int.Parse(words[i + 1], CultureInfo.InvariantCulture));
            if (words[i] == "--pause-at") pauseAt = ulong.Parse(words[i + 1], CultureInfo.InvariantCulture);
        }
    }

    // FNV-1a over the bytes of all items: the producer, which put them in in the same order, has the same.
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
