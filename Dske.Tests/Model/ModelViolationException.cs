namespace Dske.Tests.Model;

/// <summary>Something happened in the network that the model does not allow.</summary>
internal sealed class ModelViolationException(string message, Exception? inner = null) : Exception(message, inner);
