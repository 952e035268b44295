// A view's memory as .NET sees it: values, arrays, spans. Every access here is checked, and none can touch memory that
// another thread has given back meanwhile; strings, streams and Memory are built on that (MappedView.Text.cs, ...).
using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Filemap;

/// <summary>
/// A range of a mapping in this process's memory. It keeps the memory, not the mapping's name, until it is disposed of.
/// </summary>
/// <remarks>
/// All methods may be used from several threads, also while one of them disposes of the view: the others then get an
/// <see cref="ObjectDisposedException"/>. What hands out the memory itself (<see cref="GetSpan"/>,
/// <see cref="GetReference{T}"/>) checks only at that moment: hold a <see cref="Lease"/> while you use it, or make sure that
/// nobody disposes of the view, and that the view stays reachable. Nothing here is atomic against other writers but what
/// the processor does in one step: aligned values of up to 8 bytes.
/// </remarks>
public sealed unsafe partial class MappedView : IDisposable
{
    private const int LongCopy = 4096; // more bytes than this: counted, so that Dispose does not wait for it

    private readonly SafeViewHandle _handle;
    private readonly byte* _address;
    private readonly AccessRights _rights;
    private readonly long _size;
#if NET
    private readonly long _id = Visitor.NewId();
#endif

    // How many bytes may be read and written: 0 without the right, and once the view has ended. One comparison with
    // them checks bounds, rights and disposal.
    private ulong _readable;
    private ulong _writable;
    private int _ended;

    internal MappedView(nint view, AccessRights rights)
    {
        _handle = new SafeViewHandle(view);
        _address = (byte*)Native.fm_view_data(view);
        _size = (long)Native.fm_view_size(view);
        _rights = rights;
        CanRead = rights != AccessRights.None;
        CanWrite = (rights & (AccessRights.Write | AccessRights.Copy | AccessRights.All)) != 0;
        _readable = CanRead ? (ulong)_size : 0;
        _writable = CanWrite ? (ulong)_size : 0;
    }

    /// <summary>The bytes in the view.</summary>
    public long Size => _size;

    /// <summary>What the view was made for.</summary>
    public AccessRights Rights => _rights;

    /// <summary>Whether it can be read.</summary>
    public bool CanRead { get; }

    /// <summary>Whether it can be written.</summary>
    public bool CanWrite { get; }

    /// <summary>Whether <see cref="Dispose"/> was called.</summary>
    public bool IsDisposed => _handle.IsClosed || Volatile.Read(ref _ended) != 0;

    /// <summary>Reads a value.</summary>
    /// <typeparam name="T">A type without references.</typeparam>
    /// <param name="offset">Its first byte; any offset will do.</param>
    /// <returns>The value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read<T>(long offset) where T : struct
    {
        int size = Element<T>.Size;
#if NET
        Visitor me = Visitor.Mine;
        me.Enter(_id);
        ulong limit = Volatile.Read(ref _readable);
        if ((ulong)offset > limit || (ulong)size > limit - (ulong)offset) Refuse(me, offset, size, toWrite: false);
        T value = Unsafe.ReadUnaligned<T>(_address + offset);
        me.Leave();
        GC.KeepAlive(this); // a forgotten view must not be finalized in between
        return value;
#else
        byte* start = Hold(offset, size, toWrite: false);
        T value = Unsafe.ReadUnaligned<T>(start);
        _handle.DangerousRelease();
        return value;
#endif
    }

    /// <summary>Writes a value.</summary>
    /// <typeparam name="T">A type without references.</typeparam>
    /// <param name="offset">Its first byte; any offset will do.</param>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write<T>(long offset, T value) where T : struct
    {
        int size = Element<T>.Size;
#if NET
        Visitor me = Visitor.Mine;
        me.Enter(_id);
        ulong limit = Volatile.Read(ref _writable);
        if ((ulong)offset > limit || (ulong)size > limit - (ulong)offset) Refuse(me, offset, size, toWrite: true);
        Unsafe.WriteUnaligned(_address + offset, value);
        me.Leave();
        GC.KeepAlive(this);
#else
        byte* start = Hold(offset, size, toWrite: true);
        Unsafe.WriteUnaligned(start, value);
        _handle.DangerousRelease();
#endif
    }

    /// <summary>Copies bytes out of the view.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="destination">Receives as many bytes as it holds.</param>
    public void CopyTo(long offset, Span<byte> destination)
    {
        fixed (byte* other = &MemoryMarshal.GetReference(destination)) Copy(offset, other, destination.Length, toWrite: false);
    }

