// The command line of the program. Knows nothing of filemap.
using System;
using System.Globalization;

namespace CSUnnamedMapping;

internal sealed class Arguments
{
    public const string Usage = """
        parent: CSUnnamedMapping [--leave] [--not-inheritable] [program [argument...]]
        child:  CSUnnamedMapping [--after process-id] [--token text], or the token in FILEMAP_TOKEN
        """;

    public bool Leave;              // parent: end before the child imports
    public bool Inheritable = true; // parent: else the child has to duplicate the parent's handle
    public string[] Child = [];     // parent: the program to start; empty: this one
    public int? After;              // child: import when the process of this id has ended
    public string? Token;           // child: the token, where it did not come in the environment

    // Null where the words make no sense.
    public static Arguments? Parse(string[] words)
    {
        Arguments parsed = new();
        for (int i = 0; i < words.Length; ++i)
        {
            bool more = i + 1 < words.Length;
            if (words[i] == "--leave") parsed.Leave = true;
            else if (words[i] == "--not-inheritable") parsed.Inheritable = false;
            else if (words[i] == "--after" && more) parsed.After = int.Parse(words[++i], CultureInfo.InvariantCulture);
            else if (words[i] == "--token" && more) parsed.Token = words[++i];
            else if (words[i].StartsWith("--", StringComparison.Ordinal)) return null;
            else
            {
                parsed.Child = words[i..];
                break;
            }
        }
        return parsed;
    }
}
