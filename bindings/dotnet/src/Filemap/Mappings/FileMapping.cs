// Mappings: made, opened, found by token; and the way to their views. What a view can do stands in MappedView.
using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Filemap;

/// <summary>
/// Memory, or the contents of a file, that several processes share under a name: <c>Local\X</c> or <c>X</c> for this user,
/// <c>Global\X</c> for this machine. It lives until the last handle to it is disposed of or its process ends, however.
/// </summary>
public sealed unsafe class FileMapping : FilemapObject
{
    private FileMapping(nint handle, bool existed) : base(handle) => Existed = existed;

    /// <summary>Whether it existed already and was opened: then size and contents are what they were.</summary>
    public bool Existed { get; }

    /// <summary>Its bytes: memory in whole pages, a file to the byte.</summary>
    public long Size => Query().Size;

    /// <summary>Makes a mapping of memory, zero at first.</summary>
    /// <param name="name">The name; null or empty: unnamed, for other processes by <see cref="FilemapObject.ExportToken()"/>.</param>
    /// <param name="size">Bytes; rounded up to whole pages.</param>
    /// <param name="options">null = the defaults.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="FilemapException">The name is in use (<see cref="FilemapStatus.Exists"/>), or there is no space.</exception>
    public static FileMapping Create(string? name, long size, MappingOptions? options = null) =>
        Make(name, size, (options ?? new MappingOptions()).ToMapping(createNew: true));

    /// <summary>Makes a mapping of memory, or opens the one of this name; <see cref="Existed"/> tells which.</summary>
    /// <param name="name">The name.</param>
    /// <param name="size">Bytes, for a new one.</param>
    /// <param name="options">For a new one; null = the defaults.</param>
    /// <returns>The mapping.</returns>
    public static FileMapping CreateOrOpen(string name, long size, MappingOptions? options = null) =>
        Make(name, size, (options ?? new MappingOptions()).ToMapping(createNew: false));

    /// <summary>Opens an existing mapping for reading and writing.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="FileNotFoundException">Nobody holds an object of this name.</exception>
    public static FileMapping Open(string name) => Open(name, AccessRights.Read | AccessRights.Write);

    /// <summary>Opens an existing mapping.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rights">What it shall be usable for.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="FileNotFoundException">Nobody holds an object of this name.</exception>
    /// <exception cref="UnauthorizedAccessException">The object does not allow it.</exception>
    public static FileMapping Open(string name, AccessRights rights)
    {
        int status = OpenHandle(name, rights, out nint handle);
        Failure.Check(status, name);
        return new FileMapping(handle, existed: true);
    }

    /// <summary>Opens an existing mapping, if there is one, for reading and writing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mapping">The mapping, or null.</param>
    /// <returns>Whether there is one. Anything else that is in the way is an exception.</returns>
    public static bool TryOpen(string name, [NotNullWhen(true)] out FileMapping? mapping) =>
        TryOpen(name, AccessRights.Read | AccessRights.Write, out mapping);

    /// <summary>Opens an existing mapping, if there is one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rights">What it shall be usable for.</param>
    /// <param name="mapping">The mapping, or null.</param>
    /// <returns>Whether there is one. Anything else that is in the way is an exception.</returns>
    public static bool TryOpen(string name, AccessRights rights, [NotNullWhen(true)] out FileMapping? mapping)
    {
        int status = OpenHandle(name, rights, out nint handle);
        mapping = null;
        if (status == Native.FM_E_NOT_FOUND) return false;
        Failure.Check(status, name);
        mapping = new FileMapping(handle, existed: true);
        return true;
    }

    /// <summary>Maps an existing file, unnamed and whole, for reading and writing.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The mapping.</returns>
    public static FileMapping FromFile(string path) => FromFile(path, null, 0, null);

    /// <summary>Maps an existing file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The mapping's name; null: unnamed. A mapping of this name that exists is opened.</param>
    /// <param name="size">Bytes; 0 = the file's size; more extends the file at once.</param>
    /// <param name="options">null = the defaults. A file that may only be read needs <see cref="PageProtection.Read"/>.</param>
    /// <returns>The mapping.</returns>
    public static FileMapping FromFile(string path, string? name, long size, MappingOptions? options)
    {
        if (path is null) throw new ArgumentNullException(nameof(path));
        Native.fm_create_options native = (options ?? new MappingOptions()).ToMapping(createNew: false);
        fixed (byte* file = Utf8.Bytes(Path.GetFullPath(path), nameof(path)))
        {
            native.file_path = file;
            return Make(name, size, native, path);
        }
    }

    /// <summary>Maps an open file.</summary>
    /// <param name="file">The file, open for what the protection allows. It may be closed afterwards.</param>
    /// <param name="name">The mapping's name; null: unnamed. A mapping of this name that exists is opened.</param>
    /// <param name="size">Bytes; 0 = the file's size; more extends the file at once.</param>
    /// <param name="options">null = the defaults.</param>
    /// <returns>The mapping.</returns>
    public static FileMapping FromFile(FileStream file, string? name, long size, MappingOptions? options)
    {
        if (file is null) throw new ArgumentNullException(nameof(file));
        if (file.CanWrite) file.Flush(); // what the stream still buffers belongs to the contents
        return FromHandle(file.SafeFileHandle, name, size, options);
    }

