using System.CommandLine;
using Dske.Benchmarks.Crowds;
using Dske.Benchmarks.Guard;
using Dske.Benchmarks.Load;
using Dske.Benchmarks.Micro;

var command = new RootCommand("Measures a DSKE network.")
{
    LoadCommand.Create(TimeProvider.System),
    MicroCommand.Create(),
    GuardCommand.Create(),
    CrowdCommand.Create(),
};
return await command.Parse(args).InvokeAsync();
