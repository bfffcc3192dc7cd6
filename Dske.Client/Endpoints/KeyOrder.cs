using System.Diagnostics.CodeAnalysis;
using Dske.Client.Hosting;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;

namespace Dske.Client.Endpoints;

/// <summary>A request for fresh keys that was found good.</summary>
/// <param name="Slaves">Who may fetch the keys: the SAE in the path, then the additional ones, each once.</param>
/// <param name="Number">How many keys.</param>
/// <param name="Size">The size of each, in bytes.</param>
internal sealed record KeyOrder(IReadOnlyList<SaeId> Slaves, int Number, int Size)
{
    /// <summary>Checks what an SAE asks for.</summary>
    /// <param name="wanted">The request.</param>
    /// <param name="pair">The SAE that asks, and the one in the path.</param>
    /// <param name="keys">Which keys may be asked for.</param>
    /// <param name="maxAdditionalSlaves">How many additional SAEs may be named; 0 for none.</param>
    /// <param name="order">What to make, when the result is true.</param>
    /// <param name="problem">The answer to give, when the result is false.</param>
    public static bool TryCreate(
        KeyRequest wanted,
        SaePair pair,
        KeyOptions keys,
        int maxAdditionalSlaves,
        [NotNullWhen(true)] out KeyOrder? order,
        [NotNullWhen(false)] out IResult? problem)
    {
        var (number, size) = (wanted.Number ?? 1, wanted.Size ?? keys.DefaultSize);
        var slaves = new List<SaeId> { pair.Other };
        problem = wanted.ExtensionMandatory is { Count: > 0 } extensions ? KeyDeliveryAnswers.UnsupportedExtensions(extensions)
            : (FindProblem(number, size, keys) ?? AddSlaves(slaves, wanted.AdditionalSlaveSaeIds, pair, keys, maxAdditionalSlaves)) is { } message
                ? KeyDeliveryAnswers.BadRequest(message)
                : null;
        order = problem is null ? new KeyOrder(slaves, number, size / 8) : null;
        return problem is null;
    }

    private static string? FindProblem(int number, int size, KeyOptions keys)
        => number < 1 || number > keys.MaxPerRequest ? $"number shall be 1 to {keys.MaxPerRequest}"
            : size % 8 != 0 ? "size shall be a multiple of 8"
            : size < keys.MinSize || size > keys.MaxSize ? $"size shall be {keys.MinSize} to {keys.MaxSize}"
            : (long)number * (size / 8) > keys.MaxBytesPerRequest ? $"number times size shall be at most {keys.MaxBytesPerRequest * 8L} bits"
            : null;

    private static string? AddSlaves(List<SaeId> slaves, IReadOnlyList<string>? additional, SaePair pair, KeyOptions keys, int most)
    {
        if (additional is null)
        {
            return null;
        }

        if (additional.Count == 0 || additional.Count > most)
        {
            return most == 0 ? "additional_slave_SAE_IDs are not supported" : $"additional_slave_SAE_IDs shall name 1 to {most} SAEs, or be left out";
        }

        foreach (var text in additional)
        {
            if (!SaeId.TryParse(text, out var slave))
            {
                return "an SAE ID in additional_slave_SAE_IDs shall have 1 to 255 printable characters";
            }

            if (slave == pair.Caller && !keys.AllowSelf)
            {
                return "additional_slave_SAE_IDs names the caller";
            }

            if (slaves.Contains(slave))
            {
                return "additional_slave_SAE_IDs names a slave SAE twice, or the one in the path";
            }

            slaves.Add(slave);
        }

        return null;
    }
}
