using Dske.Protocol.Errors;

namespace Dske.Protocol.Hubs;

/// <summary>What became of a registration.</summary>
/// <param name="Error">Why it was refused; null when it was not.</param>
/// <param name="ReplacedPools">Whether the client's earlier PSRD was retired: its instance is another one, or it has none.</param>
/// <param name="NetworkMismatch">Whether the client's network has other hubs, another order or another threshold: an alarm.</param>
public readonly record struct RegistrationResult(DskeError? Error, bool ReplacedPools, bool NetworkMismatch);
