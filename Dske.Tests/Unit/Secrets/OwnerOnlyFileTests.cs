using System.Runtime.Versioning;
using System.Text;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Secrets;

[Trait("Tier", "Unit")]
public sealed class OwnerOnlyFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    private string File => Path.Combine(_directory.FullName, "secret");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_line_is_read_as_it_was_written_and_nobody_else_can_read_it()
    {
        OwnerOnlyFile.WriteLine(File, "an older and longer line"u8);
        OwnerOnlyFile.WriteLine(File, "a line"u8);

        Assert.True(OwnerOnlyFile.TryRead(File, 6, out var line, out _));
        using (line)
        {
            Assert.Equal("a line", Encoding.ASCII.GetString(line.Span));
        }

        Assert.Equal([File], Directory.GetFiles(_directory.FullName));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_link_is_replaced_not_followed_be_it_the_file_or_its_draft()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need privileges there.");
        var elsewhere = Path.Combine(_directory.FullName, "elsewhere");
        System.IO.File.WriteAllText(elsewhere, "somebody's");
        System.IO.File.CreateSymbolicLink(File, elsewhere);
        System.IO.File.CreateSymbolicLink(File + ".new", elsewhere);

        OwnerOnlyFile.Write(File, "secret"u8);

        Assert.Equal("somebody's", System.IO.File.ReadAllText(elsewhere));
        Assert.Equal("secret", System.IO.File.ReadAllText(File));
        Assert.Null(new FileInfo(File).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal([elsewhere, File], Directory.GetFiles(_directory.FullName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_killed_process_left_of_a_file_can_be_removed()
    {
        OwnerOnlyFile.Write(File, "older"u8);
        System.IO.File.WriteAllText(File + ".new", "half of it");

        OwnerOnlyFile.RemoveDraft(File);
        OwnerOnlyFile.RemoveDraft(File);

        Assert.Equal([File], Directory.GetFiles(_directory.FullName));
        Assert.Equal("older", System.IO.File.ReadAllText(File));
    }

    [Theory]
    [InlineData("a line", "a line")]
    [InlineData("a line\n", "a line")]
    [InlineData("a line\r\n", "a line")]
    [InlineData("a line\n\n", "a line\n")]
    [InlineData("3\nlines\n\n", "3\nlines\n")]
    [InlineData("\n", "")]
    [InlineData("", "")]
    public void One_line_break_at_the_end_is_not_part_of_the_content(string content, string expected)
    {
        OwnerOnlyFile.WriteLine(File, []);
        System.IO.File.WriteAllText(File, content);

        Assert.True(OwnerOnlyFile.TryRead(File, 10, out var line, out _));
        using (line)
        {
            Assert.Equal(expected, Encoding.ASCII.GetString(line.Span));
        }
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_is_open_to_others_is_refused(UnixFileMode others)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        OwnerOnlyFile.WriteLine(File, "hunter2"u8);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);

        Assert.False(OwnerOnlyFile.TryRead(File, 10, out var line, out var problem));

        Assert.Null(line);
        Assert.Contains($"{File} is open to others", problem, StringComparison.Ordinal);
        Assert.Contains("chmod 600", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(100_000)]
    public void A_line_that_is_too_long_is_refused(int length)
    {
        OwnerOnlyFile.WriteLine(File, new byte[length]);

        Assert.False(OwnerOnlyFile.TryRead(File, 6, out _, out var problem));

        Assert.Contains($"{File} is longer than the 6 bytes", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_named()
    {
        Assert.False(OwnerOnlyFile.TryRead(File, 6, out _, out var missing));
        Assert.False(OwnerOnlyFile.TryRead(_directory.FullName, 6, out _, out var directory));
        Assert.False(OwnerOnlyFile.TryRead("a\0b", 6, out _, out var noPath));
        Assert.False(OwnerOnlyFile.TryRead(string.Empty, 6, out _, out _));

        Assert.StartsWith($"{File} cannot be read: ", missing, StringComparison.Ordinal);
        Assert.StartsWith($"{_directory.FullName} ", directory, StringComparison.Ordinal);
        Assert.Contains(" cannot be read: ", noPath, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_written_leaves_nothing_behind()
    {
        var nowhere = Path.Combine(_directory.FullName, "no", "such", "directory");

        Assert.ThrowsAny<IOException>(() => OwnerOnlyFile.WriteLine(nowhere, "line"u8));

        Assert.Empty(Directory.GetFileSystemEntries(_directory.FullName));
    }
}
