using Dske.Client.HubAccess;
using Dske.Protocol;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Skip;
using Dske.Protocol.Topology;
using Microsoft.Extensions.Options;

namespace Dske.Client.Hosting;

/// <summary>Checks a client's settings when it starts, and reports all problems together, each with its configuration key.</summary>
internal sealed class ClientOptionsValidator : IValidateOptions<ClientOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, ClientOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        Require(NodeName.TryParse(options.Name, out _), "Name", options.Name, "the client's name, a DNS label such as 'carol'");
        for (var i = 0; i < options.Encryptors.Count; i++)
        {
            Require(SaeId.TryParse(options.Encryptors[i], out _), $"Encryptors:{i}", options.Encryptors[i], "an SAE ID of 1 to 255 printable characters");
        }

        if (options.Encryptors.Distinct(StringComparer.Ordinal).Count() != options.Encryptors.Count)
        {
            problems.AddError($"{ClientOptions.Section}:Encryptors lists an encryptor twice.");
        }

        ValidateHubs(options);
        ValidatePsrd(options.Psrd);
        ValidateKeys(options.Keys);
        ValidateSkip(options.Skip);
        ValidateDirectory(options.Directory);
        ValidateLimits(options.Limits);
        return problems.Build();

        void ValidateHubs(ClientOptions client)
        {
            for (var i = 0; i < client.Hubs.Count; i++)
            {
                var hub = client.Hubs[i];
                Require(NodeName.TryParse(hub.Name, out _), $"Hubs:{i}:Name", hub.Name, "a hub's name, a DNS label such as 'hank'");
                Require(
                    hub.Url is null || (Uri.TryCreate(hub.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0),
                    $"Hubs:{i}:Url", hub.Url, "an http or https URL without a query");
                Require(
                    hub.TokenFile is null || hub.Url is null || !Uri.TryCreate(hub.Url, UriKind.Absolute, out var address) || address.Scheme == "https" || address.IsLoopback,
                    $"Hubs:{i}:Url", hub.Url, "an https URL, or one of this machine: the enrolment token would travel in the clear");
                Require(hub.TryGetDialect(out _), $"Hubs:{i}:Dialect", hub.Dialect, "'reference' or 'guide'");
                ValidateToken(client, i);
            }

            Require(
                client.Hubs.Count is >= NetworkTopology.MinHubs and <= NetworkTopology.MaxHubs,
                "Hubs", $"{client.Hubs.Count} hubs", $"the {NetworkTopology.MinHubs} to {NetworkTopology.MaxHubs} hubs of the network, in order");
            Require(client.Hubs.Select(hub => hub.Name).Distinct(StringComparer.Ordinal).Count() == client.Hubs.Count, "Hubs", "a name twice", "hubs with names of their own");
            Require(
                client.Threshold >= NetworkTopology.MinThreshold && client.Threshold <= client.Hubs.Count,
                "Threshold", client.Threshold, $"{NetworkTopology.MinThreshold} to the number of hubs ({client.Hubs.Count})");
        }

        void ValidateToken(ClientOptions client, int i)
        {
            if (client.Hubs[i].TokenFile is not { Length: > 0 } file)
            {
                return;
            }

            if (HubTokens.TryRead(file, client.Hubs[i], client, out var token, out var problem))
            {
                token.Dispose();
            }
            else
            {
                problems.AddError($"{ClientOptions.Section}:Hubs:{i}:TokenFile cannot be used: {problem}");
            }
        }

        void ValidatePsrd(PsrdOptions psrd)
        {
            Require(psrd.BlockSize is >= 512 and <= 16 * 1024 * 1024, "Psrd:BlockSize", psrd.BlockSize, "512 to 16777216 bytes");
            Require(psrd.RefillBelow >= 1, "Psrd:RefillBelow", psrd.RefillBelow, "at least 1 byte");
            Require(
                psrd.RefillTo >= psrd.RefillBelow && psrd.RefillTo <= 1L << 30,
                "Psrd:RefillTo", psrd.RefillTo, $"Psrd:RefillBelow ({psrd.RefillBelow}) to {1L << 30} bytes");
        }

        void ValidateKeys(KeyOptions keys)
        {
            Require(keys.MinSize % 8 == 0 && keys.MinSize >= KeySizes.MinBytes * 8, "Keys:MinSize", keys.MinSize, "a multiple of 8, at least 32 bits");
            Require(
                keys.DefaultSize % 8 == 0 && keys.DefaultSize >= keys.MinSize && keys.DefaultSize <= keys.MaxSize,
                "Keys:DefaultSize", keys.DefaultSize, $"a multiple of 8 from Keys:MinSize ({keys.MinSize}) to Keys:MaxSize ({keys.MaxSize}) bits");
            Require(keys.MaxSize % 8 == 0 && keys.MaxSize <= KeySizes.MaxBytes * 8, "Keys:MaxSize", keys.MaxSize, $"a multiple of 8, at most {KeySizes.MaxBytes * 8} bits");
            Require(keys.MaxPerRequest is >= 1 and <= 1024, "Keys:MaxPerRequest", keys.MaxPerRequest, "1 to 1024");
            Require(
                keys.MaxBytesPerRequest is >= KeySizes.MaxBytes and <= KeySizes.MaxBytesPerRequest,
                "Keys:MaxBytesPerRequest", keys.MaxBytesPerRequest, $"{KeySizes.MaxBytes} to {KeySizes.MaxBytesPerRequest} bytes");
        }

        void ValidateDirectory(IList<DirectoryOptions> directory)
        {
            for (var i = 0; i < directory.Count; i++)
            {
                Require(NodeName.TryParse(directory[i].Name, out _), $"Directory:{i}:Name", directory[i].Name, "a client's name, a DNS label such as 'conny'");
                for (var j = 0; j < directory[i].Encryptors.Count; j++)
                {
                    Require(
                        SaeId.TryParse(directory[i].Encryptors[j], out _),
                        $"Directory:{i}:Encryptors:{j}", directory[i].Encryptors[j], "an SAE ID of 1 to 255 printable characters");
                }
            }

            var owners = directory.SelectMany(entry => entry.Encryptors.Append(entry.Name), (entry, sae) => (Sae: sae, entry.Name)).Distinct();
            foreach (var shared in owners.GroupBy(owner => owner.Sae).Where(group => group.Count() > 1))
            {
                Require(false, "Directory", shared.Key, "a list in which an encryptor has one client");
            }
        }

        void ValidateSkip(SkipOptions skip)
        {
            for (var i = 0; i < skip.RemoteSystems.Count; i++)
            {
                Require(
                    SystemIdPattern.TryParse(skip.RemoteSystems[i], out _),
                    $"Skip:RemoteSystems:{i}", skip.RemoteSystems[i], "a client's name, or a pattern of names with '*', '?', '[list]' and '[!list]'");
            }

            Require(skip.FrontPort is null or (>= 1 and <= 65_535), "Skip:FrontPort", skip.FrontPort, "1 to 65535");
        }

        void ValidateLimits(Protocol.Clients.ClientLimits limits)
        {
            Within(nameof(limits.EstablishTimeout), limits.EstablishTimeout, 0.1, 60);
            Within(nameof(limits.HubTimeout), limits.HubTimeout, 0.1, 60);
            Within(nameof(limits.TimePerMebibyte), limits.TimePerMebibyte, 0, 60);
            Within(nameof(limits.MaxGrace), limits.MaxGrace, 0, 1);
            Within(nameof(limits.GatheringTime), limits.GatheringTime, 0.001, 1);
            Within(nameof(limits.TombstoneTime), limits.TombstoneTime, 1, 7 * 86_400);
            Within(nameof(limits.RebuiltKeyTime), limits.RebuiltKeyTime, 0.001, 86_400);
            Within(nameof(limits.RenewInterval), limits.RenewInterval, 0.1, 3600);
            Within(nameof(limits.MinRetryPause), limits.MinRetryPause, 0.01, 60);
            Within(nameof(limits.MaxRetryPause), limits.MaxRetryPause, limits.MinRetryPause.TotalSeconds, 600);
            Within(nameof(limits.MinRegistrationInterval), limits.MinRegistrationInterval, 0, 600);
            Require(limits.MaxLookUpsPerSecond >= 1, "Limits:MaxLookUpsPerSecond", limits.MaxLookUpsPerSecond, "at least 1");
            Require(
                limits.RebuiltKeyTime < limits.TombstoneTime,
                "Limits:RebuiltKeyTime", limits.RebuiltKeyTime, $"less than Limits:TombstoneTime ({limits.TombstoneTime}): what was delivered has to be remembered for longer");
            Require(limits.MaxRebuiltKeys >= 0, "Limits:MaxRebuiltKeys", limits.MaxRebuiltKeys, "at least 0");
            Require(limits.MessagesPerPair >= 1, "Limits:MessagesPerPair", limits.MessagesPerPair, "at least 1");
            Require(limits.MaxWaitingPerHub >= 1, "Limits:MaxWaitingPerHub", limits.MaxWaitingPerHub, "at least 1");
            Require(limits.MaxCandidatesPerKey is >= 1 and <= 12_870, "Limits:MaxCandidatesPerKey", limits.MaxCandidatesPerKey, "1 to 12870");
        }

        void Within(string key, TimeSpan value, double least, double most) => Require(
            value.TotalSeconds >= least && value.TotalSeconds <= most,
            $"Limits:{key}", value, $"{TimeSpan.FromSeconds(least)} to {TimeSpan.FromSeconds(most)}");

        void Require(bool holds, string key, object? value, string wanted)
        {
            if (!holds)
            {
                problems.AddError($"{ClientOptions.Section}:{key} has to be {wanted}; it is '{value}'.");
            }
        }
    }
}
