namespace Dske.Console.Telemetry;

/// <summary>Looks for attributes by name.</summary>
public static class TelemetryAttributes
{
    /// <summary>The value of an attribute, or null when there is none of that name.</summary>
    /// <param name="attributes">The attributes.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentNullException"><paramref name="attributes"/> is null.</exception>
    public static string? Find(this IReadOnlyList<KeyValuePair<string, string>> attributes, string name)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        for (var i = 0; i < attributes.Count; i++)
        {
            if (attributes[i].Key == name)
            {
                return attributes[i].Value;
            }
        }

        return null;
    }
}
