// Strings on their way to the library and back: UTF-8 that ends with NUL.
using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Filemap;

internal static unsafe class Utf8
{
    internal delegate int Fill(byte* buffer, ulong capacity, ulong* needed);

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    // null stays null. What UTF-8 or a C string cannot hold is an error: cut or replaced it would be another name.
    internal static byte[]? Bytes(string? text, string parameter)
    {
        if (text is null) return null;
        if (text.IndexOf('\0') >= 0) throw new ArgumentException("The text holds a NUL, which no name or path can.", parameter);
        try
        {
            byte[] bytes = new byte[Strict.GetByteCount(text) + 1];
            Strict.GetBytes(text, 0, text.Length, bytes, 0);
            return bytes;
        }
        catch (EncoderFallbackException fault)
        {
            throw new ArgumentException("The text is not valid UTF-16: half of a surrogate pair is missing.", parameter, fault);
        }
    }

    internal static string Text(byte* text) => text is null ? "" : Text(text, Length(text));

    // Asks once with room for most names, and again with what the library says it needs.
    internal static string Ask(Fill fill, string what)
    {
        ulong needed = 0;
        byte* small = stackalloc byte[256];
        int status = fill(small, 256, &needed);
        if (status != Native.FM_E_BUFFER_TOO_SMALL)
        {
            Failure.Check(status, what);
            return Text(small);
        }
        byte[] large = new byte[needed];
        fixed (byte* start = large)
        {
            Failure.Check(fill(start, needed, &needed), what);
            return Text(start);
        }
    }

    private static int Length(byte* text)
    {
        int length = 0;
        while (text[length] != 0) ++length;
        return length;
    }

    private static string Text(byte* text, int length) => length == 0 ? "" : Encoding.UTF8.GetString(text, length);
}
