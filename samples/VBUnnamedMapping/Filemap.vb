' The functions of include/filemap.h that this program uses, under their own names, and what VB needs around them:
' handles that close themselves and an exception with the library's sentence. Knows nothing of the sample.
Imports System.Runtime.InteropServices
Imports System.Text

Friend Module Filemap

    Public Const FM_ACCESS_READ As UInteger = &H1
    Public Const FM_ACCESS_WRITE As UInteger = &H2
    Public Const FM_INHERITABLE As UInteger = &H8
    Public Const FM_TOKEN_SIZE As Integer = 96
    Public Const FM_TOKEN_TEXT_SIZE As Integer = 197

    ' filemap.dll or libfilemap.so, beside the program or where the system looks for libraries.
    Private Const Library As String = "filemap"

    <DllImport(Library, CallingConvention:=CallingConvention.Cdecl)>
    Public Function fm_create(<MarshalAs(UnmanagedType.LPUTF8Str)> name As String, size As ULong,
                              ByRef options As CreateOptions, <Out> ByRef mapping As MappingHandle) As Integer
    End Function

    <DllImport(Library, CallingConvention:=CallingConvention.Cdecl)>
    Public Function fm_map(mapping As MappingHandle, access As UInteger, offset As ULong, size As ULong,
                           <Out> ByRef view As ViewHandle) As Integer
    End Function

    <DllImport(Library, CallingConvention:=CallingConvention.Cdecl)>
    Public Function fm_read(view As ViewHandle, offset As ULong, <Out> buffer As Byte(), size As ULong) As Integer
    End Function

    <DllImport(Library, CallingConvention:=CallingConvention.Cdecl)>
    Public Function fm_write(view As ViewHandle, offset As ULong, data As Byte(), size As ULong) As Integer
    End Function

    ' A token is a struct of FM_TOKEN_SIZE bytes and nothing else, so an array of that length stands for it.
    <DllImport(Library, CallingConvention:=CallingConvention.Cdecl)>
    Public Function fm_export_token(mapping As MappingHandle, targetProcess As Long, <Out> token As Byte()) As Integer
    End Function

    <DllImport(Library, CallingConvention:=CallingConvention.Cdecl)>
    Public Function fm_import_token(token As Byte(), access As UInteger,
                                    <Out> ByRef mapping As MappingHandle) As Integer
    End Function

    <DllImport(Library, CallingConvention:=CallingConvention.Cdecl)>
    Public Function fm_token_to_text(token As Byte(), <Out> buffer As Byte(), capacity As ULong) As Integer
    End Function

    <DllImport(Library, CallingConvention:=CallingConvention.Cdecl)>
    Public Function fm_token_from_text(<MarshalAs(UnmanagedType.LPUTF8Str)> text As String,
                                       <Out> token As Byte()) As Integer
    End Function

    <DllImport(Library, CallingConvention:=CallingConvention.Cdecl)>
    Public Function fm_unmap(view As IntPtr) As Integer
    End Function

    <DllImport(Library, CallingConvention:=CallingConvention.Cdecl)>
    Public Function fm_close(handle As IntPtr) As Integer
    End Function

    <DllImport(Library, CallingConvention:=CallingConvention.Cdecl)>
    Private Function fm_status_name(status As Integer) As IntPtr
    End Function

    <DllImport(Library, CallingConvention:=CallingConvention.Cdecl)>
    Private Function fm_last_error_message(<Out> buffer As Byte(), capacity As ULong) As ULong
    End Function

    ' Below zero is a failure; zero and above, such as FM_EXISTED, are successes.
    Public Sub Check(status As Integer)
        If status >= 0 Then Return
        Dim buffer(511) As Byte
        fm_last_error_message(buffer, CULng(buffer.Length))
        Dim why As String = Encoding.UTF8.GetString(buffer, 0, Array.IndexOf(buffer, CByte(0)))
        Throw New FilemapException($"{why} ({Marshal.PtrToStringUTF8(fm_status_name(status))})")
    End Sub

End Module

' fm_create_options; StructSize has to be set, and zero is the default in every other member.
<StructLayout(LayoutKind.Sequential)>
Friend Structure CreateOptions
    Public StructSize As UInteger
    Public Protection As UInteger
    Public Flags As UInteger
    Public Permissions As UInteger
    Public File As Long
    Public FilePath As IntPtr
End Structure

Friend NotInheritable Class FilemapException
    Inherits Exception

    Public Sub New(message As String)
        MyBase.New(message)
    End Sub
End Class

Friend NotInheritable Class MappingHandle
    Inherits SafeHandle

    Public Sub New()
        MyBase.New(IntPtr.Zero, ownsHandle:=True)
    End Sub

    Public Overrides ReadOnly Property IsInvalid As Boolean
        Get
            Return handle = IntPtr.Zero
        End Get
    End Property

    Protected Overrides Function ReleaseHandle() As Boolean
        Return fm_close(handle) >= 0
    End Function
End Class

Friend NotInheritable Class ViewHandle
    Inherits SafeHandle

    Public Sub New()
        MyBase.New(IntPtr.Zero, ownsHandle:=True)
    End Sub

    Public Overrides ReadOnly Property IsInvalid As Boolean
        Get
            Return handle = IntPtr.Zero
        End Get
    End Property

    Protected Overrides Function ReleaseHandle() As Boolean
        Return fm_unmap(handle) >= 0
    End Function
End Class
