using Dske.Hub.Enrolment;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Topology;
using Microsoft.Extensions.Options;

namespace Dske.Hub.Hosting;

/// <summary>Checks a hub's settings when it starts, and reports all problems together, each with its configuration key.</summary>
internal sealed class HubOptionsValidator : IValidateOptions<HubOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, HubOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (!NodeName.TryParse(options.Name, out _))
        {
            problems.AddError($"Set {HubOptions.Section}:Name to the hub's name, a DNS label such as 'hank'; it is '{options.Name}'.");
        }

        for (var i = 0; i < options.Hubs.Count; i++)
        {
            if (!NodeName.TryParse(options.Hubs[i], out _))
            {
                problems.AddError($"{HubOptions.Section}:Hubs:{i} has to be a DNS label; it is '{options.Hubs[i]}'.");
            }
        }

        if (options.Hubs.Count is < NetworkTopology.MinHubs or > NetworkTopology.MaxHubs)
        {
            problems.AddError(
                $"{HubOptions.Section}:Hubs has to list all {NetworkTopology.MinHubs} to {NetworkTopology.MaxHubs} hubs of the network in order; it lists {options.Hubs.Count}.");
        }
        else if (options.Hubs.Distinct(StringComparer.Ordinal).Count() != options.Hubs.Count)
        {
            problems.AddError($"{HubOptions.Section}:Hubs lists a hub twice.");
        }
        else if (options.Name is not null && !options.Hubs.Contains(options.Name))
        {
            problems.AddError($"{HubOptions.Section}:Hubs has to contain this hub, '{options.Name}'.");
        }

        if (options.Threshold < NetworkTopology.MinThreshold || options.Threshold > options.Hubs.Count)
        {
            problems.AddError(
                $"{HubOptions.Section}:Threshold is {options.Threshold}; it has to be {NetworkTopology.MinThreshold} to the number of hubs ({options.Hubs.Count}).");
        }

        ValidateOutOfBand(options.OutOfBand, problems);
        foreach (var problem in options.Traffic.FindProblems($"{HubOptions.Section}:{nameof(HubOptions.Traffic)}"))
        {
            problems.AddError(problem);
        }

        ValidateLimits(options, problems);
        return problems.Build();
    }

    private static void ValidateOutOfBand(OutOfBandOptions options, ValidateOptionsResultBuilder problems)
    {
        const string section = $"{HubOptions.Section}:{nameof(HubOptions.OutOfBand)}";
        if (!options.TryGetMode(out var mode))
        {
            problems.AddError($"{section}:Mode has to be 'token', 'open' or 'off'; it is '{options.Mode}'.");
        }
        else if (mode == OutOfBandMode.Token && string.IsNullOrEmpty(options.KeyFile))
        {
            problems.AddError(
                $"Set {section}:KeyFile to the file with this hub's enrolment key, {EnrolmentKey.TextLength} hexadecimal digits that only its owner may read; "
                + "or let the hub do without tokens by Mode 'open' or 'off'.");
        }
        else if (mode == OutOfBandMode.Token)
        {
            if (EnrolmentKeyFile.TryRead(options.KeyFile!, out var key, out var problem))
            {
                key.Dispose();
            }
            else
            {
                problems.AddError($"{section}:KeyFile cannot be used: {problem}");
            }
        }
    }

    private static void ValidateLimits(HubOptions options, ValidateOptionsResultBuilder problems)
    {
        var limits = options.Limits;
        AtLeast(nameof(limits.MaxClients), limits.MaxClients, 1);
        AtLeast(nameof(limits.MaxBlockSize), limits.MaxBlockSize, 512);
        AtLeast(nameof(limits.MaxPoolBytes), limits.MaxPoolBytes, limits.MaxBlockSize);
        AtLeast(nameof(limits.MaxCourierBytes), limits.MaxCourierBytes, 4096);
        AtLeast(nameof(limits.MaxPendingBlocks), limits.MaxPendingBlocks, 8);
        AtLeast(nameof(limits.MaxBlocksPerPool), limits.MaxBlocksPerPool, 2);
        if (limits.MaxBlocksPerPool > SyncQuery.MaxBlocks)
        {
            problems.AddError($"{HubOptions.Section}:Limits:MaxBlocksPerPool is {limits.MaxBlocksPerPool}; it has to be at most {SyncQuery.MaxBlocks}.");
        }

        AtLeast(nameof(limits.MaxSharesPerClient), limits.MaxSharesPerClient, 1);
        AtLeast(nameof(limits.MaxShareBytesPerClient), limits.MaxShareBytesPerClient, Protocol.KeySizes.MaxBytes);
        AtLeast(nameof(limits.MaxHeldRequests), limits.MaxHeldRequests, 0);
        Within(nameof(limits.ShareTimeToLive), limits.ShareTimeToLive, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Within(nameof(limits.PendingTime), limits.PendingTime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Within(nameof(limits.RepeatWindow), limits.RepeatWindow, TimeSpan.Zero, TimeSpan.FromHours(1));
        Within(nameof(limits.LeastRepeatTime), limits.LeastRepeatTime, TimeSpan.Zero, TimeSpan.FromHours(1));
        Within(nameof(limits.SettleTime), limits.SettleTime, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Within(nameof(limits.HoldTime), limits.HoldTime, TimeSpan.Zero, TimeSpan.FromSeconds(2));

        void AtLeast(string key, long value, long least)
        {
            if (value < least)
            {
                problems.AddError($"{HubOptions.Section}:Limits:{key} is {value}; it has to be at least {least}.");
            }
        }

        void Within(string key, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                problems.AddError($"{HubOptions.Section}:Limits:{key} is {value}; it has to be {least} to {most}.");
            }
        }
    }
}
