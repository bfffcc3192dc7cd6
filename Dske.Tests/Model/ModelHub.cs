namespace Dske.Tests.Model;

/// <summary>What the model knows of a hub.</summary>
internal sealed class ModelHub
{
    /// <summary>Whether it runs.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>How it lies now.</summary>
    public Lie Lie { get; set; }

    /// <summary>Whether it ever lied.</summary>
    public bool HasLied { get; set; }
}
