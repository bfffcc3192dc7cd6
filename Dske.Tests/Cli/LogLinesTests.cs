using Dske.Cli.Logs;

namespace Dske.Tests.Cli;

[Trait("Tier", "Unit")]
public sealed class LogLinesTests
{
    private const string Text = "The network is up.\nhank  | one\ncarol | a | b\nhank  | two\nhan   | none\n";

    [Fact]
    public void Lines_of_a_node_come_without_its_name()
    {
        Assert.Equal(["one", "two"], new LogLines(new StringReader(Text), "hank").Last(10));
        Assert.Equal(["a | b"], new LogLines(new StringReader(Text), "carol").Last(10));
        Assert.Empty(new LogLines(new StringReader(Text), "helen").Last(10));
    }

    [Fact]
    public void Without_a_node_all_lines_come_as_they_are()
    {
        Assert.Equal(["hank  | two", "han   | none"], new LogLines(new StringReader(Text), null).Last(2));
        Assert.Empty(new LogLines(new StringReader(Text), null).Last(0));
    }

    [Fact]
    public void A_line_is_shown_once_it_is_whole()
    {
        using var file = new MemoryStream();
        using var reader = new StreamReader(file);
        var lines = new LogLines(reader, "hank");
        void Append(string text)
        {
            var position = file.Position;
            file.Seek(0, SeekOrigin.End);
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Position = position;
        }

        Append("hank | ha");
        Assert.Null(lines.Next());
        Append("lf\r\nhank | next");
        Assert.Equal("half", lines.Next());
        Assert.Null(lines.Next());
        Append("\n");
        Assert.Equal("next", lines.Next());
    }
}
