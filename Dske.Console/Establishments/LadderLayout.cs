using Dske.Console.Telemetry.Traces;

namespace Dske.Console.Establishments;

/// <summary>Where rails and rungs of a ladder diagram are, in the units of its picture.</summary>
public sealed class LadderLayout
{
    /// <summary>The width of the picture.</summary>
    public const double Width = 1000;

    /// <summary>The most steps that are drawn. An establishment with 16 hubs has some forty.</summary>
    public const int MaxSteps = 200;

    /// <summary>From one rung to the next.</summary>
    public const double RungHeight = 30;

    private const double Left = 100;
    private const double Right = 60;
    private const double Top = 64;

    private readonly DateTimeOffset _start;
    private readonly int _steps;
    private readonly Dictionary<string, double> _rails;

    /// <summary>Lays a ladder out.</summary>
    /// <param name="view">What it shows.</param>
    /// <exception cref="ArgumentNullException"><paramref name="view"/> is null.</exception>
    public LadderLayout(EstablishmentView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        (_start, _steps) = (view.Start, Math.Min(view.Steps.Count, MaxSteps));
        var gap = (Width - Left - Right) / Math.Max(1, view.Participants.Count - 1);
        _rails = view.Participants.Select((participant, i) => (participant.Name, X: Left + (i * gap))).ToDictionary(rail => rail.Name, rail => rail.X);
    }

    /// <summary>The height of the picture.</summary>
    public double Height => Top + ((_steps + 0.5) * RungHeight);

    /// <summary>Where rails begin.</summary>
    public static double RailTop => Top - 22;

    /// <summary>Where a node's rail is.</summary>
    /// <param name="node">The node; one that has no rail stands at the edge.</param>
    public double RailOf(string? node) => node is not null && _rails.TryGetValue(node, out var x) ? x : Left - 50;

    /// <summary>Where a rung is.</summary>
    /// <param name="index">Its place among the steps, from 0.</param>
    public static double RungOf(int index) => Top + (index * RungHeight) + 10;

    /// <summary>How long after the first step a step began; zero where clocks differ.</summary>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentNullException"><paramref name="step"/> is null.</exception>
    public TimeSpan OffsetOf(EstablishmentStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Start > _start ? step.Start - _start : TimeSpan.Zero;
    }
}
