using Dske.Encryptor.Configuration;

namespace Dske.Encryptor.Tunnels;

/// <summary>What tunnels may do at this encryptor, section <c>Dske:Encryptor:Tunnels</c>.</summary>
internal sealed class TunnelOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = EncryptorOptions.Section + ":Tunnels";

    /// <summary>
    /// Where tunnels that peers open may lead: <c>127.0.0.1:9002</c>, <c>127.0.0.1:9000-9999</c>, <c>db.example:5432</c>. Default: nowhere.
    /// </summary>
    public IList<string> Targets { get; } = [];

    /// <summary>Whether tunnels may listen on other addresses than those of this machine alone. Default: false.</summary>
    public bool ListenBeyondLoopback { get; set; }

    internal static IEnumerable<string> FindProblems(TunnelOptions options)
    {
        if (!TargetList.TryParse(options.Targets, out _, out var wrong))
        {
            yield return $"{Section}:{nameof(Targets)} holds '{wrong}': it must be such as 127.0.0.1:9002, 127.0.0.1:9000-9999 or db.example:5432.";
        }
    }
}
