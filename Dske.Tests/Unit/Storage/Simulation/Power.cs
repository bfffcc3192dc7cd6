using Dske.Storage.Files;

namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>
/// What keeps a simulated machine running. Every step that reaches for the disk is counted, and any of them may be the one at which the power
/// goes, or at which the disk fails.
/// </summary>
internal sealed class Power(Random random)
{
    /// <summary>Held during a step, and by whoever must not be interrupted by one: several threads may share a machine.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Whether the machine runs.</summary>
    public bool IsOn { get; private set; } = true;

    /// <summary>How many steps were taken so far.</summary>
    public int Steps { get; private set; }

    /// <summary>The power goes at this step: sometimes before it took effect, sometimes right after.</summary>
    public int? LossAt { get; set; }

    /// <summary>The disk fails at these steps.</summary>
    public Func<int, bool> FailsAt { get; set; } = _ => false;

    /// <summary>Takes a step.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="effect">What it does.</param>
    public void Step(string path, Action effect)
    {
        using var _ = Gate.EnterScope();
        EnsureOn();
        var step = Steps++;
        if (step == LossAt)
        {
            IsOn = false;
            if (random.Next(2) == 0)
            {
                effect();
            }

            throw new PowerLossException();
        }

        if (FailsAt(step))
        {
            throw FileFaults.Translate(path, new IOException("No space left on device", FileFaults.NoSpace));
        }

        effect();
    }

    public void EnsureOn()
    {
        if (!IsOn)
        {
            throw new PowerLossException();
        }
    }

    /// <summary>Cuts the power between two steps.</summary>
    public void Cut() => IsOn = false;

    /// <summary>Starts the machine again.</summary>
    public void Restore()
    {
        IsOn = true;
        LossAt = null;
    }
}
