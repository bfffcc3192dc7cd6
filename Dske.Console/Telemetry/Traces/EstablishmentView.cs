namespace Dske.Console.Telemetry.Traces;

/// <summary>A trace read as the establishment of keys: what a ladder diagram is drawn from. Holds no key, only its ID.</summary>
/// <param name="Summary">All of it in a line.</param>
/// <param name="Participants">The nodes from left to right: initiating encryptor and client, hubs by share index, responding client and encryptor.</param>
/// <param name="Steps">What was asked, by start.</param>
public sealed record EstablishmentView(TraceSummary Summary, IReadOnlyList<EstablishmentParticipant> Participants, IReadOnlyList<EstablishmentStep> Steps)
{
    /// <summary>When the first step began.</summary>
    public DateTimeOffset Start => Steps.Count == 0 ? Summary.Start : Steps.Min(step => step.Start);

    /// <summary>When the last step ended, those in the background included.</summary>
    public DateTimeOffset End => Steps.Count == 0 ? Summary.Start + Summary.Duration : Steps.Max(step => step.Start + step.Duration);

    /// <summary>The bytes of PSRD spent on all links together, as far as they were reported.</summary>
    public long PsrdSpent => Steps.Sum(step => step.PsrdSpent ?? 0);
}
