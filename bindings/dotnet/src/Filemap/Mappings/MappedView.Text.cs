// Texts in a view, as the samples have them: a text that ends with NUL, in any encoding.
using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Filemap;

public sealed unsafe partial class MappedView
{
    /// <summary>Writes a text in UTF-8, with a NUL after it.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="text">The text.</param>
    /// <returns>The bytes written, NUL included.</returns>
    public int WriteString(long offset, string text) => WriteString(offset, text, Encoding.UTF8);

    /// <summary>Writes a text with a NUL after it. Nothing is written where it does not fit.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="text">The text.</param>
    /// <param name="encoding">Such as UTF-8, or <see cref="Encoding.Unicode"/> for what Win32 calls wide characters.</param>
    /// <returns>The bytes written, NUL included.</returns>
    public int WriteString(long offset, string text, Encoding encoding)
    {
        if (text is null) throw new ArgumentNullException(nameof(text));
        if (encoding is null) throw new ArgumentNullException(nameof(encoding));
        byte[] bytes = encoding.GetBytes(text + "\0");
        CopyFrom(offset, bytes);
        return bytes.Length;
    }

    /// <summary>Reads a text in UTF-8 that ends with NUL or with the view.</summary>
    /// <param name="offset">The first byte.</param>
    /// <returns>The text.</returns>
    public string ReadString(long offset) => ReadString(offset, Encoding.UTF8);

    /// <summary>Reads a text that ends with NUL or with the view.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="encoding">The encoding that it was written with.</param>
    /// <returns>The text.</returns>
    public string ReadString(long offset, Encoding encoding)
    {
        CheckRange(offset, 0, toWrite: false);
        return ReadString(offset, (int)Math.Min(int.MaxValue, _size - offset), encoding);
    }

    /// <summary>Reads a text that ends with NUL or after some bytes.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="size">The most bytes that it may have.</param>
    /// <param name="encoding">The encoding that it was written with.</param>
    /// <returns>The text.</returns>
    public string ReadString(long offset, int size, Encoding encoding)
    {
        if (encoding is null) throw new ArgumentNullException(nameof(encoding));
        int unit = encoding.GetByteCount("\0");
        byte* start = Hold(offset, size, toWrite: false);
        try
        {
            // Others may write meanwhile: what is decoded is a copy that stays what it was when its end was found.
            ReadOnlySpan<byte> memory = new(start, size);
            byte[] copy = memory.Slice(0, Length(memory, unit)).ToArray();
            return encoding.GetString(copy);
        }
        finally
        {
            RemoveUser();
        }
    }

    private static int Length(ReadOnlySpan<byte> memory, int unit)
    {
        int end = unit switch
        {
            1 => memory.IndexOf((byte)0),
            2 => MemoryMarshal.Cast<byte, char>(memory).IndexOf('\0'),
            4 => MemoryMarshal.Cast<byte, int>(memory).IndexOf(0),
            _ => throw new ArgumentException($"A NUL has {unit} bytes in this encoding; only 1, 2 and 4 are known.", nameof(unit)),
        };
        return end >= 0 ? end * unit : memory.Length / unit * unit;
    }
}
