using Dske.Protocol.Secrets;
using Dske.ServiceDefaults.Access;

namespace Dske.Tests.Unit.ServiceDefaults;

[Trait("Tier", "Unit")]
public sealed class OperatorTokenTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    private string File => Path.Combine(_directory.FullName, "operator-token");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("Bearer " + Token, true)]
    [InlineData("bearer " + Token, true)]
    [InlineData("Bearer 0123456789abcdef0123456789abcdeF", false)]
    [InlineData("Bearer " + Token + "0", false)]
    [InlineData("Bearer 0123456789abcdef0123456789abcde", false)]
    [InlineData("Bearer " + Token + " ", false)]
    [InlineData("Bearer  " + Token, false)]
    [InlineData("Bearer ", false)]
    [InlineData("Bearer", false)]
    [InlineData("Basic " + Token, false)]
    [InlineData(Token, false)]
    [InlineData("", false)]
    public void Only_the_token_itself_is_taken_for_it(string authorization, bool expected)
    {
        OwnerOnlyFile.WriteLine(File, System.Text.Encoding.ASCII.GetBytes(Token));
        Assert.True(OperatorToken.TryRead(File, out var token, out _));

        using (token)
        {
            Assert.Equal(expected, token.IsShownBy(authorization));
            Assert.False(token.IsShownBy(new([authorization, authorization])));
            Assert.False(token.IsShownBy(default));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef 0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdef\n")]
    [InlineData("0123456789abcdef0123456789abcdef\u00e9")]
    public void A_token_that_nobody_could_show_or_everybody_could_guess_is_refused(string line)
    {
        OwnerOnlyFile.WriteLine(File, System.Text.Encoding.UTF8.GetBytes(line));

        Assert.False(OperatorToken.TryRead(File, out var token, out var problem));

        Assert.Null(token);
        Assert.StartsWith($"{File} has to hold 32 to 256 visible ASCII characters", problem, StringComparison.Ordinal);
    }
}
