' A mapping without a name reaches another process. The parent creates it, writes a UTF-16 message, and starts a child
' with a token in the environment variable FILEMAP_TOKEN; the child, this program or another, imports it and reads.
' Knows of the other program only what both must know: the variable, the options, the place of the message.
Imports System.Globalization
Imports System.IO
Imports System.Runtime.InteropServices
Imports System.Text

Friend Module Program

    Private Const TokenVariable As String = "FILEMAP_TOKEN"
    Private Const MapSize As ULong = 65536
    Private Const ViewOffset As ULong = 0
    Private Const ViewSize As ULong = 1024
    Private Const Message As String = "Message from the first process."

    Public Function Main(words As String()) As Integer
        Try
            Dim arguments As Arguments = Arguments.Parse(words)
            If arguments Is Nothing Then
                Console.Error.WriteLine(Arguments.Usage)
                Return 2
            End If
            Dim token As String = If(arguments.Token, Environment.GetEnvironmentVariable(TokenVariable))
            If token Is Nothing Then Return BeParent(arguments)
            BeChild(token, arguments)
            Return 0
        Catch ex As Exception
            Console.WriteLine("The process throws the error: {0}", ex.Message)
            Return 1
        End Try
    End Function

    Private Function BeParent(arguments As Arguments) As Integer
        Dim options As New CreateOptions With {
            .StructSize = CUInt(Marshal.SizeOf(Of CreateOptions)()),
            .Flags = If(arguments.Inheritable, FM_INHERITABLE, 0UI)
        }
        Dim mapping As MappingHandle = Nothing
        Check(fm_create(Nothing, MapSize, options, mapping))
        Using mapping
            Console.WriteLine("The unnamed file mapping is created ({0})",
                              If(arguments.Inheritable, "inheritable", "not inheritable"))

            Dim view As ViewHandle = Nothing
            Check(fm_map(mapping, FM_ACCESS_WRITE, ViewOffset, ViewSize, view))
            Using view
                Console.WriteLine("The file view is mapped")

                ' The bytes that the processes agreed on are UTF-16LE and end with NUL.
                Dim bytes As Byte() = Encoding.Unicode.GetBytes(Message & ControlChars.NullChar)
                Check(fm_write(view, 0, bytes, CULng(bytes.Length)))
                Console.WriteLine("This message is written to the view:")
                Console.WriteLine("""{0}""", Message)
            End Using

            ' The token holds nothing open: the mapping lives as long as this process, or a child that inherited it,
            ' does that.
            Dim token(FM_TOKEN_SIZE - 1) As Byte
            Check(fm_export_token(mapping, 0, token))
            Dim text(FM_TOKEN_TEXT_SIZE - 1) As Byte
            Check(fm_token_to_text(token, text, CULng(text.Length)))
            Return HandOver(Encoding.ASCII.GetString(text, 0, Array.IndexOf(text, CByte(0))), arguments)
        End Using
    End Function

    ' Starts the child with the token; waits for it, unless the parent is to leave before the child imports.
    Private Function HandOver(token As String, arguments As Arguments) As Integer
        Dim program As String() = If(arguments.Child.Length > 0, arguments.Child, OwnProgram())
        ' Without the shell, as here, a child has what is inheritable: descriptors on Linux, HANDLEs on Windows.
        Dim start As New ProcessStartInfo(program(0)) With {.UseShellExecute = False}
        For i As Integer = 1 To program.Length - 1
            start.ArgumentList.Add(program(i))
        Next
        If arguments.Leave Then
            start.ArgumentList.Add("--after")
            start.ArgumentList.Add(Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
        End If
        start.Environment(TokenVariable) = token
        Console.WriteLine("The child gets a token in its environment")

        Using child As Process = Process.Start(start)
            If arguments.Leave Then Return 0
            child.WaitForExit()
            Return child.ExitCode
        End Using
    End Function

    Private Sub BeChild(text As String, arguments As Arguments)
        Console.WriteLine("The token came {0}",
                          If(arguments.Token IsNot Nothing, "as an argument", "in the environment"))
        If arguments.After.HasValue Then WaitForEndOf(arguments.After.Value)

        Dim token(FM_TOKEN_SIZE - 1) As Byte
        Check(fm_token_from_text(text, token))
        Dim mapping As MappingHandle = Nothing
        Check(fm_import_token(token, FM_ACCESS_READ, mapping))
        Using mapping
            ' With the parent alive it may as well have been by duplication; the library does not say.
            Console.WriteLine("The unnamed file mapping is imported{0}",
                              If(arguments.After.HasValue, " by inheritance: the parent has ended", ""))

            Dim view As ViewHandle = Nothing
            Check(fm_map(mapping, FM_ACCESS_READ, ViewOffset, ViewSize, view))
            Using view
                Console.WriteLine("The file view is mapped")

                ' Another process wrote these bytes: copy them, and do not trust that a NUL is among them.
                Dim bytes(CInt(ViewSize) - 1) As Byte
                Check(fm_read(view, 0, bytes, ViewSize))
                Console.WriteLine("Read from the file mapping:")
                Console.WriteLine("""{0}""", Encoding.Unicode.GetString(bytes).Split(ControlChars.NullChar)(0))
            End Using
        End Using
    End Sub

    Private Sub WaitForEndOf(processId As Integer)
        Try
            Using process As Process = Process.GetProcessById(processId)
                process.WaitForExit()
            End Using
        Catch ex As ArgumentException
            ' There is none of this id: it has ended before.
        End Try
    End Sub

    ' This program once more: by itself, or `dotnet VBUnnamedMapping.dll`.
    Private Function OwnProgram() As String()
        Dim program As String = Environment.ProcessPath
        If Path.GetFileNameWithoutExtension(program) <> "dotnet" Then Return {program}
        Return {program, Environment.GetCommandLineArgs()(0)}
    End Function

End Module
