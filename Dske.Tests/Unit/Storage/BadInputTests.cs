using System.Diagnostics;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Storage;
using Dske.Tests.Unit.Persistence;
using Dske.Tests.Unit.Psrd;
using Microsoft.Data.Sqlite;

namespace Dske.Tests.Unit.Storage;

/// <summary>Files that are damaged, missing, foreign or in use: the node does not start, says which file and what to do, and loses nothing.</summary>
[Trait("Tier", "Unit")]
public sealed class BadInputTests : IDisposable
{
    private static readonly byte[] ShareValue = "a share, and no other bytes are like it"u8.ToArray();

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("psrd.db", 0)]
    [InlineData("psrd.db", 1)]
    [InlineData("psrd.db", 100)]
    [InlineData("psrd.db", 5000)]
    [InlineData("state.db", 0)]
    [InlineData("state.db", 1)]
    [InlineData("state.db", 100)]
    [InlineData("state.db", 5000)]
    public void A_database_that_was_cut_off_is_refused(string name, int length)
    {
        Fill();
        using (var file = File.OpenHandle(_directory[name], access: FileAccess.ReadWrite))
        {
            RandomAccess.SetLength(file, length);
        }

        AssertRefused(_directory[name], "Put back");
    }

    [Theory]
    [InlineData("psrd.db")]
    [InlineData("state.db")]
    public void A_database_full_of_garbage_is_refused(string name)
    {
        Fill();
        var garbage = new byte[20_000];
        new Random(1).NextBytes(garbage);
        File.WriteAllBytes(_directory[name], garbage);

        AssertRefused(_directory[name], "Put back");
    }

    [Theory]
    [InlineData("psrd.db")]
    [InlineData("state.db")]
    public void A_database_with_a_damaged_page_is_refused(string name)
    {
        Fill();
        using (var file = File.OpenHandle(_directory[name], access: FileAccess.ReadWrite))
        {
            // All pages but the first, which says what the file is.
            var noise = new byte[RandomAccess.GetLength(file) - 4096];
            new Random(1).NextBytes(noise);
            RandomAccess.Write(file, noise, 4096);
        }

        AssertRefused(_directory[name], "Put back");
    }

    [Theory]
    [InlineData("psrd.db")]
    [InlineData("state.db")]
    public void A_database_of_a_newer_program_is_refused(string name)
    {
        Fill();
        Execute(name, "PRAGMA user_version = 1000");

        AssertRefused(_directory[name], "version 1000", "newer program");
    }

    [Theory]
    [InlineData("psrd.db")]
    [InlineData("state.db")]
    public void A_database_of_something_else_is_refused(string name)
    {
        Fill();
        Execute(name, "PRAGMA application_id = 42");

        AssertRefused(_directory[name], "Put back");
    }

    [Fact]
    public void A_missing_block_file_is_refused()
    {
        Fill();
        var file = _directory.Single("*.psrd");
        File.Delete(file);

        AssertRefused(file, "missing", "Put back");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9_999)]
    [InlineData(10_001)]
    public void A_block_file_of_another_length_is_refused(int length)
    {
        Fill();
        var path = _directory.Single("*.psrd");
        using (var file = File.OpenHandle(path, access: FileAccess.ReadWrite))
        {
            RandomAccess.SetLength(file, length);
        }

        AssertRefused(path, $"{length} bytes instead of 10000", "Put back");
    }

    [Fact]
    public void Invariant_1_Books_that_are_older_than_the_block_are_refused()
    {
        Fill();
        var books = File.ReadAllBytes(_directory["psrd.db"]);
        using (var storage = Open())
        {
            storage.Psrd.Open(PsrdBlocks.Pool)[0].Lease(5000, new byte[4000]);
        }

        File.WriteAllBytes(_directory["psrd.db"], books);

        AssertRefused(_directory.Single("*.psrd"), "older", "Put back");
    }

    [Fact]
    public void Books_that_are_missing_are_not_begun_anew_beside_blocks()
    {
        Fill();
        File.Delete(_directory["psrd.db"]);

        AssertRefused(_directory["psrd.db"], "missing", "delete the whole data directory");
    }

    [Fact]
    public void A_log_without_its_database_is_refused()
    {
        Fill();
        File.Move(_directory["state.db"], _directory["state.db-wal"]);

        AssertRefused(_directory["state.db"], "missing");
    }

    [Fact]
    public void A_missing_second_database_is_made_anew()
    {
        var instance = Fill();
        File.Delete(_directory["state.db"]);

        using var storage = Open();

        Assert.Equal(instance, storage.State.Instance);
        Assert.Empty(storage.State.LoadRegistrations());
        Assert.Empty(storage.State.LoadShares());
        Assert.Equal(1000, Assert.Single(storage.Psrd.Open(PsrdBlocks.Pool)).Floor);
        Assert.False(_directory.Holds([ShareValue]), "A share that the node has forgotten is still there.");
    }

    [Fact]
    public void Databases_of_two_directories_are_not_mixed()
    {
        Fill();
        using var other = new TemporaryDirectory();
        HubStorage.Open(other.Path, SystemEntropySource.Instance).Dispose();
        File.Copy(other["state.db"], _directory["state.db"], overwrite: true);

        AssertRefused(_directory["state.db"], "mixed");
    }

    [Fact]
    public void Shares_that_are_missing_are_refused()
    {
        Fill();
        File.Delete(_directory["shares"]);

        AssertRefused(_directory["shares"], "missing", "delete state.db");
        Assert.False(File.Exists(_directory["shares"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public void Shares_that_were_cut_off_are_refused(int length)
    {
        Fill();
        using (var file = File.OpenHandle(_directory["shares"], access: FileAccess.ReadWrite))
        {
            RandomAccess.SetLength(file, length);
        }

        AssertRefused(_directory["shares"], "cut off");
    }

    [Fact]
    public void Shares_whose_header_is_damaged_are_refused()
    {
        Fill();
        var shares = File.ReadAllBytes(_directory["shares"]);
        for (var i = 0; i < 80; i += 7)
        {
            File.WriteAllBytes(_directory["shares"], [.. shares[..i], (byte)~shares[i], .. shares[(i + 1)..]]);
            AssertRefused(_directory["shares"], "damaged");
        }
    }

    [Fact]
    public void Shares_of_another_node_are_refused()
    {
        Fill();
        using var other = new TemporaryDirectory();
        HubStorage.Open(other.Path, SystemEntropySource.Instance).Dispose();
        File.Copy(other["shares"], _directory["shares"], overwrite: true);

        AssertRefused(_directory["shares"], "mixed");
    }

    [Fact]
    public void A_share_with_a_damaged_byte_is_not_handed_out()
    {
        Fill();
        var shares = File.ReadAllBytes(_directory["shares"]);
        var at = shares.AsSpan().IndexOf(ShareValue);
        foreach (var damaged in (int[])[at, at + ShareValue.Length - 1, 4096, 4096 + 4, 4096 + 12, 4096 + 20])
        {
            File.WriteAllBytes(_directory["shares"], [.. shares[..damaged], (byte)(shares[damaged] ^ 1), .. shares[(damaged + 1)..]]);
            using var storage = Open();
            Assert.Empty(storage.State.LoadShares());
        }
    }

    [Fact]
    public void A_client_does_not_take_a_hubs_directory()
    {
        Fill();

        var refusal = Assert.Throws<StorageException>(() => ClientStorage.Open(_directory.Path, SystemEntropySource.Instance));

        Assert.Contains("belongs to a hub", refusal.Message, StringComparison.Ordinal);
        using var storage = Open();
    }

    [Fact]
    public void A_directory_is_opened_once_at_a_time()
    {
        Fill();
        using (Open())
        {
            var refusal = Assert.Throws<StorageException>(Open);
            Assert.Equal(_directory.Path, refusal.Path);
            Assert.Contains("in use", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("stop the other process", refusal.Message, StringComparison.Ordinal);
        }

        using var again = Open();
    }

    [Fact]
    public void A_directory_is_locked_against_other_processes()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "Needs the command flock.");
        using (Open())
        {
            Assert.Equal(1, TryLock());
        }

        Assert.Equal(0, TryLock());

        int TryLock()
        {
            using var other = Process.Start("/usr/bin/flock", ["--nonblock", _directory["lock"], "true"]);
            other.WaitForExit();
            return other.ExitCode;
        }
    }

    [Fact]
    public void A_file_where_the_directory_should_be_is_refused()
    {
        File.WriteAllText(_directory.Path, "in the way");

        AssertRefused(_directory.Path);
        Assert.Equal("in the way", File.ReadAllText(_directory.Path));
    }

    [Fact]
    public void Directory_and_files_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        Fill();
        var everybody = UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        AssertClosed();
        foreach (var entry in new DirectoryInfo(_directory.Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            entry.UnixFileMode |= everybody;
        }

        new DirectoryInfo(_directory.Path).UnixFileMode |= everybody;
        using var storage = Open();
        storage.State.SaveRegistration(new RegistrationRecord(NodeName.Parse("celia"), [], null, true));

        AssertClosed();

        void AssertClosed() => Assert.All(
            new DirectoryInfo(_directory.Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Append(new DirectoryInfo(_directory.Path)),
            entry => Assert.Equal(UnixFileMode.None, entry.UnixFileMode & everybody));
    }

    [Fact]
    public void Stray_files_of_blocks_are_erased_and_files_of_others_are_left()
    {
        Fill();
        File.WriteAllBytes(_directory["blocks", "hank.client.a.psrd.new"], new byte[100]);
        File.WriteAllBytes(_directory["blocks", "hank.client.b.psrd"], new byte[100]);
        File.WriteAllText(_directory["blocks", "notes.txt"], "of the operator");

        using var storage = Open();

        Assert.Equal(2, Directory.GetFiles(_directory["blocks"]).Length);
        Assert.Equal("of the operator", File.ReadAllText(_directory["blocks", "notes.txt"]));
    }

    [Fact]
    public void Nonsense_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>(() => HubStorage.Open(string.Empty, SystemEntropySource.Instance));
        Assert.Throws<ArgumentNullException>(() => HubStorage.Open(null!, SystemEntropySource.Instance));
        Assert.Throws<ArgumentNullException>(() => HubStorage.Open(_directory.Path, null!));
        Assert.Throws<ArgumentException>(() => ClientStorage.Open(string.Empty, SystemEntropySource.Instance));
        Assert.Throws<ArgumentNullException>(() => ClientStorage.Open(_directory.Path, null!));
    }

    private Guid Fill()
    {
        using var storage = Open();
        var blocks = new PsrdBlocks(seed: 1, 10_000);
        storage.Psrd.Add(PsrdBlocks.Pool, blocks[0], blocks.All[0].Data).Lease(1000, new byte[1000]);
        storage.State.SaveRegistration(new RegistrationRecord(NodeName.Parse("carol"), [SaeId.Parse("sam")], null, true));
        using var secret = SecretBytes.CopyOf(ShareValue);
        storage.State.SaveShareAsync(HubStateStoreExtensions.Waiting(Guid.Empty, secret)).GetAwaiter().GetResult();
        return storage.State.Instance;
    }

    private HubStorage Open() => HubStorage.Open(_directory.Path, SystemEntropySource.Instance);

    /// <summary>Whatever opening says about the file, it says it again the next time, and has changed no file.</summary>
    private void AssertRefused(string path, params string[] words)
    {
        var before = Directory.Exists(_directory.Path) ? Describe() : null;
        for (var i = 0; i < 2; i++)
        {
            var refusal = Assert.Throws<StorageException>(Open);
            Assert.Equal(path, refusal.Path);
            Assert.StartsWith(path + ": ", refusal.Message, StringComparison.Ordinal);
            Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
            Assert.Equal(before, before is null ? null : Describe());
        }

        string Describe() => string.Join(';', _directory.ReadFiles()
            .Where(file => !file.Name.EndsWith("-wal", StringComparison.Ordinal) || file.Content.Length > 0)
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => $"{file.Name} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file.Content))}"));
    }

    private void Execute(string name, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory[name]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
