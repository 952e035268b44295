// The ring that producer and consumer share: a mapping with counters and slots, the mutex that guards it, two events.
// What stands here both programs must know, whatever language they are written in: the names, the places in the
// mapping, and who sets which event.
using System;
using System.Text;

namespace CSProducer;

internal sealed class Ring : IDisposable
{
    public const ulong SlotCount = 8;

    private const string RingName = @"Local\SampleRing";
    private const string LockName = @"Local\SampleRingLock";
    private const string ItemName = @"Local\SampleRingItem"; // set by the producer: there is something, or no more
    private const string RoomName = @"Local\SampleRingRoom"; // set by the consumer: something was taken

    // The mapping begins with the counters, each 8 bytes: every change of one is a single store. The slots follow.
    private const ulong MapSize = 4096;
    private const ulong WrittenAt = 0;   // items put since the beginning
    private const ulong TakenAt = 8;     // items taken since the beginning
    private const ulong FinishedAt = 16; // 1: no more will be put
    private const ulong SlotsAt = 64;
    private const ulong SlotSize = 64;   // a text in UTF-8 that ends with NUL

    private readonly ObjectHandle _mutex, _item, _room, _mapping;
    private readonly ViewHandle _view;

    // Whoever comes first creates them; the memory is zero at first, which is an empty ring.
    public Ring()
    {
        Filemap.Check(Filemap.fm_mutex_create(LockName, 0, 0, out _mutex));
        Filemap.Check(Filemap.fm_event_create(ItemName, 0, 0, out _item));
        Filemap.Check(Filemap.fm_event_create(RoomName, 0, 0, out _room));
        int status = Filemap.Check(Filemap.fm_create(RingName, MapSize, 0, out _mapping));
        Filemap.Check(Filemap.fm_map(_mapping, Filemap.FM_ACCESS_WRITE, 0, 0, out _view));
        if (status == Filemap.FM_EXISTED)
        {
            Console.WriteLine("The ring ({0}) is opened: the other side has started", RingName);
            return;
        }
        Console.WriteLine("The ring ({0}) is created", RingName);
        Console.WriteLine("Nobody is there to take: start CppConsumer or CSConsumer in another terminal");
    }

    public ulong Written => Count(WrittenAt);
    public ulong Taken => Count(TakenAt);

    // Also tells the consumer.
    public void Finish()
    {
        Filemap.Check(Filemap.fm_write(_view, FinishedAt, 1, sizeof(ulong)));
        Filemap.Check(Filemap.fm_event_set(_item));
    }

    // The item first and the counter last: whoever dies in between has put nothing. Only for the owner of the mutex.
    public void Put(ulong number, string text)
    {
        byte[] slot = new byte[SlotSize];
        Encoding.UTF8.GetBytes(text, slot.AsSpan(0, slot.Length - 1));
        Filemap.Check(Filemap.fm_write(_view, SlotsAt + number % SlotCount * SlotSize, slot, SlotSize));
        Filemap.Check(Filemap.fm_write(_view, FinishedAt, 0, sizeof(ulong)));
        Filemap.Check(Filemap.fm_write(_view, WrittenAt, number + 1, sizeof(ulong)));
        Filemap.Check(Filemap.fm_event_set(_item));
    }

    // False where the time runs out.
    public bool WaitForRoom(TimeSpan patience) => WaitFor(_room, patience);

    // The mutex belongs to the thread that waited for it, so an `await` must not stand between this and Unlock().
    public void Lock()
    {
        if (Filemap.Check(Filemap.fm_wait(_mutex, Filemap.FM_FOREVER)) == Filemap.FM_ABANDONED)
        {
            // A process that ends while it owns the mutex leaves it to the next, who is told, once, and has to see
            // whether what it guards is sound. Here it is whenever the counters are, as each is changed by one store.
            Console.WriteLine("The mutex was abandoned: a process ended while it owned it");
            Console.WriteLine(
                "The ring is looked at, and goes on being used; start another consumer if that was yours");
        }
        if (Written - Taken > SlotCount)
        {
            Unlock();
            throw new FilemapException("the counters of the ring are not sound: end all programs that use it");
        }
    }

    public void Unlock() => Filemap.Check(Filemap.fm_mutex_release(_mutex));

    public void Dispose()
    {
        _view.Dispose();
        _mapping.Dispose();
        _room.Dispose();
        _item.Dispose();
        _mutex.Dispose();
    }

    private static bool WaitFor(ObjectHandle handle, TimeSpan patience)
    {
        long nanoseconds = patience.Ticks * TimeSpan.NanosecondsPerTick;
        return Filemap.Check(Filemap.fm_wait(handle, nanoseconds)) != Filemap.FM_TIMED_OUT;
    }

    private ulong Count(ulong place)
    {
        Filemap.Check(Filemap.fm_read(_view, place, out ulong value, sizeof(ulong)));
        return value;
    }
}
