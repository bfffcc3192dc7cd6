using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Messages;

/// <summary>
/// Reads and writes the v1 messages as UTF-8 JSON. Reading is strict: a missing, double or unknown member, a wrong type, a comment
/// or anything after the message makes it unreadable.
/// </summary>
public static class MessageJson
{
    private const int MaxDepth = 8;

    private static readonly MessageJsonContext Guide = CreateContext(Dialect.Guide);
    private static readonly MessageJsonContext Reference = CreateContext(Dialect.Reference);

    /// <summary>Reads a message.</summary>
    /// <typeparam name="T">One of the message types of this namespace.</typeparam>
    /// <param name="utf8">The raw body.</param>
    /// <param name="dialect">The dialect it must be in.</param>
    /// <param name="message">The message, when the result is true.</param>
    /// <returns>False when the body is anything else.</returns>
    public static bool TryRead<T>(ReadOnlySpan<byte> utf8, Dialect dialect, [NotNullWhen(true)] out T? message)
        where T : class
    {
        message = null;
        try
        {
            message = JsonSerializer.Deserialize(utf8, TypeInfo<T>(dialect));
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            // Peers send what they like; the caller turns "unreadable" into an outcome.
        }

        return message is not null;
    }

    /// <summary>Writes a message, compactly.</summary>
    /// <typeparam name="T">One of the message types of this namespace that holds no secret.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="dialect">The dialect to write.</param>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is null.</exception>
    public static byte[] Write<T>(T message, Dialect dialect)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(message);
        return JsonSerializer.SerializeToUtf8Bytes(message, TypeInfo<T>(dialect));
    }

    /// <summary>Writes a message that holds a secret into memory that is zeroed afterwards.</summary>
    /// <typeparam name="T">One of the message types of this namespace.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="dialect">The dialect to write.</param>
    /// <param name="destination">Where to write; the caller disposes it.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void Write<T>(T message, Dialect dialect, SecretBufferWriter destination)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(destination);
        using var writer = new Utf8JsonWriter(destination);
        JsonSerializer.Serialize(writer, message, TypeInfo<T>(dialect));
    }

    /// <summary>Teaches other serializer options how allocations and secrets are written, for instance to describe the messages.</summary>
    /// <param name="options">The options to add to.</param>
    /// <param name="dialect">The dialect to write.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public static void AddConverters(JsonSerializerOptions options, Dialect dialect)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Converters.Add(new AllocationJsonConverter(dialect));
        options.Converters.Add(new SecretBytesJsonConverter());
    }

    private static JsonTypeInfo<T> TypeInfo<T>(Dialect dialect)
        => (JsonTypeInfo<T>)((dialect == Dialect.Guide ? Guide : Reference).GetTypeInfo(typeof(T))
            ?? throw new ArgumentException($"{typeof(T).Name} is no message of this protocol.", nameof(T)));

    private static MessageJsonContext CreateContext(Dialect dialect) => new(new JsonSerializerOptions(JsonSerializerOptions.Strict)
    {
        MaxDepth = MaxDepth,
        // Names are data here, never HTML; the reference does not escape them either.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new AllocationJsonConverter(dialect), new SecretBytesJsonConverter() },
    });
}
