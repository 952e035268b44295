// Holds Native.cs to include/filemap.h and filemap.def, and to the library that is loaded.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace Filemap.Tests;

public sealed unsafe class NativeTests
{
    private const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;

    private static readonly string Header = Regex.Replace(Resource("filemap.h"), @"/\*.*?\*/", "", RegexOptions.Singleline);

    private static string Resource(string name)
    {
        using StreamReader reader = new(typeof(NativeTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    // name -> "result(parameter types)", in C#'s words
    private static Dictionary<string, string> HeaderFunctions() =>
        Regex.Matches(Header, @"^FM_API\s+([\w\s\*]+?)\s*FM_CALL\s+(fm_\w+)\(([^)]*)\);", RegexOptions.Multiline).ToDictionary(
            one => one.Groups[2].Value,
            one => $"{Type(one.Groups[1].Value)}({string.Join(", ", Parameters(one.Groups[3].Value))})");

    private static IEnumerable<string> Parameters(string list) =>
        list.Trim() == "void" ? [] : list.Split(',').Select(one => Type(Regex.Replace(one, @"\w+\s*$", "")));

    private static string Type(string c)
    {
        string word = Regex.Replace(c, @"\bconst\b|\*", "").Trim();
        string stars = new('*', c.Count(letter => letter == '*'));
        return stars.Insert(0, word switch
        {
            "fm_status" or "int32_t" => "int",
            "uint32_t" => "uint",
            "int64_t" => "long",
            "uint64_t" => "ulong",
            "uint8_t" or "char" => "byte",
            "fm_handle" or "fm_view" => "nint",
            _ => word,
        });
    }

    private static string Type(Type type)
    {
        if (type.IsPointer) return Type(type.GetElementType()!) + "*";
        return type.Name switch
        {
            "Int32" => "int", "UInt32" => "uint", "Int64" => "long", "UInt64" => "ulong", "Byte" => "byte", "IntPtr" => "nint",
            "Void" => "void", _ => type.Name,
        };
    }

    [Fact]
    public void EveryFunctionOfTheHeaderIsThereWithItsTypes()
    {
        Dictionary<string, string> ours = typeof(Native).GetMethods(All).Where(method => method.Name.StartsWith("fm_")).ToDictionary(
            method => method.Name,
            method => $"{Type(method.ReturnType)}({string.Join(", ", method.GetParameters().Select(one => Type(one.ParameterType)))})");
        Dictionary<string, string> theirs = HeaderFunctions();
        Assert.True(theirs.Count > 50, $"only {theirs.Count} functions were found in the header");
        Assert.Equal(theirs.OrderBy(one => one.Key), ours.OrderBy(one => one.Key));
    }

    [Fact]
    public void TheListOfExportsNamesTheSameFunctions()
    {
        IEnumerable<string> exports = Regex.Matches(Resource("filemap.def"), @"^\s+(fm_\w+)", RegexOptions.Multiline).Select(one => one.Groups[1].Value);
        Assert.Equal(HeaderFunctions().Keys.Order(), exports.Order());
    }

    [Fact]
    public void TheDeclarationsForOlderRuntimesAreTheSame()
    {
        string[] halves = Regex.Match(Resource("Native.cs"), @"^#if NET\n\n(.*?)^#else$(.*)^#endif$", RegexOptions.Singleline | RegexOptions.Multiline)
            .Groups.Values.Skip(1).Select(half => half.Value).ToArray();
        IEnumerable<string> newer = Regex.Matches(halves[0], @"static partial (.*?);", RegexOptions.Singleline).Select(one => OneLine(one.Groups[1].Value));
        IEnumerable<string> older = Regex.Matches(halves[1], @"static extern (.*?);", RegexOptions.Singleline).Select(one => OneLine(one.Groups[1].Value));
        Assert.Equal(HeaderFunctions().Count, newer.Count());
        Assert.Equal(newer, older);
    }

    private static string OneLine(string declaration) => Regex.Replace(declaration, @"\(\s+|\s+", space => space.Value[0] == '(' ? "(" : " ");

    [Fact]
    public void EveryConstantHasTheLibrarysValue()
    {
        Dictionary<string, long> ours = typeof(Native).GetFields(All).Where(field => field.IsLiteral && field.Name.StartsWith("FM_"))
            .ToDictionary(field => field.Name, field => Convert.ToInt64(field.GetRawConstantValue()));
        foreach ((string name, long value) in ours) Assert.Equal((name, value), (name, LibraryConstant(name)));
        IEnumerable<string> theirs = Regex.Matches(Header, @"^#define (FM_\w+)\s+\(?-?\d", RegexOptions.Multiline).Select(one => one.Groups[1].Value)
            .Where(name => !name.StartsWith("FM_VERSION"))
            .Concat(Regex.Matches(Header, @"^\s+X\((FM_\w+),", RegexOptions.Multiline).Select(one => one.Groups[1].Value));
        Assert.Equal(theirs.Order(), ours.Keys.Order());
    }

    private static long LibraryConstant(string name)
    {
        long value;
        fixed (byte* text = Utf8.Bytes(name, "")) Assert.Equal((name, 0), (name, Native.fm_constant(text, &value)));
        return value;
    }

    [Fact]
    public void EveryStructHasTheHeadersMembersAndTheLibrarysSize()
    {
        MatchCollection structs = Regex.Matches(Header, @"^typedef struct \w+ \{(.*?)^\} (\w+);", RegexOptions.Singleline | RegexOptions.Multiline);
        Assert.Equal(6, structs.Count);
        foreach (Match one in structs)
        {
            string name = one.Groups[2].Value;
            Type ours = typeof(Native).GetNestedType(name, BindingFlags.NonPublic)!;
            IEnumerable<string> theirs = Regex.Matches(one.Groups[1].Value, @"([\w\s\*]+?)(\w+)(\[\w+\])?;").Select(
                member => (member.Groups[3].Success ? "array" : Type(member.Groups[1].Value)) + " " + member.Groups[2].Value);
            Assert.Equal(theirs, ours.GetFields(All).OrderBy(field => field.MetadataToken).Select(
                field => (field.IsDefined(typeof(FixedBufferAttribute)) ? "array" : Type(field.FieldType)) + " " + field.Name));
            MethodInfo size = typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(ours);
            Assert.Equal((name, LibraryConstant($"sizeof({name})")), (name, (int)size.Invoke(null, null)!));
        }
    }

    [Fact]
    public void EveryStatusIsInThePublicEnumeration()
    {
        IEnumerable<int> theirs = typeof(Native).GetFields(All).Where(field => field.IsLiteral && field.FieldType == typeof(int)).Select(field => (int)field.GetRawConstantValue()!);
        Assert.Equal(theirs.Order(), Enum.GetValues<FilemapStatus>().Select(one => (int)one).Order());
    }
}
