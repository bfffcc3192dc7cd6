namespace Dske.Console.Telemetry.Metrics;

/// <summary>Whose numbers these are: node, instrument and attributes, which are ordered by name.</summary>
internal sealed class SeriesKey : IEquatable<SeriesKey>
{
    private readonly int _hash;

    public SeriesKey(string node, string name, KeyValuePair<string, string>[] attributes)
    {
        (Node, Name, Attributes) = (node, name, attributes);
        var hash = new HashCode();
        hash.Add(node);
        hash.Add(name);
        foreach (var (attribute, value) in attributes)
        {
            hash.Add(attribute);
            hash.Add(value);
        }

        _hash = hash.ToHashCode();
    }

    public string Node { get; }

    public string Name { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; }

    public bool Equals(SeriesKey? other) => other is not null
        && _hash == other._hash
        && Node == other.Node
        && Name == other.Name
        && Attributes.SequenceEqual(other.Attributes);

    public override bool Equals(object? obj) => Equals(obj as SeriesKey);

    public override int GetHashCode() => _hash;

    public string? Find(string attribute) => Attributes.Find(attribute);
}
