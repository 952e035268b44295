' The second process: opens the file mapping Local\SampleMap that a server keeps, and reads the UTF-16 message in it.
' Knows of the server only what both must know: the name, the place of the message, and its encoding.
Imports System.Text

Friend Module Program

    Private Const FullMapName As String = "Local\SampleMap"
    Private Const ViewOffset As ULong = 0
    Private Const ViewSize As ULong = 1024

    Public Function Main() As Integer
        Try
            Dim mapping As MappingHandle = Nothing
            Check(fm_open(FullMapName, FM_ACCESS_READ, mapping))
            Using mapping
                Console.WriteLine("The file mapping ({0}) is opened", FullMapName)

                Dim view As ViewHandle = Nothing
                Check(fm_map(mapping, FM_ACCESS_READ, ViewOffset, ViewSize, view))
                Using view
                    Console.WriteLine("The file view is mapped")

                    ' Another process wrote these bytes: copy them, and do not trust that a NUL is among them.
                    Dim bytes(CInt(ViewSize) - 1) As Byte
                    Check(fm_read(view, 0, bytes, ViewSize))
                    Dim message As String = Encoding.Unicode.GetString(bytes).Split(ControlChars.NullChar)(0)
                    Console.WriteLine("Read from the file mapping:")
                    Console.WriteLine("""{0}""", message)

                    Console.Write("Press ENTER to clean up resources and quit")
                    Console.ReadLine()
                End Using
            End Using
            Return 0
        Catch ex As Exception
            Console.WriteLine("The process throws the error: {0}", ex.Message)
            Return 1
        End Try
    End Function

End Module
