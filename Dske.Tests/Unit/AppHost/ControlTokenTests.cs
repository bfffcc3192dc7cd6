using System.Text;
using Dske.AppHost.Control;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.AppHost;

[Trait("Tier", "Unit")]
public sealed class ControlTokenTests : IDisposable
{
    private readonly ControlToken _token = ControlToken.Draw(SystemEntropySource.Instance);

    private string Digits => Encoding.ASCII.GetString(_token.Digits);

    public void Dispose() => _token.Dispose();

    [Fact]
    public void It_has_64_hexadecimal_digits_and_is_never_the_same()
    {
        using var other = ControlToken.Draw(SystemEntropySource.Instance);

        Assert.Matches("^[0-9a-f]{64}$", Digits);
        Assert.NotEqual(Digits, Encoding.ASCII.GetString(other.Digits));
    }

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("bearer ")]
    public void A_header_that_carries_it_is_accepted(string scheme) => Assert.True(_token.IsCarriedBy(scheme + Digits));

    [Fact]
    public void Anything_else_is_refused()
    {
        Assert.False(_token.IsCarriedBy(null));
        Assert.False(_token.IsCarriedBy(""));
        Assert.False(_token.IsCarriedBy(Digits));
        Assert.False(_token.IsCarriedBy("Basic  " + Digits[1..]));
        Assert.False(_token.IsCarriedBy("Bearer " + Digits[..^1]));
        Assert.False(_token.IsCarriedBy("Bearer " + Digits + "0"));
        Assert.False(_token.IsCarriedBy("Bearer " + Digits.ToUpperInvariant() + " "));
        Assert.False(_token.IsCarriedBy("Bearer " + (Digits[0] == '0' ? '1' : '0') + Digits[1..]));
        Assert.False(_token.IsCarriedBy("Bearer " + new string('ä', Digits.Length)));
    }

    [Fact]
    public void The_file_that_tells_it_is_for_its_owner_alone()
    {
        var directory = Directory.CreateTempSubdirectory("dske-tests-");
        try
        {
            ControlFile.Write(directory.FullName, new Uri("http://127.0.0.1:8115"), _token);
            ControlFile.Write(directory.FullName, new Uri("http://127.0.0.1:8116"), _token);
            var file = Assert.Single(directory.EnumerateFiles());

            Assert.Equal(
                $$"""{"address":"http://127.0.0.1:8116","token":"{{Digits}}","process_id":{{Environment.ProcessId}}}""", File.ReadAllText(file.FullName));
            Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
