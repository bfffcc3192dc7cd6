using System.Diagnostics.CodeAnalysis;

namespace Dske.Protocol.KeyDelivery;

/// <summary>The end of a call to a KME: what it gave, or why not.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public sealed class KeyDeliveryResult<T>
    where T : class
{
    internal KeyDeliveryResult(T value) => Value = value;

    internal KeyDeliveryResult(KeyDeliveryOutcome outcome, string? message = null, TimeSpan? retryAfter = null)
    {
        Outcome = outcome;
        Message = message;
        RetryAfter = retryAfter;
    }

    /// <summary>How the call ended.</summary>
    public KeyDeliveryOutcome Outcome { get; }

    /// <summary>Whether <see cref="Value"/> is there.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Succeeded => Value is not null;

    /// <summary>What the KME gave, on <see cref="KeyDeliveryOutcome.Success"/>. The caller owns it, and disposes it where it can.</summary>
    public T? Value { get; }

    /// <summary>What the KME said of its refusal: at most 512 characters, no control characters; null when it said nothing.</summary>
    public string? Message { get; }

    /// <summary>How long to wait, as the KME wishes; null when it named no time.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Says how the call ended; never a key.</summary>
    public override string ToString() => Message is null ? $"{Outcome}" : $"{Outcome}: {Message}";
}
