using System.Globalization;

namespace Dske.Console.Network.Picture;

/// <summary>Numbers as SVG has them.</summary>
public static class Svg
{
    /// <summary>A number with at most two decimals.</summary>
    /// <param name="value">The number.</param>
    public static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
