using System.Globalization;
using Dske.Console.Network;
using Dske.Console.Telemetry.Traces;
using Dske.Console.Traces;

namespace Dske.Console.Establishments;

/// <summary>Steps of an establishment in words.</summary>
public static class StepText
{
    /// <summary>What was asked, for instance: make keys.</summary>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentNullException"><paramref name="step"/> is null.</exception>
    public static string What(EstablishmentStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Kind switch
        {
            EstablishmentStepKind.MakeKeys => "make keys",
            EstablishmentStepKind.Relay => "pass share on",
            EstablishmentStepKind.Offer => "offer keys",
            EstablishmentStepKind.FetchKeys => "fetch keys",
            _ => "fetch share",
        };
    }

    /// <summary>A step in a line, as it stands at its rung.</summary>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentNullException"><paramref name="step"/> is null.</exception>
    public static string AtRung(EstablishmentStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var share = step.ShareIndex is { } index ? string.Create(CultureInfo.InvariantCulture, $"share {index} · ") : What(step) + " · ";
        return step.Failure is { } failure ? $"{share}{failure} · {Elapsed.Of(step.Duration)}" : share + Elapsed.Of(step.Duration);
    }

    /// <summary>A step as a sentence, for whoever points at it or hears it.</summary>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentNullException"><paramref name="step"/> is null.</exception>
    public static string Sentence(EstablishmentStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var share = step.ShareIndex is { } index ? string.Create(CultureInfo.InvariantCulture, $", share {index}") : null;
        var spent = step.PsrdSpent is { } bytes ? $", {Size.Of(bytes)} of random data spent" : null;
        var handled = step.HandlingDuration is { } handling ? $", of which {step.To} took {Elapsed.Of(handling)}" : null;
        var outcome = step.Failure is { } failure ? $"; failed: {failure}" : null;
        return $"{step.From ?? "?"} asks {step.To}: {What(step)}{share}. {Elapsed.Of(step.Duration)}{handled}{spent}{outcome}";
    }
}
