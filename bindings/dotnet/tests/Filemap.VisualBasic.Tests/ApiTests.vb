' What a program in Visual Basic does with the package, class by class.
Imports System.IO
Imports System.Text
Imports System.Threading
Imports Xunit

Public Structure Point
    Public X As Double
    Public Y As Double
End Structure

Public Class ApiTests
    Private Shared ReadOnly Patience As TimeSpan = TimeSpan.FromSeconds(30)
    Private Shared last As Integer

    Private Shared Function SomeName() As String
        Return $"Local\vb-{Environment.ProcessId}-{Interlocked.Increment(last)}"
    End Function

    <Fact>
    Public Sub MappingsAndViews()
        Dim name = SomeName()
        Using made = FileMapping.Create(name, 4096, New MappingOptions With {.Permissions = ObjectPermissions.Group}),
              view = made.CreateView()
            view.WriteString(0, "Größe", Encoding.Unicode)
            view.Write(100, New Point With {.X = 1, .Y = 2})
            view.Write(200, 42)
            view.WriteArray(300, {1L, 2L, 3L})

            Dim found As FileMapping = Nothing
            Assert.True(FileMapping.TryOpen(name, AccessRights.Read, found))
            Using opened = found, other = opened.CreateView(AccessRights.Read)
                Assert.Equal("Größe", other.ReadString(0, Encoding.Unicode))
                Assert.Equal(2.0, other.Read(Of Point)(100).Y)
                Assert.Equal(42, other.Read(Of Integer)(200))
                Assert.Equal({1L, 2L, 3L}, other.ReadArray(Of Long)(300, 3))
                Assert.Throws(Of UnauthorizedAccessException)(Sub() other.Write(0, 1))
            End Using

            Using stream = view.CreateStream(1000, 100)
                stream.Write({1, 2, 3}, 0, 3)
            End Using
            Assert.Equal(CByte(3), view.Read(Of Byte)(1002))

            Dim number As Integer = Interlocked.Increment(view.GetReference(Of Integer)(200))
            Assert.Equal(43, number)
            Assert.Equal(43, view.Read(Of Integer)(200))

            Using lease = view.Lease()
                Assert.NotEqual(IntPtr.Zero, lease.Address)
            End Using
            Using other = FileMapping.FromToken(made.ExportToken())
                Assert.Equal(name, other.Name)
                Assert.Equal(ObjectKind.Mapping, other.Query().Kind)
            End Using
        End Using
        Assert.Throws(Of FileNotFoundException)(Function() FileMapping.Open(name))
    End Sub

    <Fact>
    Public Sub EventsSemaphoresAndTimers()
        Using [event] = NamedEvent.CreateOrOpen(SomeName(), manualReset:=False),
              semaphore = NamedSemaphore.Create(Nothing, 1, 2),
              timer = NamedTimer.Create(Nothing, manualReset:=False)
            [event].Set()
            Assert.Equal(0, Wait.Any([event], semaphore))
            Assert.True(semaphore.Wait(TimeSpan.Zero))
            Assert.Equal(0, semaphore.Release())
            Assert.Equal(Wait.TimedOut, Wait.Any(New WaitableObject() {[event]}, TimeSpan.Zero))
            timer.Set(TimeSpan.FromMilliseconds(10))
            Wait.All(timer, semaphore)
            Using source As New CancellationTokenSource(20)
                Assert.ThrowsAny(Of OperationCanceledException)(Sub() [event].Wait(source.Token))
            End Using
        End Using
    End Sub

    <Fact>
    Public Sub Mutexes()
        Using mutex = NamedMutex.Create(SomeName())
            Using held = mutex.Lock()
                Assert.False(held.WasAbandoned)
            End Using
            Dim other As New Thread(Sub() mutex.Wait())
            other.Start()
            other.Join()
            Dim abandoned As Boolean
            Assert.True(mutex.Wait(Patience, abandoned))
            Assert.True(abandoned)
            mutex.Release()
        End Using
    End Sub

    <Fact>
    Public Async Function Tasks() As Task
        Using [event] = NamedEvent.Create(Nothing, manualReset:=False)
            Dim waiting = [event].WaitAsync(Patience)
            [event].Set()
            Assert.True(Await waiting)
        End Using
    End Function

    <Fact>
    Public Sub WhatExists()
        Dim name = SomeName()
        Using made = NamedMutex.Create(name)
            Assert.Contains(FilemapLibrary.List(ObjectScope.Local, includeDead:=False), Function(one) one.Name = name)
        End Using
        Dim why = Assert.Throws(Of FilemapException)(
            Function()
                Using first = NamedMutex.Create(name)
                    Return NamedMutex.Create(name)
                End Using
            End Function)
        Assert.Equal(FilemapStatus.Exists, why.Status)
    End Sub
End Class
