// IBufferWriter over a view: what serialisers write into. It hands out the memory itself, so it leases it.
using System;
using System.Buffers;

namespace Filemap;

/// <summary>
/// Fills a view from front to back, for what writes into an <see cref="IBufferWriter{T}"/>. It holds the memory until it
/// is disposed of.
/// </summary>
public sealed class MappedViewWriter : IBufferWriter<byte>, IDisposable
{
    private readonly MappedView _view;
    private readonly ViewLease _lease;
    private readonly long _start;

    internal MappedViewWriter(MappedView view, long offset)
    {
        view.CheckRange(offset, 0, toWrite: true);
        _view = view;
        _start = offset;
        _lease = view.Lease();
    }

    /// <summary>The bytes written so far.</summary>
    public long WrittenCount { get; private set; }

    /// <summary>The bytes that still have room.</summary>
    public long FreeCapacity => _view.Size - _start - WrittenCount;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        Bounds.CheckNotNegative(count, nameof(count));
        if (count > FreeCapacity) throw new InvalidOperationException($"Only {FreeCapacity} bytes are left in the view, not {count}.");
        WrittenCount += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => _view.GetMemory(_start + WrittenCount, Room(sizeHint));

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => _view.GetSpan(_start + WrittenCount, Room(sizeHint));

    /// <summary>Lets go of the memory.</summary>
    public void Dispose() => _lease.Dispose();

    private int Room(int sizeHint)
    {
        Bounds.CheckNotNegative(sizeHint, nameof(sizeHint));
        if (Math.Max(1, sizeHint) > FreeCapacity)
            throw new ArgumentException($"Only {FreeCapacity} bytes are left in the view, not {Math.Max(1, sizeHint)}.", nameof(sizeHint));
        return (int)Math.Min(int.MaxValue, FreeCapacity);
    }
}
