using System.Diagnostics.CodeAnalysis;

namespace Dske.Encryptor.Establishment;

/// <summary>The end of an exchange: what it gave, or why not.</summary>
/// <typeparam name="T">What was wanted.</typeparam>
internal sealed class ExchangeResult<T>
    where T : class
{
    private ExchangeResult()
    {
    }

    /// <summary>Whether <see cref="Value"/> is there.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Succeeded => Value is not null;

    /// <summary>What was wanted.</summary>
    public T? Value { get; private init; }

    /// <summary>Why it is not there; meaningless on success.</summary>
    public ExchangeFailure Failure { get; private init; }

    /// <summary>What the other end said about it; null when it said nothing.</summary>
    public string? Detail { get; private init; }

    /// <summary>How long the other end asks to wait; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static ExchangeResult<T> Success(T value) => new() { Value = value };

    public static ExchangeResult<T> Fail(ExchangeFailure failure, string? detail = null, TimeSpan? retryAfter = null) =>
        new() { Failure = failure, Detail = detail, RetryAfter = retryAfter };

    /// <summary>Carries a failure over to an exchange that wanted something else.</summary>
    public static ExchangeResult<T> Fail<TOther>(ExchangeResult<TOther> other)
        where TOther : class =>
        Fail(other.Failure, other.Detail, other.RetryAfter);
}
