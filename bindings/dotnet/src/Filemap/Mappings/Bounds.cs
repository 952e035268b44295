// Checks of ranges, kept out of line so that what is checked stays small enough to be inlined.
using System;
using System.Diagnostics.CodeAnalysis;

namespace Filemap;

internal static class Bounds
{
    internal static void CheckNotNegative(long value, string parameter)
    {
        if (value < 0) throw new ArgumentOutOfRangeException(parameter, value, "It must not be negative.");
    }

    internal static void CheckArray(Array array, int index, int count)
    {
        if (array is null) throw new ArgumentNullException(nameof(array));
        CheckNotNegative(index, nameof(index));
        CheckNotNegative(count, nameof(count));
        if (array.Length - index < count) throw new ArgumentException("The array ends before index + count.", nameof(count));
    }
}
