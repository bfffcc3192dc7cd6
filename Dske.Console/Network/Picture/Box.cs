namespace Dske.Console.Network.Picture;

/// <summary>A rectangle of the picture, in its units.</summary>
/// <param name="X">Left.</param>
/// <param name="Y">Top.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public readonly record struct Box(double X, double Y, double Width, double Height)
{
    /// <summary>The right edge.</summary>
    public double Right => X + Width;

    /// <summary>The height of the middle.</summary>
    public double Middle => Y + (Height / 2);
}
