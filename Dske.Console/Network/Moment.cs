using System.Globalization;

namespace Dske.Console.Network;

/// <summary>Times as the pages write them.</summary>
public static class Moment
{
    /// <summary>The time of day on the machine of the console, which is that of whoever looks.</summary>
    /// <param name="time">The time.</param>
    public static string Of(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
