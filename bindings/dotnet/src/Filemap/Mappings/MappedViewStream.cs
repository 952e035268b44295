// A stream over a view: fixed length, every access checked by the view.
using System;
using System.IO;

namespace Filemap;

internal sealed class MappedViewStream(MappedView view, long start, long size) : Stream
{
    private long _position;
    private bool _closed;

    public override bool CanRead => !_closed && view.CanRead;

    public override bool CanWrite => !_closed && view.CanWrite;

    public override bool CanSeek => !_closed;

    public override long Length => Open(size);

    public override long Position
    {
        get => Open(_position);
        set
        {
            Bounds.CheckNotNegative(value, nameof(value));
            _position = Open(value);
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        Bounds.CheckArray(buffer, offset, count);
        return ReadInto(new Span<byte>(buffer, offset, count));
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Bounds.CheckArray(buffer, offset, count);
        WriteFrom(new ReadOnlySpan<byte>(buffer, offset, count));
    }

#if NET
    public override int Read(Span<byte> buffer) => ReadInto(buffer);

    public override void Write(ReadOnlySpan<byte> buffer) => WriteFrom(buffer);
#endif

    public override int ReadByte()
    {
        if (Open(_position) >= size) return -1;
        return view.Read<byte>(start + _position++);
    }

    public override void WriteByte(byte value)
    {
        CheckRoom(1);
        view.Write(start + _position++, value);
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        long from = origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            SeekOrigin.End => size,
            _ => throw new ArgumentException("No such origin.", nameof(origin)),
        };
        long to = checked(from + offset);
        if (to < 0) throw new IOException("The stream was asked to go before its beginning.");
        return Position = to;
    }

    public override void SetLength(long value) =>
        throw new NotSupportedException("A view has the length that it was made with.");

    public override void Flush()
    {
        if (Open(size) > 0 && view.CanWrite) view.Flush(start, size);
    }

    protected override void Dispose(bool disposing)
    {
        _closed = true;
        base.Dispose(disposing);
    }

    private int ReadInto(Span<byte> buffer)
    {
        int count = (int)Math.Min(buffer.Length, Math.Max(0, size - Open(_position)));
        view.CopyTo(count > 0 ? start + _position : 0, buffer.Slice(0, count));
        _position += count;
        return count;
    }

    private void WriteFrom(ReadOnlySpan<byte> buffer)
    {
        CheckRoom(buffer.Length);
        view.CopyFrom(start + _position, buffer);
        _position += buffer.Length;
    }

    private void CheckRoom(int count)
    {
        if (Open(_position) > size - count)
            throw new NotSupportedException($"{count} bytes at {_position} leave the stream's {size} bytes; a view does not grow.");
    }

    private long Open(long value) => _closed ? throw Failure.Disposed(this) : value;
}
