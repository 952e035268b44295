// What may be said when an object is made.
namespace Filemap;

/// <summary>How a new object is made. What is not set is the default.</summary>
public class ObjectOptions
{
    /// <summary>Who may open it. Only for new objects; the default is this user alone.</summary>
    public ObjectPermissions Permissions { get; set; }

    /// <summary>Child processes inherit the handle; see <see cref="FilemapObject.ExportToken()"/>.</summary>
    public bool Inheritable { get; set; }

    internal unsafe Native.fm_object_options ToNative(bool createNew) => new()
    {
        struct_size = (uint)sizeof(Native.fm_object_options),
        flags = (createNew ? Native.FM_CREATE_NEW : 0) | (Inheritable ? Native.FM_INHERITABLE : 0),
        permissions = (uint)Permissions,
    };
}

/// <summary>How a new mapping is made. What is not set is the default.</summary>
public sealed class MappingOptions : ObjectOptions
{
    /// <summary>What may be done with its pages.</summary>
    public PageProtection Protection { get; set; }

    /// <summary>No memory yet: <see cref="FileMapping.Commit"/> provides it, range by range.</summary>
    public bool Reserve { get; set; }

    /// <summary>Large pages; the size must be a multiple of <see cref="FilemapLibrary.LargePageSize"/>.</summary>
    public bool LargePages { get; set; }

    internal unsafe Native.fm_create_options ToMapping(bool createNew) => new()
    {
        struct_size = (uint)sizeof(Native.fm_create_options),
        protection = (uint)Protection,
        flags = (createNew ? Native.FM_CREATE_NEW : 0) | (Inheritable ? Native.FM_INHERITABLE : 0) |
                (Reserve ? Native.FM_RESERVE : 0) | (LargePages ? Native.FM_LARGE_PAGES : 0),
        permissions = (uint)Permissions,
    };
}
