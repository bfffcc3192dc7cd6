namespace Dske.Protocol.Topology.Yaml;

/// <summary>A part of a YAML document that remembers where it stands.</summary>
internal abstract record YamlElement(YamlMark Mark)
{
    /// <summary>What it is, in the words of an error message.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether nothing was written where a value could stand.</summary>
    public virtual bool IsNull => false;
}

/// <summary>Text, a number, or nothing.</summary>
/// <param name="Mark">Where it begins.</param>
/// <param name="Text">The content without quotes.</param>
/// <param name="IsPlain">Whether it was written without quotes.</param>
internal sealed record YamlScalar(YamlMark Mark, string Text, bool IsPlain) : YamlElement(Mark)
{
    public override string Kind => IsNull ? "nothing" : "a single value";

    // The spellings of null in the YAML 1.2 core schema, section 10.3.2.
    public override bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list.</summary>
internal sealed record YamlSequence(YamlMark Mark, IReadOnlyList<YamlElement> Items) : YamlElement(Mark)
{
    public override string Kind => "a list";
}

/// <summary>Keys with values, as written: repeated keys are still there.</summary>
internal sealed record YamlMapping(YamlMark Mark, IReadOnlyList<KeyValuePair<YamlElement, YamlElement>> Entries) : YamlElement(Mark)
{
    public override string Kind => "a mapping";
}

/// <summary>Something that has been reported already, so that nothing more need be said of it.</summary>
internal sealed record YamlRefused(YamlMark Mark) : YamlElement(Mark)
{
    public override string Kind => "something that is not supported";
}
