// MappedView: values, arrays, texts, spans, Memory, streams, writers, and their limits.
using System;
using System.Buffers;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using Xunit;

namespace Filemap.Tests;

public sealed class ViewTests : IDisposable
{
    private readonly FileMapping _mapping = FileMapping.Create(null, 65536);
    private readonly MappedView _view;

    public ViewTests() => _view = _mapping.CreateView();

    public void Dispose()
    {
        _view.Dispose();
        _mapping.Dispose();
    }

    private struct Point
    {
        public double X, Y;
        public int Z;
    }

    private struct Named
    {
        public string? Name { get; set; }
    }

    [Fact]
    public void ValuesGoInAndOut()
    {
        _view.Write(1, 0x0102030405060708L);
        Assert.Equal(0x0102030405060708L, _view.Read<long>(1));
        Assert.Equal(8, _view.Read<byte>(1));
        _view.Write(100, new Point { X = 1, Y = 2, Z = 3 });
        Assert.Equal(3, _view.Read<Point>(100).Z);
        _view.Write(65535, (byte)9);
        Assert.Equal(9, _view.Read<byte>(65535));
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(65533L)]
    [InlineData(65536L)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void NothingOutsideCanBeTouched(long offset)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _view.Read<int>(offset));
        Assert.Throws<ArgumentOutOfRangeException>(() => _view.Write(offset, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _view.GetReference<int>(offset));
        Assert.Throws<ArgumentOutOfRangeException>(() => _view.GetSpan(offset, 4).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _view.ReadArray<int>(offset, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _view.WriteArray(offset, new int[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _view.WriteString(offset, "abc"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _view.CreateStream(offset, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => _view.Flush(offset, 4));
    }

    [Fact]
    public void TypesWithReferencesAreRefused()
    {
        Assert.Throws<ArgumentException>(() => _view.Read<Named>(0));
        Assert.Throws<ArgumentException>(() => _view.Write(0, new Named()));
        Assert.Throws<ArgumentException>(() => _view.ReadArray<Named>(0, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void ArraysGoInAndOut(int count)
    {
        int[] numbers = new int[count];
        for (int i = 0; i < count; ++i) numbers[i] = i * 3;
        _view.WriteArray(2, numbers);
        Assert.Equal(numbers, _view.ReadArray<int>(2, count));
        int[] padded = new int[count + 2];
        _view.ReadArray(2, padded, 1, count);
        Assert.Equal(numbers, padded[1..^1]);
        Assert.Throws<ArgumentException>(() => _view.ReadArray(0, padded, 3, count));
        Assert.Throws<ArgumentOutOfRangeException>(() => _view.ReadArray<long>(0, int.MaxValue));
    }

    [Fact]
    public void TextsEndWithNul()
    {
        Assert.Equal(7, _view.WriteString(0, "Größ"));
        Assert.Equal("Größ", _view.ReadString(0));
        Assert.Equal(10, _view.WriteString(101, "Wide", Encoding.Unicode)); // also at odd places
        Assert.Equal("Wide", _view.ReadString(101, Encoding.Unicode));
        Assert.Equal("Wi", _view.ReadString(101, 4, Encoding.Unicode));
        Assert.Equal(12, _view.WriteString(200, "32", Encoding.UTF32));
        Assert.Equal("32", _view.ReadString(200, Encoding.UTF32));
        _view.GetSpan(65530, 6).Fill((byte)'x');
        Assert.Equal("xxxxxx", _view.ReadString(65530)); // the view ends first
        Assert.Equal("", _view.ReadString(65536));
        Assert.Throws<ArgumentOutOfRangeException>(() => _view.WriteString(65533, "abc"));
    }

    [Fact]
    public void ReferencesAreTheMemoryItself()
    {
        ref int number = ref _view.GetReference<int>(64);
        number = 5;
        Interlocked.Add(ref number, 37);
        Assert.Equal(42, _view.Read<int>(64));
        _view.Span[64] = 43;
        Assert.Equal(43, number);
        Assert.Equal(43, _view.ReadOnlySpan[64]);
    }

    [Fact]
    public void MemoryCanBeSlicedAndPinned()
    {
        Memory<byte> memory = _view.Memory.Slice(10, 20);
        memory.Span.Fill(7);
        Assert.Equal(7, _view.Read<byte>(29));
        Assert.Equal(0, _view.Read<byte>(30));
        using MemoryHandle pin = memory.Pin();
        _view.Dispose();
        unsafe
        {
            Assert.Equal(7, *(byte*)pin.Pointer); // a pin is a lease
        }
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
    }

    [Fact]
    public void AStreamHasTheViewsLength()
    {
        using Stream stream = _view.CreateStream(100, 50);
        stream.Write(new byte[] { 1, 2, 3 });
        stream.WriteByte(4);
        Assert.Equal(4, stream.Position);
        Assert.Equal(50, stream.Length);
        stream.Position = 0;
        byte[] back = new byte[60];
        Assert.Equal(50, stream.Read(back, 0, 60));
        Assert.Equal(new byte[] { 1, 2, 3, 4, 0 }, back[..5]);
        Assert.Equal(0, stream.Read(back, 0, 1));
        Assert.Equal(-1, stream.ReadByte());
        Assert.Throws<NotSupportedException>(() => stream.WriteByte(1));
        Assert.Equal(49, stream.Seek(-1, SeekOrigin.End));
        Assert.Throws<NotSupportedException>(() => stream.Write(new byte[2]));
        Assert.Throws<IOException>(() => stream.Seek(-1, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(9));
        stream.Flush();
        stream.Dispose();
        Assert.False(stream.CanRead);
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
        Assert.Equal(3, _view.Read<byte>(102));
    }

    [Fact]
    public void AWriterFillsTheViewToItsEnd()
    {
        using MappedViewWriter writer = _view.CreateWriter(65500);
        writer.Write("0123456789"u8);
        writer.GetMemory(5).Span[0] = (byte)'x';
        writer.Advance(1);
        Assert.Equal(11, writer.WrittenCount);
        Assert.Equal("0123456789x", _view.ReadString(65500));
        Assert.Equal(25, writer.FreeCapacity);
        Assert.Throws<ArgumentException>(() => writer.GetSpan(26).Length);
        Assert.Throws<InvalidOperationException>(() => writer.Advance(26));
        writer.Advance(25);
        Assert.Throws<ArgumentException>(() => writer.GetMemory());
    }

    [Fact]
    public void ViewsBeginAnywhere()
    {
        _view.Write(5001, 77);
        using MappedView part = _mapping.CreateView(5001, 4, AccessRights.Read);
        Assert.Equal(4, part.Size);
        Assert.Equal(77, part.Read<int>(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _mapping.CreateView(65536, 1, AccessRights.Read));
        Assert.Throws<ArgumentOutOfRangeException>(() => _mapping.CreateView(-1, 1, AccessRights.Read));
    }

    [Fact]
    public void CopyOnWriteStaysPrivate()
    {
        using MappedView own = _mapping.CreateView(AccessRights.Copy);
        own.Write(0, 5);
        Assert.Equal(5, own.Read<int>(0));
        Assert.Equal(0, _view.Read<int>(0));
    }

    [Fact]
    public void ADisposedViewSaysSo()
    {
        Stream stream = _view.CreateStream();
        ViewLease lease = _view.Lease();
        _view.Dispose();
        _view.Dispose();
        Assert.True(_view.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => _view.Read<int>(0));
        Assert.Throws<ObjectDisposedException>(() => _view.Write(0, 1));
        Assert.Throws<ObjectDisposedException>(() => _view.ReadArray<int>(0, 5000));
        Assert.Throws<ObjectDisposedException>(() => _view.ReadString(0));
        Assert.Throws<ObjectDisposedException>(() => _view.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => _view.Lease());
        Assert.Throws<ObjectDisposedException>(() => _view.Flush());
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
        lease.Span[0] = 1; // the lease still holds the memory
        lease.Dispose();
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lease.Span.Length);
    }
}
