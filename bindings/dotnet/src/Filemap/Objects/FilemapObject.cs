// What all objects have in common: a handle, a name, what they tell of themselves, and the way to another process.
using System;
using System.Diagnostics.CodeAnalysis;

namespace Filemap;

/// <summary>
/// This process's right to use one object, which lives until the last of its users anywhere has disposed of it or ended.
/// Every method may be called from any thread, also while another thread disposes of the object: then it throws
/// <see cref="ObjectDisposedException"/>.
/// </summary>
public abstract unsafe class FilemapObject : IDisposable
{
    private readonly SafeObjectHandle _handle;

    private protected FilemapObject(nint handle) => _handle = new SafeObjectHandle(handle);

    /// <summary>The object's name with its prefix, such as <c>Local\SampleMap</c>; empty for an unnamed one.</summary>
    public string Name
    {
        get
        {
            nint handle = Handle;
            string name = Utf8.Ask((buffer, capacity, needed) => Native.fm_query_name(handle, buffer, capacity, needed), "");
            GC.KeepAlive(this);
            return name;
        }
    }

    /// <summary>Whether <see cref="Dispose()"/> was called.</summary>
    public bool IsDisposed => _handle.IsClosed;

    // A value for one call. The library itself refuses one that is closed before the call gets there; the caller keeps
    // this object alive until after it (GC.KeepAlive), or the finalizer might close it.
    internal nint Handle
    {
        get
        {
            if (_handle.IsClosed) ThrowDisposed();
            return _handle.DangerousGetHandle();
        }
    }

    /// <summary>Tells what is known of the object at this moment.</summary>
    /// <returns>A snapshot.</returns>
    public ObjectInformation Query()
    {
        Native.fm_info info = new() { struct_size = (uint)sizeof(Native.fm_info) };
        Check(Native.fm_query(Handle, &info));
        return new ObjectInformation(in info);
    }

    /// <summary>
    /// Names this object, also an unnamed one, for any other process of this user, as text for an environment variable
    /// or a command line. It can be opened with it while this handle is open, or by a child that inherited it.
    /// </summary>
    /// <returns>The token, for <c>FromToken</c> of the same class.</returns>
    public string ExportToken() => ExportToken(0);

    /// <summary>As <see cref="ExportToken()"/>, for one process alone.</summary>
    /// <param name="targetProcess">The id of the process that may open it; 0 = any of this user.</param>
    /// <returns>The token, for <c>FromToken</c> of the same class.</returns>
    public string ExportToken(int targetProcess)
    {
        Native.fm_token token;
        Check(Native.fm_export_token(Handle, targetProcess, &token));
        byte* text = stackalloc byte[(int)Native.FM_TOKEN_TEXT_SIZE];
        Check(Native.fm_token_to_text(&token, text, Native.FM_TOKEN_TEXT_SIZE));
        return Utf8.Text(text);
    }

    /// <summary>
    /// Gives the handle back. With the last one anywhere the object's name ends. Doing it twice is no error.
    /// </summary>
    public void Dispose()
    {
        _handle.Dispose();
        OnDisposed();
        GC.SuppressFinalize(this);
    }

    private protected virtual void OnDisposed()
    {
    }

    // For calls with Handle: the answer, or an exception; a handle that was closed on the way is a disposed object.
    internal int Check(int status)
    {
        GC.KeepAlive(this);
        if (status < 0) Throw(status);
        return status;
    }

    internal void Throw(int status)
    {
        if (status == Native.FM_E_INVALID_HANDLE && _handle.IsClosed) ThrowDisposed();
        Failure.Throw(status, "", waitable: false);
    }

    [DoesNotReturn]
    private void ThrowDisposed() => throw Failure.Disposed(this);

    // Another handle to the same object.
    internal nint DuplicateHandle(AccessRights rights, bool inheritable)
    {
        uint flags = inheritable ? Native.FM_DUPLICATE_INHERITABLE : 0;
        if (rights == AccessRights.None) flags |= Native.FM_DUPLICATE_SAME_ACCESS;
        nint copy;
        Check(Native.fm_duplicate(Handle, (uint)rights, flags, &copy));
        return copy;
    }

    // Takes over what a token names; an object of another kind is given back at once.
    internal static nint Import(string token, AccessRights rights, ObjectKind kind)
    {
        if (token is null) throw new ArgumentNullException(nameof(token));
        Native.fm_token native;
        fixed (byte* text = Utf8.Bytes(token, nameof(token))) Failure.Check(Native.fm_token_from_text(text, &native), token);
        nint handle;
        Failure.Check(Native.fm_import_token(&native, (uint)rights, &handle), token);
        Native.fm_info info = new() { struct_size = (uint)sizeof(Native.fm_info) };
        int status = Native.fm_query(handle, &info);
        if (status >= 0 && info.kind == (uint)kind) return handle;
        Native.fm_close(handle);
        Failure.Check(status, token);
        throw new ArgumentException($"The token names an object of another kind: {(ObjectKind)info.kind}, not {kind}.", nameof(token));
    }
}
