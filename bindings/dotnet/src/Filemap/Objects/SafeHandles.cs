// The two things of the library that have to be given back. A handle is a value that the library checks at each call, so
// calls need not count references: a handle that was closed meanwhile is an error, never another object.
using System;
using System.Runtime.InteropServices;

namespace Filemap;

internal sealed class SafeObjectHandle : SafeHandle
{
    internal SafeObjectHandle(nint value) : base(IntPtr.Zero, ownsHandle: true) => SetHandle(value);

    public override bool IsInvalid => handle == IntPtr.Zero;

    protected override bool ReleaseHandle() => Native.fm_close(handle) >= 0;
}

// A view's addresses are real, so who uses them counts as a user (DangerousAddRef): the last one ends the view.
internal sealed class SafeViewHandle : SafeHandle
{
    internal SafeViewHandle(nint value) : base(IntPtr.Zero, ownsHandle: true) => SetHandle(value);

    public override bool IsInvalid => handle == IntPtr.Zero;

    protected override bool ReleaseHandle() => Native.fm_unmap(handle) >= 0;
}
