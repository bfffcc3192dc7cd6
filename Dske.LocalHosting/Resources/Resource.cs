namespace Dske.LocalHosting;

/// <summary>A named resource.</summary>
public abstract class Resource : IResource
{
    /// <summary>The greatest length of a name, in characters.</summary>
    internal const int MaxNameLength = 64;

    /// <summary>Names the resource.</summary>
    /// <param name="name">1 to 64 ASCII letters, digits and single hyphens; a letter first, no hyphen last.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not of that form.</exception>
    protected Resource(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var wellFormed = name.Length is > 0 and <= MaxNameLength
            && char.IsAsciiLetter(name[0])
            && name[^1] != '-'
            && !name.Contains("--", StringComparison.Ordinal)
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
        Name = wellFormed ? name : throw new ArgumentException(
            $"A resource name has 1 to {MaxNameLength} ASCII letters, digits and single hyphens, a letter first and no hyphen last: '{name}' is none.",
            nameof(name));
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public IList<IResourceAnnotation> Annotations { get; } = [];
}