    /// <summary>Copies bytes into the view.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="source">The bytes.</param>
    public void CopyFrom(long offset, ReadOnlySpan<byte> source)
    {
        fixed (byte* other = &MemoryMarshal.GetReference(source)) Copy(offset, other, source.Length, toWrite: true);
    }

    /// <summary>Reads values that lie one after the other.</summary>
    /// <typeparam name="T">A type without references.</typeparam>
    /// <param name="offset">The first byte.</param>
    /// <param name="count">How many values.</param>
    /// <returns>The values.</returns>
    public T[] ReadArray<T>(long offset, int count) where T : struct
    {
        Bounds.CheckNotNegative(count, nameof(count));
        CheckRange(offset, (long)Element<T>.Size * count, toWrite: false); // before memory is taken for the array
        T[] array = new T[count];
        ReadArray(offset, array, 0, count);
        return array;
    }

    /// <summary>Reads values that lie one after the other.</summary>
    /// <typeparam name="T">A type without references.</typeparam>
    /// <param name="offset">The first byte.</param>
    /// <param name="array">Receives them.</param>
    /// <param name="index">Where in the array.</param>
    /// <param name="count">How many values.</param>
    public void ReadArray<T>(long offset, T[] array, int index, int count) where T : struct
    {
        _ = Element<T>.Size;
        Bounds.CheckArray(array, index, count);
        CopyTo(offset, MemoryMarshal.AsBytes(new Span<T>(array, index, count)));
    }

    /// <summary>Writes values, one after the other.</summary>
    /// <typeparam name="T">A type without references.</typeparam>
    /// <param name="offset">The first byte.</param>
    /// <param name="array">The values.</param>
    public void WriteArray<T>(long offset, T[] array) where T : struct =>
        WriteArray(offset, array, 0, (array ?? throw new ArgumentNullException(nameof(array))).Length);

    /// <summary>Writes values, one after the other.</summary>
    /// <typeparam name="T">A type without references.</typeparam>
    /// <param name="offset">The first byte.</param>
    /// <param name="array">The values.</param>
    /// <param name="index">Where in the array.</param>
    /// <param name="count">How many values.</param>
    public void WriteArray<T>(long offset, T[] array, int index, int count) where T : struct
    {
        _ = Element<T>.Size;
        Bounds.CheckArray(array, index, count);
        CopyFrom(offset, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(array, index, count)));
    }

    /// <summary>
    /// A value in the memory itself, for <see cref="Interlocked"/> and <see cref="Volatile"/>. See the remarks on leases.
    /// </summary>
    /// <typeparam name="T">A type without references.</typeparam>
    /// <param name="offset">Its first byte; must be a multiple of the size of T for atomic use.</param>
    /// <returns>The value's place; the view can be written.</returns>
    public ref T GetReference<T>(long offset) where T : struct
    {
        CheckRange(offset, Element<T>.Size, toWrite: true);
        return ref Unsafe.AsRef<T>(_address + offset);
    }

    /// <summary>All the memory of a view of up to 2 GiB that can be written. See the remarks on leases.</summary>
    public Span<byte> Span => GetSpan(0, Length());

    /// <summary>All the memory of a view of up to 2 GiB. See the remarks on leases.</summary>
    public ReadOnlySpan<byte> ReadOnlySpan => GetReadOnlySpan(0, Length());

    /// <summary>A part of the memory of a view that can be written. See the remarks on leases.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">Bytes.</param>
    /// <returns>The memory.</returns>
    public Span<byte> GetSpan(long offset, int length)
    {
        CheckRange(offset, length, toWrite: true);
        return new Span<byte>(_address + offset, length);
    }

    /// <summary>A part of the memory. See the remarks on leases.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">Bytes.</param>
    /// <returns>The memory.</returns>
    public ReadOnlySpan<byte> GetReadOnlySpan(long offset, int length)
    {
        CheckRange(offset, length, toWrite: false);
        return new ReadOnlySpan<byte>(_address + offset, length);
    }

    /// <summary>
    /// Makes sure that the memory stays where it is until the lease is disposed of, whatever happens to the view.
    /// </summary>
    /// <returns>The lease.</returns>
    public ViewLease Lease() => new(this);

    /// <summary>Writes what was changed to the mapped file; for memory there is nothing to do.</summary>
    public void Flush() => Flush(0, 0);

    /// <summary>Writes what was changed in a range to the mapped file; for memory there is nothing to do.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="size">Bytes; 0 = to the end.</param>
    public void Flush(long offset, long size)
    {
        CheckPart(offset, size);
        Check(Native.fm_flush(Handle, (ulong)offset, (ulong)size));
    }

    /// <summary>Asks the system to bring a range into memory soon. A hint.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="size">Bytes; 0 = to the end.</param>
    public void Prefetch(long offset, long size)
    {
        CheckPart(offset, size);
        Check(Native.fm_prefetch(Handle, (ulong)offset, (ulong)size));
    }

    /// <summary>
    /// Ends the view: at once for its methods; its memory goes with the last lease. Doing it twice is no error.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return;
        Volatile.Write(ref _readable, 0);
        Volatile.Write(ref _writable, 0);