    /// <summary>Maps an open file.</summary>
    /// <param name="file">The file, open for what the protection allows. It may be closed afterwards.</param>
    /// <param name="name">The mapping's name; null: unnamed. A mapping of this name that exists is opened.</param>
    /// <param name="size">Bytes; 0 = the file's size; more extends the file at once.</param>
    /// <param name="options">null = the defaults.</param>
    /// <returns>The mapping.</returns>
    public static FileMapping FromHandle(SafeFileHandle file, string? name, long size, MappingOptions? options)
    {
        if (file is null) throw new ArgumentNullException(nameof(file));
        Native.fm_create_options native = (options ?? new MappingOptions()).ToMapping(createNew: false);
        bool counted = false;
        try
        {
            file.DangerousAddRef(ref counted);
            native.file = (long)file.DangerousGetHandle();
            native.flags |= Native.FM_FILE;
            return Make(name, size, native);
        }
        finally
        {
            if (counted) file.DangerousRelease();
        }
    }

    /// <summary>Opens the mapping that a token of another process names, with that one's rights.</summary>
    /// <param name="token">From <see cref="FilemapObject.ExportToken()"/>.</param>
    /// <returns>The mapping.</returns>
    public static FileMapping FromToken(string token) => FromToken(token, AccessRights.None);

    /// <summary>Opens the mapping that a token of another process names.</summary>
    /// <param name="token">From <see cref="FilemapObject.ExportToken()"/>.</param>
    /// <param name="rights">At most those of the exported one; None = the same.</param>
    /// <returns>The mapping.</returns>
    public static FileMapping FromToken(string token, AccessRights rights) =>
        new(Import(token, rights, ObjectKind.Mapping), existed: true);

    /// <summary>Makes another handle to this mapping.</summary>
    /// <param name="rights">At most those of this one; None = the same.</param>
    /// <param name="inheritable">Child processes inherit it.</param>
    /// <returns>The new one, which lives on its own.</returns>
    public FileMapping Duplicate(AccessRights rights, bool inheritable) => new(DuplicateHandle(rights, inheritable), Existed);

    /// <summary>Maps all of it into this process, for reading and writing.</summary>
    /// <returns>The view, which keeps the memory also after this mapping is disposed of.</returns>
    public MappedView CreateView() => CreateView(0, 0, AccessRights.Write);

    /// <summary>Maps all of it into this process.</summary>
    /// <param name="rights">Read, Write, Copy, and Execute with any of them.</param>
    /// <returns>The view, which keeps the memory also after this mapping is disposed of.</returns>
    public MappedView CreateView(AccessRights rights) => CreateView(0, 0, rights);

    /// <summary>Maps a range into this process.</summary>
    /// <param name="offset">The first byte; any offset will do.</param>
    /// <param name="size">Bytes; 0 = to the end.</param>
    /// <param name="rights">Read, Write, Copy, and Execute with any of them.</param>
    /// <returns>The view, which keeps the memory also after this mapping is disposed of.</returns>
    public MappedView CreateView(long offset, long size, AccessRights rights)
    {
        Bounds.CheckNotNegative(offset, nameof(offset));
        Bounds.CheckNotNegative(size, nameof(size));
        nint view;
        Check(Native.fm_map(Handle, (uint)rights, (ulong)offset, (ulong)size, &view));
        return new MappedView(view, rights);
    }

    /// <summary>Provides memory for a range of a mapping made with <see cref="MappingOptions.Reserve"/>.</summary>
    /// <param name="offset">The first byte; widened to whole pages.</param>
    /// <param name="size">Bytes; 0 = to the end.</param>
    public void Commit(long offset, long size)
    {
        Bounds.CheckNotNegative(offset, nameof(offset));
        Bounds.CheckNotNegative(size, nameof(size));
        Check(Native.fm_commit(Handle, (ulong)offset, (ulong)size));
    }

    private static FileMapping Make(string? name, long size, Native.fm_create_options options, string? path = null)
    {
        Bounds.CheckNotNegative(size, nameof(size));
        nint handle;
        fixed (byte* text = Utf8.Bytes(name, nameof(name)))
        {
            // Unnamed mappings are always new.
            if (text is null || *text == 0) options.flags &= ~Native.FM_CREATE_NEW;
            int status = Native.fm_create(text, (ulong)size, &options, &handle);
            return new FileMapping(handle, Failure.Check(status, path ?? name ?? "") == Native.FM_EXISTED);
        }
    }

    private static int OpenHandle(string name, AccessRights rights, out nint handle)
    {
        if (name is null) throw new ArgumentNullException(nameof(name));
        fixed (byte* text = Utf8.Bytes(name, nameof(name)))
        fixed (nint* result = &handle)
        {
            *result = 0;
            return Native.fm_open(text, (uint)rights, result);
        }
    }
}
