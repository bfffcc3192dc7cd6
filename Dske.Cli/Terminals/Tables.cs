using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dske.Cli.Terminals;

/// <summary>How all tables look: columns that line up, no frames, nothing that a program reading lines would stumble over.</summary>
internal static class Tables
{
    /// <summary>What stands where there is nothing to say.</summary>
    public const string Nothing = "-";

    /// <summary>Begins a table.</summary>
    /// <param name="headings">The headings of its columns.</param>
    public static Table Create(params string[] headings)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var (index, heading) in headings.Index())
        {
            var gap = index < headings.Length - 1 ? 2 : 0;
            table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold))) { NoWrap = true, Padding = new Padding(0, 0, gap, 0) });
        }

        return table;
    }

    /// <summary>Adds a row.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cells">The text of its cells, as it is.</param>
    public static void AddCells(this Table table, params string?[] cells) => table.AddRow([.. cells.Select(cell => (IRenderable)new Text(cell ?? Nothing))]);

    /// <summary>A cell whose colour says whether all is well. The text says so, too.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isGood">Whether all is well; null for neither.</param>
    public static IRenderable Coloured(string text, bool? isGood) => isGood switch
    {
        true => new Text(text, new Style(Color.Green)),
        false => new Text(text, new Style(Color.Red)),
        null => new Text(text),
    };

    /// <summary>A number of bytes as people read it: <c>244.0 KiB</c>.</summary>
    /// <param name="bytes">How many; not negative.</param>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1024 * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024 / 1024:0.0} GiB"),
    };
}
