namespace Dske.Console.Telemetry.Traces;

/// <summary>A node in an establishment.</summary>
/// <param name="Name">The node.</param>
/// <param name="Role">What it does.</param>
public sealed record EstablishmentParticipant(string Name, EstablishmentRole Role);
