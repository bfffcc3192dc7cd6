using System.Runtime.Versioning;
using Dske.AppHost.Launch;

namespace Dske.Tests.Unit.AppHost;

[Trait("Tier", "Unit")]
public sealed class DataDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("dske-tests-");

    private string Path => System.IO.Path.Combine(_parent.FullName, "data");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_new_directory_is_for_its_owner_alone()
    {
        Assert.True(DataDirectory.TryOpen(Path, fresh: false, out var directory, out _));
        using (directory)
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path));
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_directory_that_others_could_read_is_closed_to_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        Directory.CreateDirectory(Path, (UnixFileMode)0b111_101_101);

        Assert.True(DataDirectory.TryOpen(Path, fresh: false, out var directory, out _));
        using (directory)
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path));
        }
    }

    [Fact]
    public void What_is_stored_stays_unless_it_is_to_be_forgotten()
    {
        OpenAndClose(fresh: false);
        var stored = Directory.CreateDirectory(System.IO.Path.Combine(Path, "hank"));
        File.WriteAllText(System.IO.Path.Combine(stored.FullName, "pool"), "random");

        OpenAndClose(fresh: false);
        Assert.True(stored.Exists);

        OpenAndClose(fresh: true);
        Assert.Equal([DataDirectory.MarkerName], Directory.EnumerateFileSystemEntries(Path).Select(System.IO.Path.GetFileName));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_directory_with_files_of_someone_else_is_left_alone(bool fresh)
    {
        Directory.CreateDirectory(Path);
        var precious = System.IO.Path.Combine(Path, "thesis.tex");
        File.WriteAllText(precious, "…");

        Assert.False(DataDirectory.TryOpen(Path, fresh, out _, out var problem));

        Assert.Contains("--data", problem, StringComparison.Ordinal);
        Assert.True(File.Exists(precious));
    }

    [Fact]
    public void Forgetting_deletes_links_and_not_what_they_lead_to()
    {
        var precious = _parent.CreateSubdirectory("elsewhere");
        File.WriteAllText(System.IO.Path.Combine(precious.FullName, "thesis.tex"), "…");
        OpenAndClose(fresh: false);
        Directory.CreateSymbolicLink(System.IO.Path.Combine(Path, "link"), precious.FullName);
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "hank"));
        Directory.CreateSymbolicLink(System.IO.Path.Combine(Path, "hank", "link"), precious.FullName);

        OpenAndClose(fresh: true);

        Assert.Single(precious.EnumerateFiles());
        Assert.Single(Directory.EnumerateFileSystemEntries(Path));
    }

    [Fact]
    public void Two_networks_do_not_share_a_directory()
    {
        Assert.True(DataDirectory.TryOpen(Path, fresh: false, out var first, out _));
        Assert.False(DataDirectory.TryOpen(Path, fresh: true, out _, out var problem));
        Assert.Contains("another network", problem, StringComparison.Ordinal);

        first.Dispose();
        OpenAndClose(fresh: false);
    }

    [Fact]
    public void A_path_that_is_a_file_is_a_problem_and_not_an_exception()
    {
        File.WriteAllText(Path, "a file");

        Assert.False(DataDirectory.TryOpen(Path, fresh: false, out _, out var problem));

        Assert.Contains(Path, problem, StringComparison.Ordinal);
    }

    private void OpenAndClose(bool fresh)
    {
        Assert.True(DataDirectory.TryOpen(Path, fresh, out var directory, out _));
        directory.Dispose();
    }
}
