// The right to use a view's memory directly, for as long as it is held.
using System;
using System.Threading;

namespace Filemap;

/// <summary>Keeps a view's memory where it is, also when another thread disposes of the view. Hold it for a moment only.</summary>
public sealed unsafe class ViewLease : IDisposable
{
    private readonly MappedView _view;
    private int _ended;

    internal ViewLease(MappedView view)
    {
        _view = view;
        try
        {
            view.AddUser();
        }
        catch
        {
            GC.SuppressFinalize(this); // there is nothing to give back
            throw;
        }
    }

    /// <summary>Gives up a lease that was forgotten.</summary>
    ~ViewLease() => End();

    /// <summary>The address of the view's first byte.</summary>
    public IntPtr Address => Volatile.Read(ref _ended) == 0 ? (IntPtr)_view.Address : throw Failure.Disposed(this);

    /// <summary>The bytes there.</summary>
    public long Size => _view.Size;

    /// <summary>The memory of a view of up to 2 GiB that can be written, to be used until the lease ends.</summary>
    public Span<byte> Span => Part(toWrite: true);

    /// <summary>The memory of a view of up to 2 GiB, to be used until the lease ends.</summary>
    public ReadOnlySpan<byte> ReadOnlySpan => Part(toWrite: false);

    /// <summary>Gives the lease back. Doing it twice is no error.</summary>
    public void Dispose()
    {
        End();
        GC.SuppressFinalize(this);
    }

    private Span<byte> Part(bool toWrite)
    {
        if (Volatile.Read(ref _ended) != 0) throw Failure.Disposed(this);
        if (toWrite ? !_view.CanWrite : !_view.CanRead)
            throw new UnauthorizedAccessException($"The view was made for {_view.Rights} alone.");
        if (_view.Size > int.MaxValue)
            throw new InvalidOperationException($"The view has {_view.Size} bytes, a span at most {int.MaxValue}: use Address.");
        return new Span<byte>(_view.Address, (int)_view.Size);
    }

    private void End()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) _view.RemoveUser();
    }
}
