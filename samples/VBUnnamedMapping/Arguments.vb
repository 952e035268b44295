' The command line of the program. Knows nothing of filemap.
Imports System.Globalization

Friend NotInheritable Class Arguments

    Public Const Usage As String =
        "parent: VBUnnamedMapping [--leave] [--not-inheritable] [program [argument...]]" & vbLf &
        "child:  VBUnnamedMapping [--after process-id] [--token text], or the token in FILEMAP_TOKEN"

    Public Leave As Boolean              ' parent: end before the child imports
    Public Inheritable As Boolean = True ' parent: else the child has to duplicate the parent's handle
    Public Child As String() = {}        ' parent: the program to start; empty: this one
    Public After As Integer?             ' child: import when the process of this id has ended
    Public Token As String               ' child: the token, where it did not come in the environment

    ' Nothing where the words make no sense.
    Public Shared Function Parse(words As String()) As Arguments
        Dim parsed As New Arguments
        Dim i As Integer = 0
        While i < words.Length
            Dim more As Boolean = i + 1 < words.Length
            Select Case True
                Case words(i) = "--leave"
                    parsed.Leave = True
                Case words(i) = "--not-inheritable"
                    parsed.Inheritable = False
                Case words(i) = "--after" AndAlso more
                    i += 1
                    parsed.After = Integer.Parse(words(i), CultureInfo.InvariantCulture)
                Case words(i) = "--token" AndAlso more
                    i += 1
                    parsed.Token = words(i)
                Case words(i).StartsWith("--", StringComparison.Ordinal)
                    Return Nothing
                Case Else
                    parsed.Child = words.AsSpan(i).ToArray()
                    Return parsed
            End Select
            i += 1
        End While
        Return parsed
    End Function

End Class