#if NET
        // A thread that was stopped inside holds this object; the handle's finalizer ends the view once it has gone on.
        if (!Visitor.WaitUntilGone(_id)) return;
#endif
        _handle.Dispose();
    }

    internal byte* Address => _address;

    // The two halves of a lease.
    internal void AddUser()
    {
        if (Volatile.Read(ref _ended) != 0) throw Failure.Disposed(this);
        bool counted = false;
        try
        {
            _handle.DangerousAddRef(ref counted);
        }
        catch (ObjectDisposedException)
        {
            throw Failure.Disposed(this);
        }
    }

    internal void RemoveUser() => _handle.DangerousRelease();

    internal void CheckRange(long offset, long size, bool toWrite)
    {
        ulong limit = toWrite ? Volatile.Read(ref _writable) : Volatile.Read(ref _readable);
        if (size < 0 || (ulong)offset > limit || (ulong)size > limit - (ulong)offset) Refuse(offset, size, toWrite);
        GC.KeepAlive(this);
    }

    // Checks a range and keeps it until DangerousRelease.
    private byte* Hold(long offset, long size, bool toWrite)
    {
        CheckRange(offset, size, toWrite);
        AddUser();
        return _address + offset;
    }

    private void Copy(long offset, byte* other, int size, bool toWrite)
    {
#if NET
        if (size <= LongCopy)
        {
            Visitor me = Visitor.Mine;
            me.Enter(_id);
            ulong limit = toWrite ? Volatile.Read(ref _writable) : Volatile.Read(ref _readable);
            if ((ulong)offset > limit || (ulong)size > limit - (ulong)offset) Refuse(me, offset, size, toWrite);
            Move(_address + offset, other, size, toWrite);
            me.Leave();
            GC.KeepAlive(this);
            return;
        }
#endif
        byte* start = Hold(offset, size, toWrite);
        Move(start, other, size, toWrite);
        _handle.DangerousRelease();
    }

    private static void Move(byte* here, byte* other, int size, bool toWrite)
    {
        if (toWrite) Buffer.MemoryCopy(other, here, size, size);
        else Buffer.MemoryCopy(here, other, size, size);
    }

    private int Length()
    {
        if (_size > int.MaxValue)
            throw new InvalidOperationException($"The view has {_size} bytes, a span at most {int.MaxValue}: take a part of it.");
        return (int)_size;
    }

    private nint Handle => Volatile.Read(ref _ended) == 0 ? _handle.DangerousGetHandle() : throw Failure.Disposed(this);

    private void Check(int status)
    {
        GC.KeepAlive(this);
        if (status == Native.FM_E_INVALID_HANDLE && IsDisposed) throw Failure.Disposed(this);
        Failure.Check(status, "");
    }

    private void CheckPart(long offset, long size)
    {
        Bounds.CheckNotNegative(offset, nameof(offset));
        Bounds.CheckNotNegative(size, nameof(size));
    }

#if NET
    [DoesNotReturn]
    private void Refuse(Visitor me, long offset, long size, bool toWrite)
    {
        me.Leave();
        Refuse(offset, size, toWrite);
    }
#endif

    [DoesNotReturn]
    private void Refuse(long offset, long size, bool toWrite)
    {
        if (IsDisposed) throw Failure.Disposed(this);
        if (toWrite ? !CanWrite : !CanRead)
            throw new UnauthorizedAccessException($"The view was made for {_rights}; it cannot be {(toWrite ? "written" : "read")}.");
        throw new ArgumentOutOfRangeException(nameof(offset), offset,
            $"{size} bytes at {offset} leave the view, which has {_size} bytes.");
    }
}
