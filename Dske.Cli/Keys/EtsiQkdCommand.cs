using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Dske.Cli.CommandLine;
using Dske.Cli.Network;
using Dske.Protocol.KeyDelivery;

namespace Dske.Cli.Keys;

/// <summary><c>dske etsi-qkd MASTER SLAVE VERB</c>: asks KMEs for keys as encryptors do, over ETSI GS QKD 014.</summary>
internal sealed class EtsiQkdCommand
{
    private readonly CommandContext _context;
    private readonly NetworkOptions _network = new();
    private readonly KeySizeOptions _sizes = new();
    private readonly ConnectionOptions _ofCaller = new("", "the SAE that calls; of the master where both do");
    private readonly ConnectionOptions _ofSlave;
    private readonly Argument<string> _master = new("MASTER") { Description = "The SAE that asks for fresh keys.", HelpName = "MASTER" };
    private readonly Argument<string> _slave = new("SLAVE") { Description = "The SAE that asks for the same keys by their IDs.", HelpName = "SLAVE" };
    private readonly Argument<Guid[]> _ids = new("ID") { Description = "The IDs of the keys.", Arity = ArgumentArity.OneOrMore, CustomParser = ParseIds };

    private EtsiQkdCommand(CommandContext context)
    {
        _context = context;
        _ofSlave = new ConnectionOptions("slave-", "the slave", _ofCaller.Authorities);
        var names = new NameSuggestions(context);
        foreach (var argument in new[] { _master, _slave })
        {
            argument.CompletionSources.Add(_ => names.Saes().Select(name => new CompletionItem(name)));
        }
    }

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context) => new EtsiQkdCommand(context).Create();

    private ExampledCommand Create()
    {
        var status = new ExampledCommand(
            "get-status", "What the master's KME offers for keys shared with the slave.", "dske etsi-qkd sam sofia get-status").Does(GetStatusAsync);
        var get = new ExampledCommand(
            "get-key", "Gets fresh keys for the master and writes them.", "dske etsi-qkd sam sofia get-key --size 128 --number 2")
            .WithDetails("A line for each, its ID and the key in base64; with --json, the container of the standard.")
            .Does(GetKeyAsync);
        _sizes.AddTo(get);
        var known = new ExampledCommand(
            "get-key-with-key-ids",
            "Gets for the slave the keys that the master got, and writes them.",
            "dske etsi-qkd sam sofia get-key-with-key-ids bc490419-7d60-487f-adc1-4ddcc177c139")
            .WithDetails("Each can be had once. They are written as get-key writes them.")
            .Does(GetKeyWithIdsAsync);
        known.Arguments.Add(_ids);
        var pair = new ExampledCommand(
            "get-key-pair",
            "Gets keys at both ends and compares them.",
            "dske etsi-qkd sam sofia get-key-pair")
            .WithDetails($"Fresh keys for the master, then the same ones for the slave. They are not shown. The exit code is {(int)ExitCode.Different} when they differ.")
            .Does(GetKeyPairAsync);
        _sizes.AddTo(pair);
        _ofSlave.AddTo(pair);
        var command = new ExampledCommand(
            "etsi-qkd",
            "Asks KMEs for keys as encryptors do, over ETSI GS QKD 014.",
            "dske etsi-qkd sam sofia get-key-pair",
            "dske etsi-qkd sam sofia get-key --cert sam.pem --key sam.key --ca ca.pem") { status, get, known, pair };
        command.WithDetails("The KME of each SAE is found in the topology. Where the network that runs here has TLS, the certificates are found beside it.");
        command.Arguments.Add(_master);
        command.Arguments.Add(_slave);
        foreach (var option in new[] { _network.Topology, _network.Data })
        {
            option.Recursive = true;
        }

        _network.AddTo(command);
        _ofCaller.AddTo(command);
        return command;
    }

    private static Guid[] ParseIds(ArgumentResult result)
    {
        var ids = new Guid[result.Tokens.Count];
        foreach (var (index, token) in result.Tokens.Index())
        {
            if (!Guid.TryParseExact(token.Value, "D", out ids[index]))
            {
                result.AddError($"'{token.Value}' is no ID of a key: a UUID such as bc490419-7d60-487f-adc1-4ddcc177c139.");
            }
        }

        return ids;
    }

    private async Task<ExitCode> GetStatusAsync(ParseResult parsed, CancellationToken stop)
    {
        var (master, slave) = FindEnds(parsed);
        using var caller = await CallAsync(parsed, _ofCaller, master, stop);
        KeyOutput.Write(_context, parsed, caller.Take(await caller.Client.GetStatusAsync(slave.Sae, stop)));
        return ExitCode.Success;
    }

    private async Task<ExitCode> GetKeyAsync(ParseResult parsed, CancellationToken stop)
    {
        var (master, slave) = FindEnds(parsed);
        using var caller = await CallAsync(parsed, _ofCaller, master, stop);
        using var keys = await GetFreshAsync(parsed, caller, slave, stop);
        KeyOutput.Write(_context, parsed, keys);
        return ExitCode.Success;
    }

    private async Task<ExitCode> GetKeyWithIdsAsync(ParseResult parsed, CancellationToken stop)
    {
        var (master, slave) = FindEnds(parsed);
        using var caller = await CallAsync(parsed, _ofCaller, slave, stop);
        Guid[] ids = [.. parsed.GetValue(_ids)!.Distinct()];
        using var keys = caller.Take(await caller.Client.GetKeysWithIdsAsync(master.Sae, ids, stop));
        KeyOutput.Write(_context, parsed, keys);
        return ExitCode.Success;
    }

    private async Task<ExitCode> GetKeyPairAsync(ParseResult parsed, CancellationToken stop)
    {
        var (master, slave) = FindEnds(parsed);
        using var atMaster = await CallAsync(parsed, _ofCaller, master, stop);
        using var atSlave = await CallAsync(parsed, _ofSlave, slave, stop);
        using var made = await GetFreshAsync(parsed, atMaster, slave, stop);
        Guid[] ids = [.. made.Keys.Select(key => key.KeyId)];
        using var fetched = atSlave.Take(await atSlave.Client.GetKeysWithIdsAsync(master.Sae, ids, stop));

        // In the order of the IDs that were asked for.
        var comparison = new KeyPair(master.Sae.Value, slave.Sae.Value,
        [
            .. made.Keys.Zip(fetched.Keys, (one, other) => new ComparedKey(one.KeyId, one.SizeBits, one.Key.FixedTimeEquals(other.Key))),
        ]);
        KeyOutput.Write(_context, parsed, comparison);
        return comparison.Equal ? ExitCode.Success : ExitCode.Different;
    }

    private async Task<KeyContainer> GetFreshAsync(ParseResult parsed, KeyCaller caller, Kme slave, CancellationToken stop) =>
        caller.Take(await caller.Client.GetKeysAsync(slave.Sae, parsed.GetValue(_sizes.Number), parsed.GetValue(_sizes.Size), stop));

    private (Kme Master, Kme Slave) FindEnds(ParseResult parsed)
    {
        var topology = _network.Find(parsed, _context).LoadTopology();
        return (Kme.Find(topology, Get(parsed, _master)), Kme.Find(topology, Get(parsed, _slave)));
    }

    // A verb is parsed without the arguments of the command above it being asked for.
    private static string Get(ParseResult parsed, Argument<string> argument) =>
        parsed.GetResult(argument) is { Tokens.Count: > 0 } && parsed.GetValue(argument) is { } text ? text
        : throw new CommandFailure(ExitCode.BadInput, "Name both SAEs before the verb: dske etsi-qkd MASTER SLAVE VERB.");

    private async Task<KeyCaller> CallAsync(ParseResult parsed, ConnectionOptions options, Kme kme, CancellationToken stop)
    {
        var scheme = await NetworkScheme.FindAsync(_network.Find(parsed, _context), stop);
        var certificates = options.Find(
            parsed, _context, scheme, directory => kme.Encryptor is { } encryptor ? directory.OfSae(encryptor.Value) : null);
        return new KeyCaller(kme, certificates, _context.Time);
    }
}
