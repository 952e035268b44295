' The first process: creates the file mapping Local\SampleMap, writes a UTF-16 message to it and keeps it until ENTER.
' Knows of the client only what both must know: the name, the place of the message, and its encoding.
Imports System.Text

Friend Module Program

    Private Const FullMapName As String = "Local\SampleMap"
    Private Const MapSize As ULong = 65536
    Private Const ViewOffset As ULong = 0
    Private Const ViewSize As ULong = 1024
    Private Const Message As String = "Message from the first process."

    Public Function Main() As Integer
        Try
            ' FM_EXISTED, a success, tells that another process created it before: then both write to the same memory.
            Dim mapping As MappingHandle = Nothing
            Check(fm_create(FullMapName, MapSize, IntPtr.Zero, mapping))
            Using mapping
                Console.WriteLine("The file mapping ({0}) is created", FullMapName)

                Dim view As ViewHandle = Nothing
                Check(fm_map(mapping, FM_ACCESS_WRITE, ViewOffset, ViewSize, view))
                Using view
                    Console.WriteLine("The file view is mapped")

                    ' The bytes that the processes agreed on are UTF-16LE and end with NUL.
                    Dim bytes As Byte() = Encoding.Unicode.GetBytes(Message & ControlChars.NullChar)
                    Check(fm_write(view, 0, bytes, CULng(bytes.Length)))
                    Console.WriteLine("This message is written to the view:")
                    Console.WriteLine("""{0}""", Message)

                    ' The mapping lives as long as this process keeps it open, so wait before giving it up.
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
