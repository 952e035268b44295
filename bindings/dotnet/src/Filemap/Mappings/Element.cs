// Which types may lie in shared memory: those without references. C# could say so with `unmanaged`, but VB cannot call
// what is constrained so; the check is made here, and costs nothing where the compiler knows the answer.
using System;
using System.Runtime.CompilerServices;
#if !NET
using System.Reflection;
#endif

namespace Filemap;

internal static class Element<T> where T : struct
{
    internal static int Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (HoldsReferences) Refuse();
            return Unsafe.SizeOf<T>();
        }
    }

#if NET
    private static bool HoldsReferences
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => RuntimeHelpers.IsReferenceOrContainsReferences<T>();
    }
#else
    private static readonly bool HoldsReferences = Holds(typeof(T));

    private static bool Holds(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsPointer) return false;
        if (!type.IsValueType) return true;
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            if (Holds(field.FieldType)) return true;
        return false;
    }
#endif

    private static void Refuse() =>
        throw new ArgumentException($"{typeof(T)} holds references, which mean nothing in shared memory.");
}
