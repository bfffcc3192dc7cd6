using System.CommandLine;
using Dske.Benchmarks.Crowds;
using Dske.Benchmarks.Guard;
using Dske.Benchmarks.Load;
using Dske.Benchmarks.Micro;
using Dske.Benchmarks.Tunnels;

var command = new RootCommand("Measures a DSKE network.")
{
    LoadCommand.Create(TimeProvider.System),
    MicroCommand.Create(),
    GuardCommand.Create(),
    CrowdCommand.Create(),
    TunnelCommand.Create(TimeProvider.System),
};
return await command.Parse(args).InvokeAsync();
