// FileMapping: made, opened, from files, by token; what it tells, and what is refused.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Filemap.Tests;

public sealed class MappingTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void AnotherHandleSeesTheSameMemory()
    {
        string name = Some.Name();
        using FileMapping made = FileMapping.Create(name, 100);
        using FileMapping opened = FileMapping.Open(name);
        using MappedView one = made.CreateView();
        using MappedView other = opened.CreateView(AccessRights.Read);
        one.Write(8, 42L);
        Assert.Equal(42L, other.Read<long>(8));
        Assert.Equal(name, opened.Name);
        Assert.Equal(FilemapLibrary.PageSize, made.Size);
        Assert.False(made.Existed);
        Assert.True(opened.Existed);
    }

    [Fact]
    public void CreateOrOpenTellsWhichItWas()
    {
        string name = Some.Name();
        using FileMapping first = FileMapping.CreateOrOpen(name, 5000);
        using FileMapping second = FileMapping.CreateOrOpen(name, 99999);
        Assert.False(first.Existed);
        Assert.True(second.Existed);
        Assert.Equal(first.Size, second.Size);
    }

    [Fact]
    public void ANameInUseIsAnIoErrorWithTheStatus()
    {
        string name = Some.Name();
        using FileMapping first = FileMapping.Create(name, 1);
        FilemapException why = Assert.Throws<FilemapException>(() => FileMapping.Create(name, 1));
        Assert.Equal(FilemapStatus.Exists, why.Status);
        Assert.Contains(name, why.Message);
        Assert.Equal(unchecked((int)0x800700B7), why.HResult);
    }

    [Fact]
    public void AMissingNameIsFileNotFound()
    {
        string name = Some.Name();
        FileNotFoundException why = Assert.Throws<FileNotFoundException>(() => FileMapping.Open(name));
        Assert.Equal(FilemapStatus.NotFound, Assert.IsType<FilemapException>(why.InnerException).Status);
        Assert.Equal(name, why.FileName);
        Assert.False(FileMapping.TryOpen(name, out FileMapping? none));
        Assert.Null(none);
        using FileMapping made = FileMapping.Create(name, 1);
        Assert.True(FileMapping.TryOpen(name, AccessRights.Read, out FileMapping? found));
        found.Dispose();
    }

    [Fact]
    public void TheNameEndsWithTheLastHandleNotWithTheView()
    {
        string name = Some.Name();
        FileMapping made = FileMapping.Create(name, 4096);
        using MappedView view = made.CreateView();
        made.Dispose();
        Assert.False(FileMapping.TryOpen(name, out _));
        view.Write(0, 1);
        Assert.Equal(1, view.Read<int>(0));
    }

    [Fact]
    public void NamesThatCannotBeAreArgumentErrors()
    {
        Assert.Throws<ArgumentException>(() => FileMapping.Create(@"Local\a\b", 1));
        Assert.Throws<ArgumentException>(() => FileMapping.Create("a\0b", 1));
        Assert.Throws<ArgumentException>(() => FileMapping.Create("\ud800", 1));
        Assert.Throws<ArgumentNullException>(() => FileMapping.Open(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileMapping.Create(Some.Name(), -1));
        Assert.Throws<ArgumentException>(() => FileMapping.Create(Some.Name(), 0));
    }

    [Fact]
    public void NamesOfAllScriptsWork()
    {
        string name = Some.Name() + " Größe/日本 \U0001F600";
        using FileMapping made = FileMapping.Create(name, 1);
        Assert.Equal(name, made.Name);
        using FileMapping opened = FileMapping.Open(name);
        Assert.Contains(FilemapLibrary.List(), one => one.Name == name && one.Kind == ObjectKind.Mapping);
    }

    [Fact]
    public void ANameOfAnotherKindIsRefused()
    {
        string name = Some.Name();
        using NamedEvent made = NamedEvent.Create(name, manualReset: false);
        Assert.Equal(FilemapStatus.WrongKind, Assert.Throws<FilemapException>(() => FileMapping.Open(name)).Status);
    }

    [Fact]
    public void AReadHandleMakesNoWritingView()
    {
        string name = Some.Name();
        using FileMapping made = FileMapping.Create(name, 1);
        using FileMapping weak = FileMapping.Open(name, AccessRights.Read);
        Assert.Throws<UnauthorizedAccessException>(() => weak.CreateView());
        using MappedView view = weak.CreateView(AccessRights.Read);
        Assert.False(view.CanWrite);
        Assert.Throws<UnauthorizedAccessException>(() => view.Write(0, 1));
        Assert.Throws<UnauthorizedAccessException>(() => view.GetSpan(0, 1).Length);
        Assert.Throws<UnauthorizedAccessException>(() => weak.Duplicate(AccessRights.Write, false));
    }

    [Fact]
    public void AFileIsMappedByPathStreamAndHandle()
    {
        File.WriteAllText(_file, "contents of the file");
        using (FileMapping mapping = FileMapping.FromFile(_file))
        using (MappedView view = mapping.CreateView())
        {
            Assert.Equal(20, view.Size);
            Assert.Equal("contents of the file", view.ReadString(0));
            view.Write(0, (byte)'C');
            view.Flush();
        }
        using (FileStream stream = new(_file, FileMode.Open))
        using (FileMapping mapping = FileMapping.FromFile(stream, null, 100, null))
        using (MappedView view = mapping.CreateView())
        {
            Assert.Equal((byte)'C', view.Read<byte>(0));
            Assert.Equal(100, mapping.Size);
        }
        using (var handle = File.OpenHandle(_file))
        using (FileMapping mapping = FileMapping.FromHandle(handle, Some.Name(), 0, new MappingOptions { Protection = PageProtection.Read }))
        using (MappedView view = mapping.CreateView(AccessRights.Read))
            Assert.Equal((byte)'C', view.Read<byte>(0));
        File.Delete(_file); // nothing holds it any more, also on Windows
        Assert.Throws<FileNotFoundException>(() => FileMapping.FromFile(_file));
    }

    [Fact]
    public void ATokenOpensAnUnnamedMapping()
    {
        using FileMapping made = FileMapping.Create(null, 4096);
        using MappedView one = made.CreateView();
        one.Write(0, 7);
        string token = made.ExportToken();
        using (FileMapping opened = FileMapping.FromToken(token, AccessRights.Read))
        using (MappedView other = opened.CreateView(AccessRights.Read))
            Assert.Equal(7, other.Read<int>(0));
        Assert.Throws<ArgumentException>(() => NamedEvent.FromToken(token));
        Assert.Throws<ArgumentException>(() => FileMapping.FromToken("nonsense"));
        Assert.Equal("", made.Name);
    }

    [Fact]
    public void QueryTellsWhatTheMappingIs()
    {
        using FileMapping made = FileMapping.Create(Some.Name(), 4096, new MappingOptions { Inheritable = true });
        ObjectInformation told = made.Query();
        Assert.Equal(ObjectKind.Mapping, told.Kind);
        Assert.Equal(4096, told.Size);
        Assert.True(told.IsInheritable);
        Assert.False(told.IsFile);
        Assert.True(told.Holders is null or 1);
        Assert.True(told.Created is null || (DateTimeOffset.UtcNow - told.Created.Value).Duration() < TimeSpan.FromMinutes(5));
        using FileMapping copy = made.Duplicate(AccessRights.Read, inheritable: false);
        Assert.False(copy.Query().IsInheritable);
    }

    [Fact]
    public void ReservedMemoryIsCommittedByRange()
    {
        using FileMapping made = FileMapping.Create(Some.Name(), 1 << 20, new MappingOptions { Reserve = true });
        made.Commit(0, 4096);
        using MappedView view = made.CreateView();
        view.Write(4000, 5);
        Assert.Equal(5, view.Read<int>(4000));
        Assert.Throws<ArgumentOutOfRangeException>(() => made.Commit(1 << 20, 4096));
    }

    [Fact]
    public void ADisposedMappingSaysSo()
    {
        FileMapping made = FileMapping.Create(Some.Name(), 1);
        made.Dispose();
        made.Dispose();
        Assert.True(made.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => made.CreateView());
        Assert.Throws<ObjectDisposedException>(() => made.Name);
        Assert.Throws<ObjectDisposedException>(() => made.Query());
        Assert.Throws<ObjectDisposedException>(() => made.ExportToken());
    }

    [Fact]
    public void TheLibraryTellsOfItself()
    {
        Assert.Equal(1, FilemapLibrary.Version.Major);
        Assert.True(FilemapLibrary.PageSize >= 4096);
        Assert.Equal(0, FilemapLibrary.AllocationGranularity % FilemapLibrary.PageSize);
        Assert.True(FilemapLibrary.Sweep().Remaining >= 0);
    }

    [Fact]
    public void AListingShowsScopesAndOwners()
    {
        string name = Some.Name();
        using NamedSemaphore made = NamedSemaphore.Create(name, 1, 2);
        ListedObject found = FilemapLibrary.List(ObjectScope.Local, includeDead: false).Single(one => one.Name == name);
        Assert.Equal(ObjectScope.Local, found.Scope);
        Assert.False(found.IsDead);
        Assert.DoesNotContain(FilemapLibrary.List(ObjectScope.Global, includeDead: false), one => one.Name == name);
    }
}
