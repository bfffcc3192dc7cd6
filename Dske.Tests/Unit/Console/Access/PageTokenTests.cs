using System.Text;
using Dske.Console.Access;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Console.Access;

[Trait("Tier", "Unit")]
public sealed class PageTokenTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(Token, true)]
    [InlineData("0123456789abcdef0123456789abcdeF", false)]
    [InlineData(Token + "0", false)]
    [InlineData("0123456789abcdef0123456789abcde", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("0123456789abcdef0123456789abcdeé", false)]
    public void Only_the_token_is_taken_for_it(string? text, bool expected)
    {
        using var token = Read(Token);

        Assert.Equal(expected, token.IsToken(text));
        Assert.Equal(expected, token.IsBearer("Bearer " + text));
        Assert.False(token.IsBearer(text));
        Assert.False(token.IsCookie(text));
    }

    [Fact]
    public void A_cookie_is_good_for_its_own_token_only_and_does_not_tell_it()
    {
        using var token = Read(Token);
        using var same = Read(Token);
        using var other = Read("fedcba9876543210fedcba9876543210");
        var cookie = token.CreateCookie();

        Assert.True(same.IsCookie(cookie));
        Assert.False(other.IsCookie(cookie));
        Assert.False(token.IsCookie(cookie + "A") || token.IsCookie(cookie[1..]) || token.IsCookie("") || token.IsCookie(null) || token.IsCookie("é"));
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);
        Assert.False(token.IsToken(cookie));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("0123456789abcdef 0123456789abcdef")]
    public void A_token_that_is_none_is_refused(string text)
    {
        var file = Write(text);

        Assert.False(PageToken.TryRead(file, out _, out var problem));
        Assert.Contains(file, problem, StringComparison.Ordinal);
    }

    private string Write(string text)
    {
        var file = Path.Combine(_directory.FullName, Convert.ToHexString(Encoding.ASCII.GetBytes(text)));
        OwnerOnlyFile.WriteLine(file, Encoding.ASCII.GetBytes(text));
        return file;
    }

    private PageToken Read(string text) => PageToken.TryRead(Write(text), out var token, out var problem) ? token : throw new IOException(problem);
}
