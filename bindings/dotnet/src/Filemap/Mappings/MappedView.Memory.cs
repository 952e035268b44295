// A view as Memory<byte>, as a stream and as a buffer writer, for the parts of .NET that take those.
using System;
using System.Buffers;
using System.IO;

namespace Filemap;

public sealed unsafe partial class MappedView
{
    /// <summary>All the memory of a view of up to 2 GiB that can be written. Pinning it is a <see cref="Lease"/>.</summary>
    public Memory<byte> Memory => GetMemory(0, Length());

    /// <summary>A part of the memory of a view that can be written. Pinning it is a <see cref="Lease"/>.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">Bytes.</param>
    /// <returns>The memory. It keeps the view reachable; after <see cref="Dispose"/> it throws.</returns>
    public Memory<byte> GetMemory(long offset, int length)
    {
        CheckRange(offset, length, toWrite: true);
        return new ViewMemoryManager(this, offset, length, writable: true).Memory;
    }

    /// <summary>A part of the memory. Pinning it is a <see cref="Lease"/>.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">Bytes.</param>
    /// <returns>The memory. It keeps the view reachable; after <see cref="Dispose"/> it throws.</returns>
    public ReadOnlyMemory<byte> GetReadOnlyMemory(long offset, int length)
    {
        CheckRange(offset, length, toWrite: false);
        return new ViewMemoryManager(this, offset, length, writable: false).Memory;
    }

    /// <summary>A stream over all of the view. It neither grows nor disposes of the view.</summary>
    /// <returns>The stream, at the view's first byte.</returns>
    public Stream CreateStream() => new MappedViewStream(this, 0, _size);

    /// <summary>A stream over a part of the view. It neither grows nor disposes of the view.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="size">Bytes.</param>
    /// <returns>The stream, at its first byte.</returns>
    public Stream CreateStream(long offset, long size)
    {
        CheckRange(offset, size, toWrite: !CanRead);
        return new MappedViewStream(this, offset, size);
    }

    /// <summary>A writer that fills the view from an offset on, for serialisers.</summary>
    /// <param name="offset">The first byte.</param>
    /// <returns>The writer.</returns>
    public MappedViewWriter CreateWriter(long offset) => new(this, offset);
}

internal sealed unsafe class ViewMemoryManager(MappedView view, long offset, int length, bool writable) : MemoryManager<byte>
{
    public override Memory<byte> Memory => CreateMemory(length);

    public override Span<byte> GetSpan()
    {
        view.CheckRange(offset, length, writable);
        return new Span<byte>(view.Address + offset, length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        if ((uint)elementIndex > (uint)length) throw new ArgumentOutOfRangeException(nameof(elementIndex));
        view.AddUser();
        return new MemoryHandle(view.Address + offset + elementIndex, default, this);
    }

    public override void Unpin() => view.RemoveUser();

    // The view is disposed of by whoever made it.
    protected override void Dispose(bool disposing)
    {
    }
}
