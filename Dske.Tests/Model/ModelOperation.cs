using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;

namespace Dske.Tests.Model;

/// <summary>Keys that are being made or fetched.</summary>
/// <param name="Client">Where.</param>
/// <param name="What">What it is, for the account of a run.</param>
/// <param name="Task">What will come of it.</param>
/// <param name="NeedsNoTime">Whether everything that it needs is in order, so that it ends without time passing.</param>
/// <param name="Changes">How much had happened to the network when it began.</param>
/// <param name="Check">
/// Compares what came of it with the model; told whether nothing happened to the network meanwhile, so that what was expected at the beginning
/// still has to be.
/// </param>
internal sealed record ModelOperation(NodeName Client, string What, Task<KeyResult> Task, bool NeedsNoTime, int Changes, Action<KeyResult, bool> Check);
